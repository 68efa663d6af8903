//! Writes a line an epoch to a file of comma-separated values.

use core::error::Error as _;
use core::ops::ControlFlow;
use std::path::PathBuf;

use super::{Callback, EpochEnd};
use crate::model::write_whole;

/// Writes a line an epoch: its number from 0, the training's values, the validation's, the learning rate; Keras'
/// `CSVLogger`. After each epoch the file is whole, and a training that is taken up again writes what it would have
/// written.
///
/// ```
/// use nn_host::callback::CsvLogger;
/// let logger = CsvLogger::new("history.csv");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CsvLogger {
    path: PathBuf,
    failure: Option<String>,
}

impl CsvLogger {
    /// Writes to this file, instead of what it may hold.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), failure: None }
    }

    /// Why the file could not be written the last time, if it could not.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }
}

impl Callback for CsvLogger {
    /// Ends the training if the file cannot be written.
    fn epoch(&mut self, end: &mut EpochEnd<'_>) -> ControlFlow<()> {
        match write_whole(&self.path, end.history.csv().as_bytes()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                let reason = error.source().map(|source| format!(": {source}")).unwrap_or_default();
                self.failure = Some(format!("{error}{reason}"));
                ControlFlow::Break(())
            }
        }
    }
}
