//! Rectangles: filled, outlined, and the scale that says what colors mean. All in pixels.

use plotters::element::{PathElement, Rectangle};
use plotters::style::{Color, RGBColor};

use super::DrawError;
use super::figure::{Area, units};

/// Width of a scale of colors.
pub(super) const SCALE_WIDTH: f64 = 14.0;

/// Colors of a scale.
const STEPS: u32 = 64;

/// Fills a rectangle, given by its upper left corner, width and height.
pub(super) fn fill(
    area: &Area<'_>,
    (x, y): (f64, f64),
    (width, height): (f64, f64),
    color: RGBColor,
) -> Result<(), DrawError> {
    let corners = [(units(x), units(y)), (units(x + width), units(y + height))];
    Ok(area.draw(&Rectangle::new(corners, color.filled()))?)
}

/// Draws a line around a rectangle.
pub(super) fn outline(
    area: &Area<'_>,
    (x, y): (f64, f64),
    (width, height): (f64, f64),
    color: RGBColor,
) -> Result<(), DrawError> {
    let (left, top, right, bottom) = (units(x), units(y), units(x + width), units(y + height));
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    // The backend has no width for the lines of its rectangles.
    Ok(area.draw(&PathElement::new(corners, color.stroke_width(units(0.7).unsigned_abs())))?)
}

/// Draws a column of all colors, that of 0 at the bottom and that of 1 at the top.
pub(super) fn color_scale(
    area: &Area<'_>,
    (x, y): (f64, f64),
    height: f64,
    color: impl Fn(f64) -> RGBColor,
) -> Result<(), DrawError> {
    for index in 0..STEPS {
        let share = f64::from(index) / f64::from(STEPS);
        let middle = share + 0.5 / f64::from(STEPS);
        // Down to the end, because edges that only touch let the background through.
        fill(area, (x, y + share * height), (SCALE_WIDTH, (1.0 - share) * height), color(1.0 - middle))?;
    }
    outline(area, (x, y), (SCALE_WIDTH, height), super::palette::GRAY)
}
