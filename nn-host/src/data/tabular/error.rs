//! Why a table cannot be used, and where.

use core::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// Why a table cannot be used, and where in which file.
///
/// ```
/// # use std::path::Path;
/// use nn_host::data::{Table, TableOptions};
///
/// let error = Table::read(Path::new("no-such.csv"), &TableOptions::default()).unwrap_err();
/// assert!(error.to_string().starts_with("no-such.csv: the file cannot be read: "));
/// assert_eq!(error.line(), None);
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {fault}", file.display(), Place { line: *line, column })]
pub struct TableError {
    file: PathBuf,
    line: Option<u64>,
    /// Number from 1, and name.
    column: Option<(usize, String)>,
    fault: Box<TableFault>,
}

impl TableError {
    /// A fault in the row behind so many bytes of the file.
    pub(super) fn new(file: PathBuf, start: Option<u64>, fault: TableFault) -> Self {
        let line = start.and_then(|start| line_at(&file, start).ok());
        Self { file, line, column: None, fault: Box::new(fault) }
    }

    /// Adds the column, of which `number` counts from 0.
    pub(super) fn in_column(self, number: usize, name: &str) -> Self {
        Self { column: Some((number + 1, name.to_owned())), ..self }
    }

    /// What is wrong.
    #[must_use]
    pub fn fault(&self) -> &TableFault {
        &self.fault
    }

    /// The line of the file, from 1, if it is about one.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        self.line
    }

    /// The number of the column, from 1, if it is about one.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.column.as_ref().map(|(number, _)| *number)
    }
}

/// The line of the row behind so many bytes and the blank lines that follow them. It is counted when it is needed: the
/// reader's own count does not know of blank lines before a row.
fn line_at(file: &Path, start: u64) -> io::Result<u64> {
    let mut bytes = BufReader::new(File::open(file)?).bytes();
    let mut line = 1;
    for byte in bytes.by_ref().take(usize::try_from(start).unwrap_or(usize::MAX)) {
        line += u64::from(byte? == b'\n');
    }
    for byte in bytes {
        match byte? {
            b'\n' => line += 1,
            b'\r' => {}
            _ => break,
        }
    }
    Ok(line)
}

/// Line and column in a message.
struct Place<'e> {
    line: Option<u64>,
    column: &'e Option<(usize, String)>,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        match self.column {
            Some((number, name)) if *name == number.to_string() => write!(f, ": column {number}"),
            Some((number, name)) => write!(f, ": column {number} ({name})"),
            None => Ok(()),
        }
    }
}

/// What is wrong with a table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableFault {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(io::Error),
    /// Nothing in the file.
    #[error("the file is empty")]
    Empty,
    /// A header without rows.
    #[error("there is a header and no row below it")]
    NoRows,
    /// Rows that are all left out.
    #[error("every row has a missing cell and would be dropped")]
    AllDropped,
    /// Bytes that are no text.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// A character that no table has.
    #[error("there is a NUL character; the text must be UTF-8, is it UTF-16?")]
    Nul,
    /// A row that is too short or too long.
    #[error("expected {expected} cells, found {found}")]
    Width {
        /// Columns of the table.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// One column that looks like several.
    #[error("the header has one column but contains {0:?}: is it `--delimiter {0:?}`?")]
    Delimiter(char),
    /// A header that looks like a row.
    #[error("every name in the header is a number: is there none (`--header no`)?")]
    NumericHeader,
    /// Two columns of one name.
    #[error("column {0} has that name too")]
    Duplicate(usize),
    /// A column that the options name and the table does not have.
    #[error("there is no column {name:?}{hint}")]
    NoColumn {
        /// The name asked for.
        name: String,
        /// What may have been meant.
        hint: String,
    },
    /// A column that the model needs.
    #[error("there is no column {name:?}, which the model was trained with{hint}")]
    ColumnMissing {
        /// The name needed.
        name: String,
        /// What may have been meant.
        hint: String,
    },
    /// A column that the model does not know.
    #[error("the model was trained without this column{hint}")]
    ColumnUnknown {
        /// What may have been meant.
        hint: String,
    },
    /// A column with two uses.
    #[error("the column cannot be both {0} and {1}")]
    TwoUses(&'static str, &'static str),
    /// Nothing to learn from.
    #[error("no column is left to learn from")]
    NoFeatures,
    /// Classes of several columns.
    #[error("{0} targets cannot be classes: a classification has one")]
    ManyClassTargets(usize),
    /// A cell that is no number.
    #[error("expected a number, found {0:?}{hint}", hint = decimal_comma(.0))]
    NotNumber(String),
    /// A column of both numbers and texts.
    #[error(
        "expected {expected}, as in the rows before, found {found:?}; --missing-values, --categorical or --task may help"
    )]
    Mixed {
        /// What the cells before are.
        expected: &'static str,
        /// The cell.
        found: String,
    },
    /// A number that is infinite, too large or none.
    #[error("expected a finite number, found {0:?}")]
    NotFinite(String),
    /// A missing cell.
    #[error("the cell is missing ({0:?}); --missing mean or drop may help")]
    Missing(String),
    /// A column of missing cells.
    #[error("every cell of the column is missing")]
    AllMissing,
    /// A column of too many texts.
    #[error("there are more than {0} different texts: is it a name, to be ignored?")]
    TooManyCategories(usize),
    /// A text that the training has not seen.
    #[error("{found:?} did not occur in training{hint}")]
    UnknownCategory {
        /// The cell.
        found: String,
        /// What may have been meant.
        hint: String,
    },
    /// A number that is no class.
    #[error("expected a class, a whole number from 0 to 4294967295, found {0:?}")]
    Label(String),
    /// More classes than a network could have.
    #[error("there are more than {0} classes")]
    TooManyClasses(usize),
    /// Nothing to tell apart.
    #[error("every row is of the class {0:?}")]
    OneClass(String),
    /// A table without the column to be answered.
    #[error("the table has no target column")]
    NoTarget,
    /// A file that is not what it was.
    #[error("the file had {expected} rows before, now it has {found}")]
    Changed {
        /// Rows of the first pass.
        expected: usize,
        /// Rows of this pass.
        found: usize,
    },
    /// A file with as many rows as before, but others.
    #[error("the file has changed since it was opened; it has as many rows, but others")]
    Rewritten,
}

/// A remark on numbers such as 1,5.
fn decimal_comma(cell: &str) -> &'static str {
    if super::cell::is_decimal_comma(cell) { "; numbers have a decimal point" } else { "" }
}
