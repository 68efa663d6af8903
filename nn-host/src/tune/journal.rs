//! The journal of a search: a line for each trial that has ended, so that a search that was killed goes on from there.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::Trial;

/// A journal that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// It cannot be read or written.
    #[error("{}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is of another search.
    #[error("{} is of another search: its data or configuration differs; move it away to start anew", path.display())]
    Other {
        /// Which file.
        path: PathBuf,
    },
    /// A line is no trial, or not the one that this search comes to.
    #[error("{}: line {line} is not trial {} of this search; move it away to start anew", path.display(), line - 2)]
    Line {
        /// Which file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
}

/// An open journal.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// The journal of a search, new or as it was left, with its trials. A last line without an end was not finished, and
    /// is cut off.
    pub(super) fn open(path: &Path, search_sha256: &str) -> Result<(Self, Vec<Trial>), JournalError> {
        let in_file = |source| JournalError::File { path: path.to_owned(), source };
        let text = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(in_file(error)),
        };
        let whole = text.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let mut lines = text.get(..whole).unwrap_or_default().split(|&byte| byte == b'\n');
        let head = lines.next().filter(|_| whole > 0);
        if head.is_some_and(|head| serde_json::from_slice(head).ok() != Some(header(search_sha256))) {
            return Err(JournalError::Other { path: path.to_owned() });
        }
        let mut trials = Vec::new();
        for line in lines.filter(|line| !line.is_empty()) {
            let trial = serde_json::from_slice::<Json>(line).ok().as_ref().and_then(Trial::from_json);
            let trial = trial.filter(|trial| trial.number as usize == trials.len());
            trials.push(trial.ok_or_else(|| JournalError::Line { path: path.to_owned(), line: trials.len() + 2 })?);
        }
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(in_file)?;
        file.set_len(whole as u64).map_err(in_file)?;
        let mut journal = Self { path: path.to_owned(), file };
        if head.is_none() {
            journal.append(&header(search_sha256))?;
            #[cfg(unix)]
            File::open(folder_of(path)).and_then(|folder| folder.sync_all()).map_err(in_file)?;
        }
        Ok((journal, trials))
    }

    /// Adds a trial, and comes back when it is safe.
    pub(super) fn add(&mut self, trial: &Trial) -> Result<(), JournalError> {
        self.append(&trial.json())
    }

    /// An error about the trial with this number.
    pub(super) fn other_trial(&self, number: u32) -> JournalError {
        JournalError::Line { path: self.path.clone(), line: number as usize + 2 }
    }

    fn append(&mut self, json: &Json) -> Result<(), JournalError> {
        let written = self.file.write_all(format!("{json}\n").as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(|source| JournalError::File { path: self.path.clone(), source })
    }
}

fn header(search_sha256: &str) -> Json {
    json!({ "search_sha256": search_sha256 })
}

#[cfg(unix)]
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::{Journal, JournalError, Trial};
    use crate::tune::TrialState;

    fn trial(number: u32) -> Trial {
        Trial { number, values: Vec::new(), state: TrialState::Complete, objective: Some(0.5), curves: vec![vec![0.5]] }
    }

    #[test]
    fn a_line_that_was_not_finished_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let (mut journal, trials) = Journal::open(&path, "x").unwrap();
        assert_eq!(trials, []);
        [0, 1].iter().for_each(|&number| journal.add(&trial(number)).unwrap());
        let whole = std::fs::read(&path).unwrap();
        let ends: Vec<usize> = (0..whole.len()).filter(|&at| whole[at] == b'\n').map(|at| at + 1).collect();
        for length in 0..=whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let (mut journal, trials) = Journal::open(&path, "x").unwrap();
            let lines = ends.iter().filter(|&&end| end <= length).count();
            assert_eq!(trials.len(), lines.saturating_sub(1), "{length}");
            (0..2).skip(trials.len()).for_each(|number| journal.add(&trial(number)).unwrap());
            assert_eq!(std::fs::read(&path).unwrap(), whole, "{length}");
        }
    }

    #[test]
    fn damaged_and_other_journals_are_refused_by_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        Journal::open(&path, "x").unwrap().0.add(&trial(0)).unwrap();
        assert!(matches!(Journal::open(&path, "y"), Err(JournalError::Other { .. })));
        let text = std::fs::read_to_string(&path).unwrap();
        for wrong in ["{}\n".to_owned(), "x\n".to_owned(), format!("{}\n", trial(2).json())] {
            std::fs::write(&path, format!("{text}{wrong}")).unwrap();
            let error = Journal::open(&path, "x").unwrap_err().to_string();
            assert!(error.contains("line 3 is not trial 1"), "{error}");
        }
    }
}
