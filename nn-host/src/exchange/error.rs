//! Why a model cannot be taken from a file of others, or written to one.

use std::io;
use std::path::{Path, PathBuf};

use nn_core::format::FormatError;

use super::tflite::{TfliteError, TfliteExportError};
use crate::model::FileError;

/// Why a model cannot be imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The suffix says no format.
    #[error(transparent)]
    Format(#[from] super::FormatError),
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What a file holds is no model that can be imported.
    #[error("{}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: Box<Self>,
    },
    /// A `.tflite` file that cannot be imported.
    #[error(transparent)]
    Tflite(TfliteError),
    /// Names for another number of classes.
    #[error("{found} labels are given, the model has {expected} outputs")]
    Labels {
        /// Outputs of the model.
        expected: u32,
        /// Labels given.
        found: u32,
    },
}

impl From<TfliteError> for ImportError {
    /// Labels are the caller's, not the file's.
    fn from(error: TfliteError) -> Self {
        match error {
            TfliteError::Model(FormatError::Labels { expected, found }) => Self::Labels { expected, found },
            error => Self::Tflite(error),
        }
    }
}

impl ImportError {
    /// The error with the file that it is in.
    pub(super) fn in_file(self, path: &Path) -> Self {
        match self {
            error @ Self::Labels { .. } => error,
            error => Self::File { path: path.to_owned(), source: Box::new(error) },
        }
    }
}

/// Why a model cannot be exported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The suffix says no format.
    #[error(transparent)]
    Format(#[from] super::FormatError),
    /// A model that a `.tflite` file cannot hold.
    #[error(transparent)]
    Tflite(#[from] TfliteExportError),
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
}
