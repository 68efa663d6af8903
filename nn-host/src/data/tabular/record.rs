//! Preprocessing in a model file: an entry a column, and one a text that stands for a missing cell.

use std::collections::BTreeSet;

use nn_core::format::{FormatError, Names, TableEntry};

use super::{FeatureKind, FeatureRule, Preprocessing, TargetRule};

/// Entries of a model file that do not go together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// Two columns of one name.
    #[error("the model has two columns {name:?}")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// More or fewer targets than answers.
    #[error("the model has {found} target columns, its outputs need {expected}")]
    Targets {
        /// One for classes, else one an output.
        expected: usize,
        /// Columns that are targets.
        found: usize,
    },
}

impl Preprocessing {
    /// What the entries of a model file say, with the classes of the model or its number of outputs; `None` if there are
    /// no entries.
    ///
    /// # Errors
    /// [`EntryError`] if they do not go together.
    pub fn from_entries<'m>(
        entries: impl IntoIterator<Item = TableEntry<'m>>,
        classes: &[String],
        outputs: usize,
    ) -> Result<Option<Self>, EntryError> {
        let (mut features, mut targets, mut ignored, mut missing_values) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for entry in entries {
            match entry {
                TableEntry::Target { name } => targets.push(name.to_owned()),
                TableEntry::Ignored { name } => ignored.push(name.to_owned()),
                TableEntry::Missing { cell } => missing_values.push(cell.to_owned()),
                TableEntry::Number { name, fill } => features.push(rule(name, FeatureKind::Number { fill })),
                TableEntry::Category { name, categories, fills_missing, takes_unknown } => {
                    let categories = categories.iter().map(str::to_owned).collect();
                    features.push(rule(name, FeatureKind::Category { categories, fills_missing, takes_unknown }));
                }
            }
        }
        if features.is_empty() {
            return Ok(None);
        }
        let mut names = BTreeSet::new();
        let columns = features.iter().map(FeatureRule::name).chain(targets.iter().chain(&ignored).map(String::as_str));
        if let Some(name) = columns.into_iter().find(|name| !names.insert(*name)) {
            return Err(EntryError::Duplicate { name: name.to_owned() });
        }
        let (expected, found) = (if classes.is_empty() { outputs } else { 1 }, targets.len());
        let target = match &targets[..] {
            _ if expected != found => return Err(EntryError::Targets { expected, found }),
            [column] if !classes.is_empty() => TargetRule::Classes { column: column.clone(), names: classes.to_vec() },
            _ => TargetRule::Values { columns: targets },
        };
        Ok(Some(Self { features, target, ignored, missing_values }))
    }

    /// Gives each entry of a model file to `write`, the features in the order of the inputs.
    ///
    /// # Errors
    /// What `write` returns.
    pub fn try_each_entry(
        &self,
        mut write: impl FnMut(TableEntry<'_>) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        for FeatureRule { name, kind } in &self.features {
            match kind {
                &FeatureKind::Number { fill } => write(TableEntry::Number { name, fill })?,
                FeatureKind::Category { categories, fills_missing, takes_unknown } => {
                    let joined: String = categories.iter().flat_map(|category| [category, "\0"]).collect();
                    let out_of_range = FormatError::Value { what: "categories", offset: 0 };
                    let categories = Names::new(&joined).ok_or(out_of_range)?;
                    let (fills_missing, takes_unknown) = (*fills_missing, *takes_unknown);
                    write(TableEntry::Category { name, categories, fills_missing, takes_unknown })?;
                }
            }
        }
        self.target.columns().iter().try_for_each(|name| write(TableEntry::Target { name }))?;
        self.ignored.iter().try_for_each(|name| write(TableEntry::Ignored { name }))?;
        self.missing_values.iter().try_for_each(|cell| write(TableEntry::Missing { cell }))
    }

    /// At least the bytes that the entries have in a model file.
    pub(crate) fn entry_bytes(&self) -> usize {
        /// What is not text in an entry.
        const REST: usize = 32;
        let features = self.features.iter().map(|FeatureRule { name, kind }| {
            let categories: &[String] = match kind {
                FeatureKind::Number { .. } => &[],
                FeatureKind::Category { categories, .. } => categories,
            };
            name.len() + REST + categories.iter().map(|category| category.len() + 1).sum::<usize>()
        });
        let others = self.target.columns().iter().chain(&self.ignored).chain(&self.missing_values);
        features.chain(others.map(|text| text.len() + REST)).sum()
    }
}

fn rule(name: &str, kind: FeatureKind) -> FeatureRule {
    FeatureRule { name: name.to_owned(), kind }
}

#[cfg(test)]
mod tests {
    use super::{EntryError, FeatureKind, Preprocessing, TableEntry, TargetRule, rule};
    use crate::data::{Dataset, Features, Targets};
    use crate::model::Model;
    use crate::prelude::{Adam, CategoricalCrossentropy, FitOptions, Sequential, Softmax};
    use nalgebra::DMatrix;
    use std::sync::Arc;

    fn owned<const N: usize>(names: [&str; N]) -> Vec<String> {
        names.map(str::to_owned).to_vec()
    }

    fn preprocessing() -> Preprocessing {
        let categories = owned(["", "blue", "é"]);
        Preprocessing {
            features: vec![
                rule("n", FeatureKind::Number { fill: Some(1.5) }),
                rule("c", FeatureKind::Category { categories, fills_missing: true, takes_unknown: false }),
                rule("m", FeatureKind::Number { fill: None }),
            ],
            target: TargetRule::Classes { column: "y".to_owned(), names: owned(["no", "yes"]) },
            ignored: owned(["id"]),
            missing_values: owned(["", "NA"]),
        }
    }

    #[test]
    fn a_model_file_remembers_the_table() {
        let names = owned(["no", "yes"]);
        let data = Dataset::new(
            Features::Floats(DMatrix::from_element(5, 4, 0.5)),
            Targets::Classes { classes: vec![0, 1, 0, 1], names },
        );
        let data = data.unwrap().with_preprocessing(Arc::new(preprocessing()));
        let model = Sequential::new(5).dense(2, Softmax);
        let mut model = model.compile(CategoricalCrossentropy, Adam::default(), []).unwrap();
        model.fit(&data, FitOptions::default()).unwrap();
        let read = Model::from_bytes(model.to_bytes().unwrap().as_bytes()).unwrap();
        assert_eq!(read.preprocessing(), Some(&preprocessing()));
    }

    #[test]
    fn entries_that_do_not_go_together_are_refused() {
        let number = |name| TableEntry::Number { name, fill: None };
        let target = |name| TableEntry::Target { name };
        let read = |entries: &[TableEntry<'static>], outputs| {
            Preprocessing::from_entries(entries.iter().copied(), &[], outputs)
        };
        assert_eq!(read(&[], 1), Ok(None));
        assert!(matches!(read(&[number("a"), target("y"), target("z")], 2), Ok(Some(_))));
        let duplicate = Err(EntryError::Duplicate { name: "a".to_owned() });
        assert_eq!(read(&[number("a"), target("a")], 1), duplicate);
        assert_eq!(read(&[number("a")], 1), Err(EntryError::Targets { expected: 1, found: 0 }));
        let classes = owned(["no", "yes"]);
        let two = [number("a"), target("y"), target("z")];
        let error = Preprocessing::from_entries(two, &classes, 2);
        assert_eq!(error, Err(EntryError::Targets { expected: 1, found: 2 }));
    }
}
