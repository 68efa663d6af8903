//! Models in the files of others: read as a model of this project, and written for their programs.
//!
//! ```
//! use nn_host::exchange::{ExportOptions, ImportOptions, export, import};
//! use nn_host::prelude::*;
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("model.tflite");
//! let model = Sequential::new(4).dense(8, Relu).dense(3, Softmax).compile(CategoricalCrossentropy, Adam::default(), [])?;
//! export(&model, &path, &ExportOptions::default())?;
//! let imported = import(&path, &ImportOptions::default())?;
//! assert_eq!((imported.inputs(), imported.labels().len()), (4, 3));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod format;
mod options;
pub mod tflite;
mod trained_for;

pub use error::{ExportError, ImportError};
pub use format::{Format, FormatError};
pub use options::{ExportOptions, ImportOptions};

use std::fs;
use std::path::Path;

use crate::model::{Model, write_whole};

/// Reads a model from a file of others, whose suffix says which format it has.
///
/// # Errors
/// [`ImportError`] names what stops it, where that is, and what is supported instead.
pub fn import(path: impl AsRef<Path>, options: &ImportOptions) -> Result<Model, ImportError> {
    let path = path.as_ref();
    let format = Format::of(path)?;
    let in_file = |source| ImportError::Read { path: path.to_owned(), source };
    let bytes = fs::read(path).map_err(in_file)?;
    import_bytes(&bytes, format, options).map_err(|error| error.in_file(path))
}

/// The model of the bytes of such a file.
///
/// # Errors
/// [`ImportError`] names what stops it, where that is, and what is supported instead.
pub fn import_bytes(bytes: &[u8], format: Format, options: &ImportOptions) -> Result<Model, ImportError> {
    match format {
        Format::Tflite => Ok(tflite::import(bytes, options)?),
    }
}

/// Writes a model to a file of others, whose suffix says which format it gets.
///
/// # Errors
/// [`ExportError`] names what cannot be said in the format, or why the file cannot be written.
pub fn export(model: &Model, path: impl AsRef<Path>, options: &ExportOptions) -> Result<(), ExportError> {
    let path = path.as_ref();
    let bytes = match Format::of(path)? {
        Format::Tflite => tflite::export(model, options)?,
    };
    Ok(write_whole(path, &bytes)?)
}
