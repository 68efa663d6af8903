//! What a history plot shows: each value's points over epochs, from a training or from the file that it has left.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::chart::Points;
use crate::train::History;

/// Values over epochs, by name, as in Keras: `loss`, `val_accuracy`, `learning_rate` …
///
/// ```
/// use nn_host::plot::{TrainingCurves, history};
///
/// let file = r#"{"epochs": [{"epoch": 1, "loss": 0.5, "seconds": 2}, {"epoch": 2, "loss": null}]}"#;
/// let curves = TrainingCurves::parse(file)?;
/// assert!(curves.names().eq(["loss"]));
/// let figure = history(&curves)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrainingCurves {
    columns: Vec<(String, Points)>,
}

/// Why a history file cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryFileError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not a history.
    #[error("{} is not the history of a training", path.display())]
    Content {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: HistoryError,
    },
}

/// Why text is not the history of a training.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// It is not JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// It is no table of comma-separated values.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// It is a table without a column of epochs.
    #[error("it has no column `epoch`")]
    NoEpochColumn,
    /// It has no list of epochs.
    #[error("it has no list `epochs`")]
    NoEpochs,
    /// An epoch is not an object.
    #[error("entry {entry} of `epochs` is not an object")]
    NoObject {
        /// Position of the epoch in the list, from 1.
        entry: usize,
    },
    /// An epoch has something else than a number.
    #[error("`{name}` of entry {entry} is {found}, not a number")]
    NoNumber {
        /// Position of the epoch among the others, from 1.
        entry: usize,
        /// Of the value.
        name: String,
        /// What is there.
        found: String,
    },
}

/// Letters that a message cites of what is no number.
const MOST_LETTERS: usize = 40;

/// The values of an epoch that are not drawn: its number, and a time that says nothing of the training.
const NOT_DRAWN: [&str; 2] = ["epoch", "seconds"];

impl TrainingCurves {
    /// Reads the history that `nn train` writes beside the model, or, with the suffix `.csv`, its log.
    ///
    /// # Errors
    /// [`HistoryFileError`] if the file cannot be read or is not a history.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, HistoryFileError> {
        let path = path.as_ref();
        let text =
            fs::read_to_string(path).map_err(|source| HistoryFileError::Read { path: path.to_owned(), source })?;
        let is_csv = path.extension().is_some_and(|suffix| suffix.eq_ignore_ascii_case("csv"));
        let curves = if is_csv { Self::parse_csv(&text) } else { Self::parse(&text) };
        curves.map_err(|source| HistoryFileError::Content { path: path.to_owned(), source })
    }

    /// The curves of a log as [`CsvLogger`](crate::callback::CsvLogger) writes it, or Keras: a column a value, and `epoch`,
    /// from 0. A cell that is empty was not measured.
    ///
    /// ```
    /// use nn_host::plot::TrainingCurves;
    /// let curves = TrainingCurves::parse_csv("epoch,loss,val_loss\n0,0.5,\n1,0.25,0.75\n")?;
    /// assert_eq!(curves.points("loss"), Some(&[(1.0, 0.5), (2.0, 0.25)][..]));
    /// assert_eq!(curves.points("val_loss"), Some(&[(2.0, 0.75)][..]));
    /// # Ok::<(), nn_host::plot::HistoryError>(())
    /// ```
    ///
    /// # Errors
    /// [`HistoryError`] if the text is no such table.
    pub fn parse_csv(text: &str) -> Result<Self, HistoryError> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers()?.clone();
        let epochs = header.iter().position(|name| name == "epoch").ok_or(HistoryError::NoEpochColumn)?;
        let mut curves = Self::default();
        for (row, entry) in reader.records().zip(1..) {
            let row = row?;
            let epoch = csv_number("epoch", row.get(epochs).unwrap_or_default(), entry)? + 1.0;
            let cells = header.iter().zip(&row).filter(|(name, cell)| !NOT_DRAWN.contains(name) && !cell.is_empty());
            for (name, cell) in cells {
                curves.push(name, (epoch, csv_number(name, cell, entry)?));
            }
        }
        Ok(curves)
    }

    /// The curves of a history as JSON. A value that is `null` was not finite; one that an epoch does not have was not
    /// measured in it.
    ///
    /// # Errors
    /// [`HistoryError`] if the text is not a history.
    pub fn parse(text: &str) -> Result<Self, HistoryError> {
        let history: Value = serde_json::from_str(text)?;
        let epochs = history.get("epochs").and_then(Value::as_array).ok_or(HistoryError::NoEpochs)?;
        let mut curves = Self::default();
        for (record, entry) in epochs.iter().zip(1_u32..) {
            curves.add_record(record, entry)?;
        }
        Ok(curves)
    }

    fn add_record(&mut self, record: &Value, entry: u32) -> Result<(), HistoryError> {
        let place = entry as usize;
        let record = record.as_object().ok_or(HistoryError::NoObject { entry: place })?;
        let number = |name: &str, value: &Value| match value {
            Value::Null => Ok(f64::NAN),
            value => value.as_f64().ok_or_else(|| HistoryError::NoNumber {
                entry: place,
                name: name.to_owned(),
                found: super::text::shortened(&value.to_string(), MOST_LETTERS),
            }),
        };
        let epoch = record.get("epoch").map_or(Ok(f64::from(entry)), |value| number("epoch", value))?;
        for (name, value) in record.iter().filter(|(name, _)| !NOT_DRAWN.contains(&name.as_str())) {
            self.push(name, (epoch, number(name, value)?));
        }
        Ok(())
    }

    /// Values of any source: points of epoch, from 1, and value, by name.
    pub fn from_columns(columns: impl IntoIterator<Item = (String, Vec<(f64, f64)>)>) -> Self {
        Self { columns: columns.into_iter().collect() }
    }

    fn push(&mut self, name: &str, point: (f64, f64)) {
        match self.columns.iter_mut().find(|(other, _)| other == name) {
            Some((_, points)) => points.push(point),
            None => self.columns.push((name.to_owned(), vec![point])),
        }
    }

    /// The names, in the order in which they appear.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The points of a name: epoch, from 1, and value.
    #[must_use]
    pub fn points(&self, name: &str) -> Option<&[(f64, f64)]> {
        self.columns.iter().find(|(other, _)| other == name).map(|(_, points)| points.as_slice())
    }

    /// The epochs of all points.
    pub(super) fn epochs(&self) -> impl Iterator<Item = f64> {
        self.columns.iter().flat_map(|(_, points)| points.iter().map(|&(epoch, _)| epoch))
    }
}

/// The number of a cell of a log, which may be none that is finite.
fn csv_number(name: &str, cell: &str, entry: usize) -> Result<f64, HistoryError> {
    let found = || super::text::shortened(&format!("{cell:?}"), MOST_LETTERS);
    cell.parse().map_err(|_| HistoryError::NoNumber { entry, name: name.to_owned(), found: found() })
}

impl From<&History> for TrainingCurves {
    fn from(history: &History) -> Self {
        let mut curves = Self::default();
        for record in &history.epochs {
            let epoch = f64::from(record.epoch) + 1.0;
            for (name, value) in record.named() {
                curves.push(&name, (epoch, value.into()));
            }
            curves.push("learning_rate", (epoch, record.learning_rate.into()));
        }
        curves
    }
}

#[cfg(test)]
mod tests {
    use super::TrainingCurves;
    use crate::metric::Scores;
    use crate::train::{EpochRecord, History};

    #[test]
    fn null_is_a_gap_and_what_is_absent_is_none() {
        let text = r#"{"model": "m.nn", "epochs": [
            {"epoch": 5, "loss": 0.5, "val_loss": 1, "seconds": 0.1},
            {"epoch": 6, "loss": null, "seconds": 0.1},
            {"epoch": 7, "loss": 0.25, "val_loss": 2, "seconds": 0.1}]}"#;
        let curves = TrainingCurves::parse(text).unwrap();
        assert!(curves.names().eq(["loss", "val_loss"]));
        assert_eq!(curves.points("val_loss").unwrap(), [(5.0, 1.0), (7.0, 2.0)]);
        assert!(curves.points("loss").unwrap()[1].1.is_nan());
    }

    #[test]
    fn a_history_counts_epochs_from_one_as_its_file_does() {
        let scores = |loss| Scores { loss, metrics: vec![] };
        let record = EpochRecord { epoch: 0, train: scores(0.5), validation: Some(scores(1.0)), learning_rate: 0.25 };
        let curves = TrainingCurves::from(&History { epochs: vec![record], ..History::default() });
        let text = r#"{"epochs": [{"epoch": 1, "loss": 0.5, "val_loss": 1, "learning_rate": 0.25}]}"#;
        assert_eq!(curves, TrainingCurves::parse(text).unwrap());
    }

    #[test]
    fn a_log_has_what_the_history_has() {
        let scores = |loss| Scores { loss, metrics: vec![] };
        let record = |epoch, loss| EpochRecord { epoch, train: scores(loss), validation: None, learning_rate: 0.25 };
        let validated = EpochRecord { validation: Some(scores(1.0)), ..record(1, 0.25) };
        let history = History { epochs: vec![record(0, 0.5), validated], ..History::default() };
        let (log, curves) = (TrainingCurves::parse_csv(&history.csv()).unwrap(), TrainingCurves::from(&history));
        let names = ["loss", "val_loss", "learning_rate"];
        assert_eq!(log.names().count(), names.len());
        assert!(names.iter().all(|name| log.points(name) == curves.points(name)), "{log:?}");
    }

    #[test]
    fn what_is_no_log_is_refused_with_its_place() {
        let error = |text| TrainingCurves::parse_csv(text).unwrap_err().to_string();
        assert_eq!(error("loss\n0.5\n"), "it has no column `epoch`");
        assert_eq!(error("epoch,loss\n0,0.5\n1,low\n"), "`loss` of entry 2 is \"low\", not a number");
        assert!(error("epoch,loss\n0\n").contains("line: 2"), "{}", error("epoch,loss\n0\n"));
    }

    #[test]
    fn what_is_no_history_is_refused_with_its_place() {
        let error = |text| TrainingCurves::parse(text).unwrap_err().to_string();
        assert!(error("{\"epochs\": [").ends_with("line 1 column 12"), "{}", error("{\"epochs\": ["));
        assert_eq!(error("{}"), "it has no list `epochs`");
        assert_eq!(error("[1]"), "it has no list `epochs`");
        assert_eq!(error("{\"epochs\": [{}, 3]}"), "entry 2 of `epochs` is not an object");
        let text = "{\"epochs\": [{\"loss\": \"low\"}]}";
        assert_eq!(error(text), "`loss` of entry 1 is \"low\", not a number");
    }

    #[test]
    fn errors_of_files_name_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        assert!(TrainingCurves::load(&path).unwrap_err().to_string().starts_with("cannot read "));
        std::fs::write(&path, "{}").unwrap();
        let error = TrainingCurves::load(&path).unwrap_err().to_string();
        assert!(error.ends_with("a.json is not the history of a training"), "{error}");
    }
}
