//! What is wrong with a configuration, and where.

use core::ops::Range;
use std::io;
use std::path::{Path, PathBuf};

use crate::data::nearest;

/// A configuration that cannot be used.
///
/// ```
/// use nn_host::config::Config;
/// let error = Config::parse("[fit]\nepoch = 3\n").unwrap_err();
/// assert_eq!(error.to_string(), r#"line 2, column 1: unknown key "epoch" in fit; did you mean epochs?"#);
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}", path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something in it is wrong.
    #[error("{}line {line}, column {column}: {fault}", in_file(path.as_deref()))]
    Wrong {
        /// The file, if it is one.
        path: Option<PathBuf>,
        /// Line, from 1.
        line: usize,
        /// Character in the line, from 1.
        column: usize,
        /// What is wrong.
        fault: Fault,
    },
}

/// What is wrong in a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// It is not TOML.
    #[error("{0}")]
    Syntax(String),
    /// A key that the table does not have.
    #[error("unknown key {key:?} in {table}; {}", hint(key, known))]
    UnknownKey {
        /// The key.
        key: String,
        /// The path of the table.
        table: String,
        /// The keys that it has.
        known: Vec<&'static str>,
    },
    /// A key that must be there.
    #[error("{key} is missing")]
    Missing {
        /// The path of the key.
        key: String,
    },
    /// A value of another kind.
    #[error("{key} is {found}, it must be {expected}")]
    Kind {
        /// The path of the key.
        key: String,
        /// What it must be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A value that is refused.
    #[error("{key}: {reason}")]
    Value {
        /// The path of the key.
        key: String,
        /// Why.
        reason: String,
    },
}

/// Something wrong, with its place among the bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct At {
    pub(super) span: Range<usize>,
    pub(super) fault: Fault,
}

impl At {
    /// The error with line and column.
    pub(crate) fn in_text(self, text: &str, path: Option<&Path>) -> ConfigError {
        let before = text.get(..self.span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        ConfigError::Wrong {
            path: path.map(Path::to_owned),
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            fault: self.fault,
        }
    }
}

fn in_file(path: Option<&Path>) -> String {
    path.map(|path| format!("{}: ", path.display())).unwrap_or_default()
}

fn hint(key: &str, known: &[&str]) -> String {
    match nearest(key, known.iter().copied()) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => format!("there is {}", known.join(", ")),
    }
}
