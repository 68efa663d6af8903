//! Plot of the weights of a layer as images: a tile a unit, red above zero and blue below.

use nalgebra::DMatrix;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::figure::{Area, Figure};
use super::rectangle::{SCALE_WIDTH, color_scale, fill, outline};
use super::{DrawError, palette, text};

/// The width that tiles have together, in pixels.
const WIDTH: f64 = 600.0;

/// The longer side of a tile, in pixels.
const TILE: f64 = 84.0;

/// The most pixels of a weight's side.
const MOST_PIXEL: f64 = 12.0;

/// Above a tile, for the unit's number.
const HEAD: f64 = 15.0;
const GAP: f64 = 10.0;
const TOP: f64 = 40.0;
const SCALE_ROOM: f64 = 92.0;

/// Shades from zero to the largest weight; neighbors of one shade are one rectangle.
const SHADES: f64 = 48.0;

/// The share of weights that have their own color; the rest, which is larger, has the darkest.
const SHOWN: f64 = 0.995;

/// How weights are drawn.
///
/// ```
/// let options = nn_host::plot::TileOptions { shape: Some((28, 28)), ..Default::default() };
/// assert_eq!(options.most, 25);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileOptions {
    /// Rows and columns of an image; [`image_shape`] of the inputs if not given.
    pub shape: Option<(usize, usize)>,
    /// The most units, from the first one.
    pub most: usize,
}

impl Default for TileOptions {
    fn default() -> Self {
        Self { shape: None, most: 25 }
    }
}

/// The shape that inputs most likely have as an image: the one nearest to a square, rows first; a row if none is within
/// 1:4.
///
/// ```
/// use nn_host::plot::image_shape;
/// assert_eq!([784, 12, 13].map(image_shape), [(28, 28), (3, 4), (1, 13)]);
/// ```
#[must_use]
pub fn image_shape(inputs: usize) -> (usize, usize) {
    let rows = (1..=inputs.isqrt()).rev().find(|rows| inputs.is_multiple_of(*rows)).unwrap_or(1);
    let columns = inputs / rows;
    if columns <= 4 * rows { (rows, columns) } else { (1, inputs) }
}

/// Draws the weights of a dense layer as images: a tile a unit, white at zero, red above, blue below, with the same
/// colors for the same numbers in every tile. The largest half percent of the weights share the darkest color.
///
/// # Shapes
/// - `kernel`: OUT×IN
///
/// # Errors
/// [`DrawError::Empty`] if there is no weight, or none is finite; [`DrawError::Shape`] if the shape does not have as many
/// pixels as a unit has weights.
///
/// ```
/// use nalgebra::DMatrix;
/// use nn_host::plot::{self, TileOptions};
///
/// let kernel = DMatrix::from_fn(3, 16, |unit, input| if unit == input { 1.0 } else { -0.1 });
/// let figure = plot::weights(&kernel, TileOptions::default())?;
/// assert!(figure.svg().contains("weights of 3 units"));
/// # Ok::<(), plot::DrawError>(())
/// ```
pub fn weights(kernel: &DMatrix<f32>, options: TileOptions) -> Result<Figure, DrawError> {
    let (units, inputs) = kernel.shape();
    let (rows, columns) = options.shape.unwrap_or_else(|| image_shape(inputs));
    if rows.checked_mul(columns) != Some(inputs) {
        return Err(DrawError::Shape { rows, columns, weights: inputs });
    }
    let shown = units.min(options.most);
    let limit = limit(kernel, shown).ok_or(DrawError::Empty { what: "no weight is finite" })?;
    let tiles = Tiles::new((rows, columns), shown);
    let count = if shown < units { format!("{shown} of {units}") } else { units.to_string() };
    let title = format!("weights of {count} units");
    Figure::draw(tiles.size(&title), |area| {
        let style = text::style(text::TITLE_SIZE, palette::INK).pos(Pos::new(HPos::Left, VPos::Center));
        text::draw_styled(area, &title, (GAP, 20.0), &style)?;
        for (unit, corner) in (0..shown).zip(tiles.corners()) {
            let values: Vec<f64> = kernel.row(unit).iter().map(|&weight| f64::from(weight) / limit).collect();
            tiles.draw(area, unit, &values, corner)?;
        }
        draw_scale(area, tiles.right() + GAP, limit)
    })
}

/// The magnitude that almost all weights of the first units are within.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place among weights, whose exact number does not matter"
)]
fn limit(kernel: &DMatrix<f32>, units: usize) -> Option<f64> {
    let weights = kernel.rows(0, units);
    let mut sizes: Vec<f32> = weights.iter().map(|weight| weight.abs()).filter(|size| size.is_finite()).collect();
    sizes.sort_by(f32::total_cmp);
    let last = sizes.len().checked_sub(1)?;
    let size = *sizes.get((last as f64 * SHOWN).ceil() as usize)?;
    Some(if size > 0.0 { size.into() } else { 1.0 })
}

/// Where tiles lie, in pixels.
struct Tiles {
    rows: usize,
    columns: usize,
    count: usize,
    /// The side of a weight.
    pixel: f64,
    /// Tiles beside each other.
    across: usize,
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of what can be seen"
)]
impl Tiles {
    fn new((rows, columns): (usize, usize), count: usize) -> Self {
        let longer = rows.max(columns) as f64;
        // A long row is as wide as the figure, not as a tile.
        let room = if rows == 1 { WIDTH } else { TILE };
        let pixel = (room / longer).min(MOST_PIXEL);
        let tiles = Self { rows, columns, count, pixel, across: 1 };
        let most = (WIDTH / tiles.pitch().0).floor().max(1.0) as usize;
        // Many small tiles are a square, few ones have rows of one length.
        let is_large = rows > 1 && count > most * most;
        let across =
            if is_large { (count as f64).sqrt().ceil() as usize } else { count.div_ceil(count.div_ceil(most).max(1)) };
        Self { across: across.max(1), ..tiles }
    }

    /// The distance from tile to tile.
    fn pitch(&self) -> (f64, f64) {
        let name = text::width("999", text::SIZE);
        let (width, height) = (self.pixel * self.columns as f64, self.pixel * self.rows as f64);
        (width.max(name) + GAP, height + HEAD + GAP)
    }

    fn right(&self) -> f64 {
        GAP + self.across as f64 * self.pitch().0
    }

    fn size(&self, title: &str) -> (f64, f64) {
        let down = self.count.div_ceil(self.across) as f64 * self.pitch().1;
        let title = text::width(title, text::TITLE_SIZE) + 2.0 * GAP;
        ((self.right() + SCALE_ROOM).max(title), TOP + down.max(150.0))
    }

    /// The upper left corner of each image.
    fn corners(&self) -> impl Iterator<Item = (f64, f64)> {
        let (right, down) = self.pitch();
        (0..self.count).map(move |tile| {
            let (row, column) = ((tile / self.across) as f64, (tile % self.across) as f64);
            (GAP + column * right, TOP + HEAD + row * down)
        })
    }

    fn draw(&self, area: &Area<'_>, unit: usize, values: &[f64], (left, top): (f64, f64)) -> Result<(), DrawError> {
        let style = text::style(text::SIZE - 2.0, palette::INK).pos(Pos::new(HPos::Left, VPos::Center));
        text::draw_styled(area, &unit.to_string(), (left, top - 7.0), &style)?;
        for (row, values) in values.chunks_exact(self.columns).enumerate() {
            let (y, mut column) = (top + row as f64 * self.pixel, 0);
            for run in values.chunk_by(|&a, &b| shade(a) == shade(b)) {
                let (from, to) = (left + column as f64 * self.pixel, left + (column + run.len()) as f64 * self.pixel);
                column += run.len();
                let color = run.first().and_then(|&value| shade(value));
                // What is not finite is gray, which no weight has.
                let color = color.map_or(palette::GRAY, |shade| palette::diverging(f64::from(shade) / SHADES));
                fill(area, (from, y), (to - from, self.pixel), color)?;
            }
        }
        let size = (self.columns as f64 * self.pixel, self.rows as f64 * self.pixel);
        outline(area, (left, top), size, palette::GRAY)
    }
}

/// The shade of a weight divided by the limit; none if it is not finite.
#[expect(clippy::cast_possible_truncation, reason = "clamped before")]
fn shade(value: f64) -> Option<i8> {
    value.is_finite().then(|| (value.clamp(-1.0, 1.0) * SHADES).round() as i8)
}

/// What the colors mean.
fn draw_scale(area: &Area<'_>, left: f64, limit: f64) -> Result<(), DrawError> {
    let (top, height) = (TOP + HEAD, 120.0);
    color_scale(area, (left, top), height, |place| palette::diverging(2.0 * place - 1.0))?;
    for (value, y) in [(limit, top + 5.0), (0.0, top + height / 2.0), (-limit, top + height - 5.0)] {
        text::draw(area, &three_digits(value), (left + SCALE_WIDTH + 6.0, y), HPos::Left)?;
    }
    Ok(())
}

/// A number with about three digits and its sign.
fn three_digits(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if (0.01..100.0).contains(&size) => format!("{value:+.2}"),
        _ => format!("{value:+.1e}"),
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;

    use super::{TileOptions, image_shape, limit, three_digits, weights};
    use crate::plot::DrawError;
    use crate::plot::tests::{parsed, texts};

    /// Outlines: a tile each, and the scale of colors.
    fn outlines(svg: &str) -> usize {
        parsed(svg).descendants().filter(|node| node.has_tag_name("polyline")).count()
    }

    #[test]
    fn has_a_tile_a_unit_up_to_the_most() {
        let kernel = DMatrix::from_fn(40, 6, |unit, input| (unit as f32 - 20.0) * (input as f32 - 3.0));
        for (most, title) in [(7, "weights of 7 of 40 units"), (100, "weights of 40 units")] {
            let figure = weights(&kernel, TileOptions { most, ..TileOptions::default() }).unwrap();
            assert_eq!(outlines(figure.svg()), most.min(40) + 1);
            assert!(texts(figure.svg()).contains(&title.to_owned()), "{:?}", texts(figure.svg()));
        }
    }

    #[test]
    fn zero_is_white_and_signs_have_colors() {
        let kernel = DMatrix::from_row_slice(1, 3, &[-2.0, 0.0, 2.0]);
        let svg = weights(&kernel, TileOptions::default()).unwrap();
        let document = parsed(svg.svg());
        let fills =
            document.descendants().filter(|node| node.has_tag_name("rect")).filter_map(|node| node.attribute("fill"));
        // The first is the background.
        assert_eq!(fills.skip(1).take(3).collect::<Vec<_>>(), ["#0E408A", "#FFFFFF", "#96181C"]);
    }

    #[test]
    fn a_few_large_weights_do_not_make_the_rest_pale() {
        let mut kernel = DMatrix::from_element(1, 1000, 0.5);
        kernel[(0, 3)] = 1e6;
        assert_eq!(limit(&kernel, 1), Some(0.5));
    }

    #[test]
    fn a_shape_that_does_not_fit_is_refused() {
        let kernel = DMatrix::from_element(2, 6, 1.0);
        let options = |shape| TileOptions { shape: Some(shape), ..TileOptions::default() };
        let error = weights(&kernel, options((2, 4))).unwrap_err();
        assert_eq!(error.to_string(), "a shape of 2x4 holds 8 weights, a unit has 6");
        assert!(weights(&kernel, options((2, 3))).is_ok());
        assert!(weights(&kernel, options((usize::MAX, 2))).is_err());
    }

    #[test]
    fn no_weight_is_refused() {
        let expected = Err(DrawError::Empty { what: "no weight is finite" });
        for kernel in [DMatrix::zeros(0, 4), DMatrix::zeros(4, 0), DMatrix::from_element(2, 2, f32::NAN)] {
            assert_eq!(weights(&kernel, TileOptions::default()), expected);
        }
        let none = TileOptions { most: 0, ..TileOptions::default() };
        assert_eq!(weights(&DMatrix::zeros(2, 2), none), expected);
        assert!(weights(&DMatrix::zeros(2, 2), TileOptions::default()).is_ok());
    }

    #[test]
    fn shapes_are_near_a_square() {
        assert_eq!(
            [0, 1, 4, 64, 768, 17, 22].map(image_shape),
            [(1, 0), (1, 1), (2, 2), (8, 8), (24, 32), (1, 17), (1, 22)]
        );
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([0.0, 0.314_159, -12.3, 1e-5].map(three_digits), ["0", "+0.31", "-12.30", "+1.0e-5"]);
    }
}
