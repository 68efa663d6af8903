//! What a model remembers of a table, so that it understands other tables of that kind: columns, categories, missing
//! cells.

use serde::{Deserialize, Serialize};

use super::FormatError;

/// Numbers that stand for what an entry is; never renumbered.
mod kind {
    pub(super) const NUMBER: u8 = 0;
    pub(super) const CATEGORY: u8 = 1;
    pub(super) const TARGET: u8 = 2;
    pub(super) const IGNORED: u8 = 3;
    pub(super) const MISSING: u8 = 4;
}

/// A number column has a value for missing cells; a missing cell of a category column is no category.
const FILLS_MISSING: u8 = 1;

/// A text that is not among the categories is no category.
const TAKES_UNKNOWN: u8 = 2;

/// One thing that a model knows of tables: a column, or a text that stands for a missing cell.
///
/// The numbers and categories come in the order of the network's inputs; a number is one input, a category column one
/// for each of its categories.
///
/// ```
/// use nn_core::format::{Names, TableEntry};
///
/// let categories = Names::new("blue\0red\0").unwrap();
/// let color = TableEntry::Category { name: "color", categories, fills_missing: false, takes_unknown: false };
/// let age = TableEntry::Number { name: "age", fill: Some(41.5) };
/// assert_eq!((color.inputs(), age.inputs(), TableEntry::Target { name: "y" }.inputs()), (2, 1, 0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TableEntry<'m> {
    /// A column of numbers.
    Number {
        /// The column's name.
        name: &'m str,
        /// What stands in for a missing cell; without it there may be none.
        fill: Option<f32>,
    },
    /// A column of texts, each an input that is 1 where the cell is that text, else 0.
    Category {
        /// The column's name.
        name: &'m str,
        /// The texts.
        categories: Names<'m>,
        /// Whether a missing cell is no category, all zeros; else there may be none.
        fills_missing: bool,
        /// Whether any other text is no category, all zeros; else there may be none.
        takes_unknown: bool,
    },
    /// A column that is answered.
    Target {
        /// The column's name.
        name: &'m str,
    },
    /// A column that was there and not used.
    Ignored {
        /// The column's name.
        name: &'m str,
    },
    /// A text that stands for a missing cell.
    Missing {
        /// The text; the empty one for empty cells.
        cell: &'m str,
    },
}

/// Different names in ascending order of their bytes, each followed by a NUL.
///
/// ```
/// use nn_core::format::Names;
///
/// let names = Names::new("blue\0red\0").unwrap();
/// assert!(names.iter().eq(["blue", "red"]));
/// assert_eq!([Names::new("red\0blue\0"), Names::new("red"), Names::new("")], [None; 3]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names<'m>(&'m str);

impl<'m> Names<'m> {
    /// Names that are joined; `None` if there is none, a NUL is missing, or they do not ascend.
    #[must_use]
    pub fn new(joined: &'m str) -> Option<Self> {
        let names = Self(joined);
        let ascends = names.iter().zip(names.iter().skip(1)).all(|(one, next)| one < next);
        (joined.as_bytes().last() == Some(&0) && ascends).then_some(names)
    }

    /// The names.
    pub fn iter(&self) -> impl Iterator<Item = &'m str> + use<'m> {
        let mut rest = self.0;
        // Not `split`, which links a panic.
        core::iter::from_fn(move || {
            let end = rest.bytes().position(|byte| byte == 0)?;
            let (name, behind) = rest.split_at_checked(end)?;
            rest = behind.get(1..)?;
            Some(name)
        })
    }
}

impl<'m> TableEntry<'m> {
    /// Inputs of the network that the column is.
    #[must_use]
    pub fn inputs(&self) -> u32 {
        match self {
            Self::Number { .. } => 1,
            Self::Category { categories, .. } => categories.iter().fold(0, |count: u32, _| count.saturating_add(1)),
            Self::Target { .. } | Self::Ignored { .. } | Self::Missing { .. } => 0,
        }
    }

    /// Checks the payload of a record that stands at byte `offset` of the file.
    pub(super) fn read(raw: RawEntry<'m>, offset: usize) -> Result<Self, FormatError> {
        let value = |what| FormatError::Value { what, offset };
        let RawEntry { kind, name, rules, fill, categories } = raw;
        let known = match kind {
            kind::NUMBER => FILLS_MISSING,
            kind::CATEGORY => FILLS_MISSING | TAKES_UNKNOWN,
            kind::TARGET | kind::IGNORED | kind::MISSING => 0,
            found => return Err(FormatError::Tag { what: "table entry", found, offset }),
        };
        let fills_missing = rules & FILLS_MISSING != 0;
        let has_fill = kind == kind::NUMBER && fills_missing;
        if rules & !known != 0 {
            return Err(value("rules of a column"));
        }
        if !fill.is_finite() || (!has_fill && fill.to_bits() != 0) {
            return Err(value("value for missing cells"));
        }
        if kind == kind::CATEGORY {
            let categories = Names::new(categories).ok_or(value("categories"))?;
            return Ok(Self::Category { name, categories, fills_missing, takes_unknown: rules & TAKES_UNKNOWN != 0 });
        }
        if !categories.is_empty() {
            return Err(value("categories"));
        }
        Ok(match kind {
            kind::NUMBER => Self::Number { name, fill: has_fill.then_some(fill) },
            kind::TARGET => Self::Target { name },
            kind::IGNORED => Self::Ignored { name },
            _ => Self::Missing { cell: name },
        })
    }

    /// The entry as it stands in the file.
    pub(super) fn raw(&self) -> RawEntry<'m> {
        let raw = |kind, name| RawEntry { kind, name, rules: 0, fill: 0.0, categories: "" };
        match *self {
            Self::Number { name, fill } => {
                let rules = if fill.is_some() { FILLS_MISSING } else { 0 };
                RawEntry { rules, fill: fill.unwrap_or(0.0), ..raw(kind::NUMBER, name) }
            }
            Self::Category { name, categories: Names(categories), fills_missing, takes_unknown } => {
                let missing = if fills_missing { FILLS_MISSING } else { 0 };
                let unknown = if takes_unknown { TAKES_UNKNOWN } else { 0 };
                RawEntry { rules: missing | unknown, categories, ..raw(kind::CATEGORY, name) }
            }
            Self::Target { name } => raw(kind::TARGET, name),
            Self::Ignored { name } => raw(kind::IGNORED, name),
            Self::Missing { cell } => raw(kind::MISSING, cell),
        }
    }
}

/// An entry as it stands in the file.
#[derive(Serialize, Deserialize)]
pub(super) struct RawEntry<'m> {
    kind: u8,
    name: &'m str,
    rules: u8,
    fill: f32,
    categories: &'m str,
}

#[cfg(test)]
mod tests {
    use super::{FormatError, Names, RawEntry, TableEntry};

    #[test]
    fn every_entry_is_read_as_it_was_written() {
        let categories = Names::new("\0a\0é\0").unwrap();
        let category =
            |fills_missing, takes_unknown| TableEntry::Category { name: "c", categories, fills_missing, takes_unknown };
        let entries = [
            TableEntry::Number { name: "n", fill: None },
            TableEntry::Number { name: "", fill: Some(-0.0) },
            category(false, true),
            category(true, false),
            TableEntry::Target { name: "t" },
            TableEntry::Ignored { name: "i" },
            TableEntry::Missing { cell: "NA" },
        ];
        for entry in entries {
            assert_eq!(TableEntry::read(entry.raw(), 7), Ok(entry));
        }
        assert_eq!(entries.map(|entry| entry.inputs()), [1, 1, 3, 3, 0, 0, 0]);
    }

    #[test]
    fn what_no_writer_writes_is_refused() {
        let read = |kind, rules, fill, categories| {
            TableEntry::read(RawEntry { kind, name: "x", rules, fill, categories }, 7).unwrap_err()
        };
        let value = |what| FormatError::Value { what, offset: 7 };
        assert_eq!(read(5, 0, 0.0, ""), FormatError::Tag { what: "table entry", found: 5, offset: 7 });
        assert_eq!(read(0, 2, 0.0, ""), value("rules of a column"));
        assert_eq!(read(3, 1, 0.0, ""), value("rules of a column"));
        assert_eq!(read(0, 1, f32::NAN, ""), value("value for missing cells"));
        assert_eq!(read(0, 0, 1.0, ""), value("value for missing cells"));
        assert_eq!(read(1, 0, 0.0, "b\0a\0"), value("categories"));
        assert_eq!(read(1, 0, 0.0, ""), value("categories"));
        assert_eq!(read(2, 0, 0.0, "a\0"), value("categories"));
    }
}
