//! SVG to PNG, with an embedded font, so that pictures are the same on machines with other fonts or none.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::SaveError;

/// DejaVu Sans, reduced to Latin, Greek and Cyrillic letters and some signs.
const FONT: &[u8] = include_bytes!("../../data/font/DejaVuSans.ttf");

/// The name by which the font knows itself.
const FAMILY: &str = "DejaVu Sans";

/// Pixels of the picture for each of the drawing.
const SCALE: f32 = 2.0;

/// The picture of a drawing.
pub(super) fn png(svg: &str) -> Result<Vec<u8>, SaveError> {
    let failed = |error: &dyn core::fmt::Display| SaveError::Raster(error.to_string());
    let mut options = Options::default();
    options.fontdb_mut().load_font_data(FONT.to_vec());
    options.fontdb_mut().set_sans_serif_family(FAMILY);
    let tree = Tree::from_str(svg, &options).map_err(|error| failed(&error))?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or_else(|| failed(&"it has no size"))?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or_else(|| failed(&"it is too large"))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::{FAMILY, FONT, png};

    fn text(family: &str, text: &str) -> Vec<u8> {
        png(&format!(
            "<svg width=\"90\" height=\"20\" xmlns=\"http://www.w3.org/2000/svg\">\
             <text y=\"15\" font-family=\"{family}\">{text}</text></svg>"
        ))
        .unwrap()
    }

    #[test]
    fn draws_text_without_fonts_of_the_system() {
        let empty = text("sans-serif", "");
        assert_ne!(text("sans-serif", "loss"), empty);
        assert_ne!(text("sans-serif", "Größe ≥ π"), empty);
        assert_eq!(text("sans-serif", "loss"), text(FAMILY, "loss"));
    }

    #[test]
    fn what_is_no_drawing_is_refused() {
        let error = png("<svg").unwrap_err().to_string();
        assert!(error.starts_with("cannot turn the figure into pixels: "), "{error}");
    }

    #[test]
    fn the_font_is_small() {
        assert!(FONT.len() < 100_000);
    }
}
