//! How importing and exporting fail.

use nn_host::exchange::tflite::TfliteExportError;
use nn_host::exchange::{ExportError, ImportError};

use super::{Failure, code};

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Format(_) | ImportError::Labels { .. } => Self::new(code::USAGE, error),
            _ => Self::new(code::BAD_FILE, error),
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::File(error) => error.into(),
            ExportError::Tflite(TfliteExportError::TooLarge { .. }) => Self::new(code::FAILURE, error),
            _ => Self::new(code::USAGE, error),
        }
    }
}
