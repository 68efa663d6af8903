//! The formats of a figure's file, by suffix.

use std::path::Path;

use super::SaveError;

/// How a figure is written.
///
/// ```
/// use nn_host::plot::FigureFormat;
/// assert_eq!(FigureFormat::of("a/history.svg".as_ref())?, FigureFormat::Svg);
/// assert!(FigureFormat::of("history.pdf".as_ref()).is_err());
/// # Ok::<(), nn_host::plot::SaveError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureFormat {
    /// Lines and text, of any size.
    Svg,
    /// Pixels.
    Png,
}

impl FigureFormat {
    /// The format that a path's suffix names.
    ///
    /// # Errors
    /// [`SaveError::Suffix`] for every suffix but `.svg` and `.png`.
    pub fn of(path: &Path) -> Result<Self, SaveError> {
        let suffix = path.extension().map(|suffix| suffix.to_string_lossy().to_ascii_lowercase());
        match suffix.as_deref() {
            Some("svg") => Ok(Self::Svg),
            Some("png") => Ok(Self::Png),
            _ => Err(SaveError::Suffix { path: path.to_owned() }),
        }
    }
}
