//! Colors that color-blind people tell apart too.

use plotters::style::RGBColor;

/// Text and axes.
pub(super) const INK: RGBColor = RGBColor(38, 38, 38);

/// What is there to compare with.
pub(super) const GRAY: RGBColor = RGBColor(128, 128, 128);

/// Lines of a grid.
pub(super) const GRID: RGBColor = RGBColor(226, 226, 226);

/// Lines one after the other, by Okabe and Ito (2008), without yellow, which is too light for a line on white.
const LINES: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    INK,
];

/// Lengths of dash and gap in pixels, for lines that must share a color.
const DASHES: [Option<(f64, f64)>; 3] = [None, Some((7.0, 3.0)), Some((2.0, 2.0))];

/// Less to more.
const SEQUENTIAL: [RGBColor; 4] =
    [RGBColor(255, 255, 255), RGBColor(176, 210, 236), RGBColor(56, 128, 192), RGBColor(8, 46, 104)];

/// Negative, zero, positive.
const DIVERGING: [RGBColor; 5] = [
    RGBColor(14, 64, 138),
    RGBColor(110, 166, 214),
    RGBColor(255, 255, 255),
    RGBColor(236, 142, 96),
    RGBColor(150, 24, 28),
];

/// The color and the dash of a line.
pub(super) fn line(index: usize) -> (RGBColor, Option<(f64, f64)>) {
    let color = LINES.get(index % LINES.len()).copied().unwrap_or(INK);
    (color, DASHES.get(index / LINES.len() % DASHES.len()).copied().flatten())
}

/// The color of a share from 0 to 1.
pub(super) fn sequential(share: f64) -> RGBColor {
    between(&SEQUENTIAL, share)
}

/// The color of a value from −1 to 1, white at 0.
pub(super) fn diverging(value: f64) -> RGBColor {
    between(&DIVERGING, f64::midpoint(value, 1.0))
}

/// Whether text on this color must be light.
pub(super) fn is_dark(color: RGBColor) -> bool {
    let RGBColor(red, green, blue) = color;
    // Weights of the luma of BT.601, in thousandths.
    299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue) < 140_000
}

/// The color at a place from 0 to 1 along a row of colors.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place among a few colors, and a mean of two bytes"
)]
fn between(colors: &[RGBColor], place: f64) -> RGBColor {
    let place = if place.is_nan() { 0.0 } else { place.clamp(0.0, 1.0) * (colors.len() - 1) as f64 };
    let index = place as usize;
    let color = |index: usize| colors.get(index).or(colors.last()).copied().unwrap_or(INK);
    let (from, to) = (color(index), color(index + 1));
    let mix = |from: u8, to: u8| (f64::from(from) + place.fract() * (f64::from(to) - f64::from(from))).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use plotters::style::RGBColor;

    use super::{DIVERGING, SEQUENTIAL, diverging, is_dark, line, sequential};

    #[test]
    fn zero_is_white_and_the_ends_are_dark() {
        assert_eq!(diverging(0.0), RGBColor(255, 255, 255));
        assert_eq!((diverging(-2.0), diverging(1.0)), (DIVERGING[0], DIVERGING[4]));
        assert_eq!((sequential(0.0), sequential(1.0)), (SEQUENTIAL[0], SEQUENTIAL[3]));
        assert!(is_dark(sequential(1.0)) && !is_dark(sequential(0.0)));
    }

    #[test]
    fn a_number_that_is_none_has_the_first_color() {
        assert_eq!(sequential(f64::NAN), SEQUENTIAL[0]);
    }

    #[test]
    fn twenty_one_lines_differ() {
        let lines: HashSet<String> = (0..21).map(|index| format!("{:?}", line(index))).collect();
        assert_eq!(lines.len(), 21);
    }
}
