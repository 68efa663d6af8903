//! How a column becomes inputs: a number as it is, a text as one input for each category.

use std::collections::BTreeSet;

use super::cell::{expect_number, is_decimal_comma, number};
use super::{Missing, TableFault, TableOptions, Unknown};
use crate::data::nearest::hint;
use crate::data::statistics::Moments;

/// The most categories of a column.
const MOST_CATEGORIES: usize = 1000;

/// How a column becomes inputs.
///
/// Made by [`Preprocessing::fit`](super::Preprocessing::fit); see there for an example.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureRule {
    pub(super) name: String,
    pub(super) kind: FeatureKind,
}

/// What is in a column of features.
#[derive(Clone, Debug, PartialEq)]
pub enum FeatureKind {
    /// Numbers, one input.
    Number {
        /// What stands in for a missing cell; without it there may be none.
        fill: Option<f32>,
    },
    /// Texts, each an input that is 1 where the cell is that text, else 0.
    Category {
        /// The texts, ascending by their bytes.
        categories: Vec<String>,
        /// Whether a missing cell is all zeros; else there may be none.
        fills_missing: bool,
        /// Whether another text is all zeros; else there may be none.
        takes_unknown: bool,
    },
}

impl FeatureRule {
    /// The column's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is in the column.
    #[must_use]
    pub const fn kind(&self) -> &FeatureKind {
        &self.kind
    }

    /// Inputs that the column becomes.
    #[must_use]
    pub fn inputs(&self) -> usize {
        match &self.kind {
            FeatureKind::Number { .. } => 1,
            FeatureKind::Category { categories, .. } => categories.len(),
        }
    }

    pub(super) const fn is_category(&self) -> bool {
        matches!(self.kind, FeatureKind::Category { .. })
    }

    /// The names of the inputs that the column becomes.
    pub(super) fn input_names(&self) -> Vec<String> {
        match &self.kind {
            FeatureKind::Number { .. } => vec![self.name.clone()],
            FeatureKind::Category { categories, .. } => {
                categories.iter().map(|category| format!("{}={category}", self.name)).collect()
            }
        }
    }

    /// Appends the inputs of a cell.
    pub(super) fn encode(&self, cell: &str, is_missing: bool, inputs: &mut Vec<f32>) -> Result<(), TableFault> {
        match &self.kind {
            FeatureKind::Number { fill: Some(fill) } if is_missing => inputs.push(*fill),
            FeatureKind::Number { .. } if !is_missing => inputs.push(expect_number(cell)?),
            FeatureKind::Category { categories, fills_missing, takes_unknown } if !is_missing || *fills_missing => {
                let found = categories.binary_search_by(|category| category.as_str().cmp(cell));
                let place = found.ok().filter(|_| !is_missing);
                if place.is_none() && !is_missing && !takes_unknown {
                    let hint = hint(cell, categories.iter().map(String::as_str));
                    return Err(TableFault::UnknownCategory { found: cell.to_owned(), hint });
                }
                inputs.extend((0..categories.len()).map(|input| f32::from(u8::from(place == Some(input)))));
            }
            _ => return Err(TableFault::Missing(cell.to_owned())),
        }
        Ok(())
    }
}

/// What has been seen of a column in the training rows.
#[derive(Clone, Debug)]
pub(super) struct FeatureSurvey {
    missing: Missing,
    /// Whether numbers are texts too.
    is_categorical: bool,
    seen: Seen,
}

#[derive(Clone, Debug)]
enum Seen {
    Nothing,
    Numbers(Box<Moments>),
    Texts(BTreeSet<String>),
}

impl FeatureSurvey {
    pub(super) const fn new(missing: Missing, is_categorical: bool) -> Self {
        Self { missing, is_categorical, seen: Seen::Nothing }
    }

    /// Takes one more cell; a column has either numbers or texts.
    pub(super) fn add(&mut self, cell: &str, is_missing: bool) -> Result<(), TableFault> {
        if is_missing {
            let is_refused = self.missing == Missing::Error;
            return if is_refused { Err(TableFault::Missing(cell.to_owned())) } else { Ok(()) };
        }
        let number = if self.is_categorical { None } else { number(cell).transpose()? };
        let mixed = |expected| Err(TableFault::Mixed { expected, found: cell.to_owned() });
        match (&mut self.seen, number) {
            (Seen::Nothing, Some(x)) => {
                let mut moments = Moments::NONE;
                moments.add(x);
                self.seen = Seen::Numbers(Box::new(moments));
            }
            (Seen::Numbers(moments), Some(x)) => moments.add(x),
            (Seen::Texts(_), Some(_)) => return mixed("a text"),
            (_, None) if !self.is_categorical && is_decimal_comma(cell) => {
                return Err(TableFault::NotNumber(cell.to_owned()));
            }
            (Seen::Numbers(_), None) => return mixed("a number"),
            (Seen::Nothing, None) => self.seen = Seen::Texts(BTreeSet::from([cell.to_owned()])),
            (Seen::Texts(texts), None) => {
                if !texts.contains(cell) {
                    texts.insert(cell.to_owned());
                }
                if texts.len() > MOST_CATEGORIES {
                    return Err(TableFault::TooManyCategories(MOST_CATEGORIES));
                }
            }
        }
        Ok(())
    }

    /// The rule of the column.
    pub(super) fn finish(self, name: &str, options: &TableOptions) -> Result<FeatureRule, TableFault> {
        let fills_missing = options.missing == Missing::Mean;
        let kind = match self.seen {
            Seen::Nothing => return Err(TableFault::AllMissing),
            Seen::Numbers(moments) => FeatureKind::Number { fill: fills_missing.then(|| moments.mean()) },
            Seen::Texts(texts) => FeatureKind::Category {
                categories: texts.into_iter().collect(),
                fills_missing,
                takes_unknown: options.unknown == Unknown::Zeros,
            },
        };
        Ok(FeatureRule { name: name.to_owned(), kind })
    }
}
