//! Text in figures: style, size, and labels that fit.

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontTransform, IntoFont, RGBColor, TextStyle};

use super::figure::{Area, units};
use super::{DrawError, palette};

/// Height of ordinary text, in pixels.
pub(super) const SIZE: f64 = 12.0;

/// Height of a figure's title, in pixels.
pub(super) const TITLE_SIZE: f64 = 15.0;

/// The most letters of a name beside a matrix.
pub(super) const MOST_LETTERS: usize = 18;

/// The most letters of a name in a legend or along an axis.
pub(super) const MOST_LETTERS_OF_LEGEND: usize = 28;

/// The backend divides sizes by this.
const BACKEND_SCALE: f64 = 1.24;

/// Text of this height in pixels.
pub(super) fn style(size: f64, color: RGBColor) -> TextStyle<'static> {
    let font = ("sans-serif", f64::from(units(size)) * BACKEND_SCALE).into_font();
    TextStyle { color: color.to_backend_color(), ..TextStyle::from(font) }
}

/// Text whose middle of the left, center or right is at a point in pixels.
pub(super) fn draw(area: &Area<'_>, text: &str, at: (f64, f64), anchor: HPos) -> Result<(), DrawError> {
    draw_styled(area, text, at, &style(SIZE, palette::INK).pos(Pos::new(anchor, VPos::Center)))
}

/// Text with a style of its own.
pub(super) fn draw_styled(
    area: &Area<'_>,
    text: &str,
    (x, y): (f64, f64),
    style: &TextStyle<'_>,
) -> Result<(), DrawError> {
    Ok(area.draw_text(&printable(text), style, (units(x), units(y)))?)
}

/// Text that runs upwards and ends, or has its middle, at a point.
pub(super) fn draw_upwards(area: &Area<'_>, text: &str, at: (f64, f64), anchor: HPos) -> Result<(), DrawError> {
    let style = style(SIZE, palette::INK).pos(Pos::new(anchor, VPos::Center)).transform(FontTransform::Rotate270);
    draw_styled(area, text, at, &style)
}

/// The width that text takes at most in common fonts, in pixels.
#[expect(clippy::cast_precision_loss, reason = "a label is short")]
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.62
}

/// A label of at most so many letters; what is cut off shows as an ellipsis.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// Text without characters that XML forbids.
fn printable(text: &str) -> String {
    let is_forbidden = |letter: char| letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|letter| if is_forbidden(letter) { '\u{fffd}' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::{printable, shortened};

    #[test]
    fn long_labels_end_with_an_ellipsis() {
        assert_eq!(["", "straße", "straßen"].map(|text| shortened(text, 6)), ["", "straße", "straß…"]);
    }

    #[test]
    fn what_xml_forbids_is_replaced() {
        assert_eq!(printable("a\0b\u{1b}\n<&"), "a\u{fffd}b\u{fffd}\u{fffd}<&");
    }
}
