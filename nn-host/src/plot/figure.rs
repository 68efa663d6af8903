//! A figure: a finished drawing, as SVG or PNG.

use std::path::Path;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::prelude::SVGBackend;
use plotters::style::WHITE;

use super::{DrawError, FigureFormat, SaveError, raster};
use crate::model::write_whole;

/// Where is drawn: a rectangle in units of [`FINE`].
pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Units of a pixel. The backend has whole numbers only, and a curve on whole pixels has steps.
pub(super) const FINE: i32 = 10;

/// Pixels in units of a drawing.
#[expect(clippy::cast_possible_truncation, reason = "saturates, and no figure is that large")]
pub(super) fn units(pixels: f64) -> i32 {
    (pixels * f64::from(FINE)).round() as i32
}

/// A finished drawing. The same data give the same bytes.
///
/// Text stays text: an SVG shows it in the reader's sans-serif font, a PNG in an embedded one that has the letters of
/// Latin, Greek and Cyrillic scripts.
///
/// ```
/// use nn_host::metric::ConfusionMatrix;
/// use nn_host::plot;
///
/// let mut matrix = ConfusionMatrix::new(2);
/// matrix.add(1, 0);
/// let figure = plot::confusion_matrix(&matrix, &["cat", "dog"])?;
/// assert!(figure.svg().starts_with("<svg ") && figure.svg().contains("dog"));
/// assert!(figure.png()?.starts_with(b"\x89PNG"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    svg: String,
}

impl Figure {
    /// A white figure of this size in pixels, with what `draw` draws.
    pub(super) fn draw(
        (width, height): (f64, f64),
        draw: impl FnOnce(&Area<'_>) -> Result<(), DrawError>,
    ) -> Result<Self, DrawError> {
        let mut svg = String::new();
        let size = (units(width).unsigned_abs(), units(height).unsigned_abs());
        {
            let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
            area.fill(&WHITE)?;
            draw(&area)?;
            area.present()?;
        }
        // The view box has the fine units, the figure is as wide as its pixels.
        let fine = format!("<svg width=\"{}\" height=\"{}\"", size.0, size.1);
        let svg = svg.replacen(&fine, &format!("<svg width=\"{width:.0}\" height=\"{height:.0}\""), 1);
        Ok(Self { svg })
    }

    /// The drawing as SVG.
    #[must_use]
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// The drawing as PNG, two pixels for each of the SVG's.
    ///
    /// # Errors
    /// [`SaveError::Raster`] if the figure is too large for a picture of pixels.
    pub fn png(&self) -> Result<Vec<u8>, SaveError> {
        raster::png(&self.svg)
    }

    /// Writes the figure whole or not at all, as its suffix says: `.svg` or `.png`.
    ///
    /// # Errors
    /// [`SaveError`] for another suffix, and if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), SaveError> {
        let path = path.as_ref();
        match FigureFormat::of(path)? {
            FigureFormat::Svg => write_whole(path, self.svg.as_bytes())?,
            FigureFormat::Png => write_whole(path, &self.png()?)?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Figure;

    #[test]
    fn is_as_wide_as_its_pixels_and_ten_times_as_fine() {
        let figure = Figure::draw((20.0, 30.0), |_| Ok(())).unwrap();
        assert!(
            figure.svg().starts_with("<svg width=\"20\" height=\"30\" viewBox=\"0 0 200 300\""),
            "{}",
            figure.svg()
        );
    }

    #[test]
    fn is_written_as_its_suffix_says() {
        let figure = Figure::draw((20.0, 30.0), |_| Ok(())).unwrap();
        let folder = tempfile::tempdir().unwrap();
        for (name, start) in [("a.svg", &b"<svg "[..]), ("a.PNG", b"\x89PNG")] {
            figure.save(folder.path().join(name)).unwrap();
            assert!(std::fs::read(folder.path().join(name)).unwrap().starts_with(start), "{name}");
        }
        let error = figure.save(folder.path().join("a.jpg")).unwrap_err();
        assert!(error.to_string().ends_with("a.jpg: a plot is written as .svg or .png"), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
