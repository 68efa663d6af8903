//! What a table asks to be answered: one of several classes, or values.

use std::collections::BTreeMap;

use super::cell::{expect_number, number};
use super::{TableFault, Task};
use crate::data::nearest::hint;

/// The most classes.
const MOST_CLASSES: usize = 65_536;

/// The most different whole numbers that are taken for classes if nobody says what they are.
const MOST_NUMBERED: usize = 20;

/// What a table asks to be answered.
///
/// Made by [`Preprocessing::fit`](super::Preprocessing::fit); see there for an example.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetRule {
    /// One of several classes.
    Classes {
        /// The column's name.
        column: String,
        /// The names of the classes: texts ascending by their bytes, or whole numbers ascending.
        names: Vec<String>,
    },
    /// A value of each of these columns.
    Values {
        /// The columns' names.
        columns: Vec<String>,
    },
}

impl TargetRule {
    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        match self {
            Self::Classes { column, .. } => core::slice::from_ref(column),
            Self::Values { columns } => columns,
        }
    }
}

/// The number of each class by its name.
#[derive(Clone, Debug)]
pub(super) struct ClassIndex<'n>(BTreeMap<&'n str, u32>);

impl<'n> ClassIndex<'n> {
    pub(super) fn new(names: &'n [String]) -> Self {
        Self(names.iter().map(String::as_str).zip(0..).collect())
    }

    /// The class of a cell.
    pub(super) fn class(&self, cell: &str) -> Result<u32, TableFault> {
        self.0.get(&*class_name(cell)).copied().ok_or_else(|| {
            let hint = hint(cell, self.0.keys().copied());
            TableFault::UnknownCategory { found: cell.to_owned(), hint }
        })
    }
}

/// The name of the class that a cell stands for: a whole number in digits, whether it is written 3, 03 or 3.0, or the
/// cell's text.
fn class_name(cell: &str) -> String {
    whole(cell).map_or_else(|| cell.to_owned(), |number| number.to_string())
}

/// The whole number of a cell.
pub(in crate::data) fn whole(cell: &str) -> Option<i64> {
    /// Up to here f64 holds every whole number.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number of at most 53 bits")]
    let from_float = |cell: f64| (cell.fract() == 0.0 && cell.abs() <= EXACT).then_some(cell as i64);
    cell.parse().ok().or_else(|| from_float(cell.parse().ok()?))
}

/// A cell and the start of the row in which it was found first.
#[derive(Clone, Debug)]
struct Found {
    start: u64,
    cell: String,
}

/// What has been seen of the target column.
#[derive(Clone, Debug, Default)]
pub(super) struct TargetSurvey {
    rows: usize,
    /// Names of classes with their rows, as long as there are not too many.
    names: BTreeMap<String, usize>,
    text: Option<Found>,
    number: Option<Found>,
    fraction: Option<Found>,
    not_finite: Option<Found>,
    /// A whole number that is no class.
    outside: Option<Found>,
}

/// A fault, and the start of the row if it is about one.
pub(super) type RowFault = (Option<u64>, TableFault);

impl TargetSurvey {
    /// Takes one more cell.
    pub(super) fn add(&mut self, start: u64, cell: &str) {
        self.rows += 1;
        let note = |place: &mut Option<Found>| {
            place.get_or_insert_with(|| Found { start, cell: cell.to_owned() });
        };
        match (number(cell), whole(cell)) {
            (None, _) => note(&mut self.text),
            (Some(_), Some(whole)) => {
                note(&mut self.number);
                if u32::try_from(whole).is_err() {
                    note(&mut self.outside);
                }
            }
            (Some(number), None) => {
                note(&mut self.number);
                note(if number.is_ok() { &mut self.fraction } else { &mut self.not_finite });
            }
        }
        if self.names.len() <= MOST_CLASSES {
            *self.names.entry(class_name(cell)).or_default() += 1;
        }
    }

    /// The rows of each class in the order of the classes' names.
    pub(super) fn counts(&self, names: &[String]) -> Vec<usize> {
        names.iter().map(|name| self.names.get(name).copied().unwrap_or_default()).collect()
    }

    /// Whether the column is classes, by the rule of [`Task::Automatic`].
    fn looks_like_classes(&self) -> bool {
        let are_few = self.names.len() <= MOST_NUMBERED && 2 * self.names.len() <= self.rows;
        self.text.is_some() || (self.fraction.is_none() && self.not_finite.is_none() && are_few)
    }

    /// The names of the classes; `None` if the column is values.
    pub(super) fn classes(&self, task: Task) -> Result<Option<Vec<String>>, RowFault> {
        if task == Task::Automatic
            && let (Some(text), Some(number)) = (&self.text, &self.number)
        {
            let (expected, later) = if text.start > number.start { ("a number", text) } else { ("a text", number) };
            return Err((Some(later.start), TableFault::Mixed { expected, found: later.cell.clone() }));
        }
        match task {
            Task::Automatic if !self.looks_like_classes() => Ok(None),
            Task::Regression => Ok(None),
            Task::Automatic | Task::Classification => self.class_names().map(Some),
        }
    }

    fn class_names(&self) -> Result<Vec<String>, RowFault> {
        if self.text.is_none() {
            let wrong = [&self.fraction, &self.not_finite, &self.outside].into_iter().flatten();
            if let Some(Found { start, cell }) = wrong.min_by_key(|found| found.start) {
                return Err((Some(*start), TableFault::Label(cell.clone())));
            }
        }
        let mut names: Vec<String> = self.names.keys().cloned().collect();
        if names.len() > MOST_CLASSES {
            return Err((None, TableFault::TooManyClasses(MOST_CLASSES)));
        }
        if self.text.is_none() {
            names.sort_by_key(|name| whole(name));
        }
        match &names[..] {
            [only] => Err((None, TableFault::OneClass(only.clone()))),
            _ => Ok(names),
        }
    }
}

/// The value of a target cell.
pub(super) fn value(cell: &str) -> Result<f32, TableFault> {
    expect_number(cell)
}

#[cfg(test)]
mod tests {
    use super::{TargetSurvey, Task};

    fn classes(cells: &[&str], task: Task) -> Result<Option<Vec<String>>, String> {
        let mut survey = TargetSurvey::default();
        cells.iter().zip(0..).for_each(|(cell, start)| survey.add(start, cell));
        survey.classes(task).map_err(|(start, fault)| format!("{start:?} {fault}"))
    }

    fn named(names: &[&str]) -> Result<Option<Vec<String>>, String> {
        Ok(Some(names.iter().map(|&name| name.to_owned()).collect()))
    }

    #[test]
    fn texts_are_classes_in_the_order_of_their_bytes() {
        assert_eq!(classes(&["b", "a", "é", "B"], Task::Automatic), named(&["B", "a", "b", "é"]));
    }

    #[test]
    fn few_whole_numbers_are_classes_in_their_order() {
        assert_eq!(classes(&["10", "9", "9.0", "010"], Task::Automatic), named(&["9", "10"]));
        assert_eq!(classes(&["10", "9", "8", "10", "9"], Task::Automatic), Ok(None), "not twice on average");
        let many: Vec<String> = (0..42).map(|k| (k / 2).to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(classes(&many, Task::Automatic), Ok(None));
        assert_eq!(classes(&many[..40], Task::Automatic).unwrap().unwrap().len(), 20);
        assert_eq!(classes(&many, Task::Classification).unwrap().unwrap().len(), 21);
    }

    #[test]
    fn fractions_are_values_unless_they_are_to_be_classes() {
        assert_eq!(classes(&["1.5", "2", "2", "1.5"], Task::Automatic), Ok(None));
        let error = classes(&["1", "1.7"], Task::Classification).unwrap_err();
        assert_eq!(error, r#"Some(1) expected a class, a whole number from 0 to 4294967295, found "1.7""#);
        assert_eq!(classes(&["0", "0", "1", "1"], Task::Regression), Ok(None));
    }

    #[test]
    fn labels_that_are_no_classes_are_refused() {
        for (label, task) in [("-1", Task::Automatic), ("4294967297", Task::Automatic), ("nan", Task::Classification)] {
            let error = classes(&["1", "1", label, label], task).unwrap_err();
            assert!(error.starts_with("Some(2) expected a class") && error.contains(label), "{error}");
        }
        assert!(classes(&["4294967295", "0", "0", "0"], Task::Automatic).is_ok());
    }

    #[test]
    fn a_mixture_is_refused_unless_it_is_to_be_classes() {
        let error = classes(&["1", "2", "x"], Task::Automatic).unwrap_err();
        assert!(error.starts_with(r#"Some(2) expected a number, as in the rows before, found "x""#), "{error}");
        assert!(classes(&["x", "2"], Task::Automatic).unwrap_err().contains("expected a text"));
        assert_eq!(classes(&["1", "2", "x"], Task::Classification), named(&["1", "2", "x"]));
    }

    #[test]
    fn one_class_is_refused() {
        assert_eq!(classes(&["a", "a"], Task::Automatic).unwrap_err(), r#"None every row is of the class "a""#);
    }
}
