//! Which formats there are, by the suffixes of files.

use std::path::{Path, PathBuf};

/// A format of others.
///
/// ```
/// use nn_host::exchange::Format;
/// assert_eq!(Format::of("a/model.tflite".as_ref()), Ok(Format::Tflite));
/// let error = Format::of("model.h6".as_ref()).unwrap_err();
/// assert_eq!(error.to_string(), "model.h6: the suffix says the format, there is .tflite");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// TensorFlow Lite, TensorFlow Lite Micro and LiteRT.
    Tflite,
}

impl Format {
    /// All formats.
    pub const ALL: &'static [Self] = &[Self::Tflite];

    /// The suffix of such files, without a dot.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Tflite => "tflite",
        }
    }

    /// The format of a file by its suffix.
    ///
    /// # Errors
    /// [`FormatError`] if it is none of them.
    pub fn of(path: &Path) -> Result<Self, FormatError> {
        let suffix = path.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default();
        let found = Self::ALL.iter().copied().find(|format| suffix.eq_ignore_ascii_case(format.suffix()));
        found.ok_or_else(|| FormatError { path: path.to_owned() })
    }
}

/// A file whose suffix says no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: the suffix says the format, there is {}", path.display(), suffixes())]
pub struct FormatError {
    /// Which file.
    pub path: PathBuf,
}

fn suffixes() -> String {
    let suffixes: Vec<String> = Format::ALL.iter().map(|format| format!(".{}", format.suffix())).collect();
    suffixes.join(", ")
}
