//! What turns the cells of a table into inputs and targets, made from training rows and then applied to any other table.

use std::sync::Arc;

use super::encoder::Encoder;
use super::feature::FeatureSurvey;
use super::layout::Layout;
use super::rows::Row;
use super::target::TargetSurvey;
use super::{FeatureRule, Table, TableError, TableFault, TableOptions, TargetRule};
use crate::data::{Dataset, Targets};

/// What turns the cells of a table into inputs and targets.
///
/// Numbers become one input, texts one input for each category that the training rows have; missing cells become what
/// the training rows say. Tables that come later need the same columns by name, in any order.
///
/// ```
/// use nn_host::data::{Preprocessing, Table, TableOptions};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("houses.csv");
/// std::fs::write(&path, "area,heating,price\n70,gas,1.5\n90,oil,2.5\n50,gas,1.25\n")?;
/// let table = Table::read(&path, &TableOptions::default())?;
/// let preprocessing = Preprocessing::fit(&table, &[0, 1, 2])?;
/// let names: Vec<_> = preprocessing.input_names().collect();
/// assert_eq!(names, ["area", "heating=gas", "heating=oil"]);
/// let data = preprocessing.apply(&table)?;
/// assert_eq!((data.len(), data.inputs(), data.outputs()), (3, 3, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Preprocessing {
    pub(super) features: Vec<FeatureRule>,
    pub(super) target: TargetRule,
    pub(super) ignored: Vec<String>,
    pub(super) missing_values: Vec<String>,
}

impl Preprocessing {
    /// Learns from a table: what the target is from all rows, how features become inputs from the training rows alone.
    ///
    /// # Errors
    /// [`TableError`] if a column mixes numbers and texts, a cell is missing though none may be, or a label is none.
    pub fn fit(table: &Table, training: &[usize]) -> Result<Self, TableError> {
        let mut survey = Survey::new(&table.layout, &table.options);
        table.rows.iter().try_for_each(|row| survey.add_targets(row))?;
        training.iter().filter_map(|&row| table.rows.get(row)).try_for_each(|row| survey.add_features(row))?;
        survey.finish()
    }

    /// The columns that become inputs, in the order of the inputs.
    #[must_use]
    pub fn features(&self) -> &[FeatureRule] {
        &self.features
    }

    /// What is answered.
    #[must_use]
    pub const fn target(&self) -> &TargetRule {
        &self.target
    }

    /// Columns that were there and not used.
    #[must_use]
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Cells that are missing.
    #[must_use]
    pub fn missing_values(&self) -> &[String] {
        &self.missing_values
    }

    /// The number of inputs.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.features.iter().map(FeatureRule::inputs).sum()
    }

    /// The names of the inputs: the column's, and its category.
    pub fn input_names(&self) -> impl Iterator<Item = String> + '_ {
        self.features.iter().flat_map(|feature| feature.input_names())
    }

    /// Whether each input is a category's, 0 or 1, which needs no scaling.
    pub fn is_one_hot(&self) -> impl Iterator<Item = bool> + '_ {
        self.features.iter().flat_map(|feature| core::iter::repeat_n(feature.is_category(), feature.inputs()))
    }

    /// Whether the names of the columns are their numbers, as those of tables without header.
    #[must_use]
    pub fn is_numbered(&self) -> bool {
        let features = self.features.iter().map(FeatureRule::name);
        let names = features.chain(self.target_columns().iter().chain(&self.ignored).map(String::as_str));
        let mut numbers: Vec<usize> = names.map(|name| name.parse().unwrap_or_default()).collect();
        numbers.sort_unstable();
        numbers.iter().zip(1..).all(|(&number, place)| number == place)
    }

    /// The targets of a table to learn from, before anything is learned of its features: what a split needs to know.
    ///
    /// # Errors
    /// [`TableError`] if a target is missing, or is no class or value.
    pub fn targets(table: &Table) -> Result<Targets, TableError> {
        let mut survey = Survey::new(&table.layout, &table.options);
        table.rows.iter().try_for_each(|row| survey.add_targets(row))?;
        let target = survey.target()?;
        let (features, ignored, missing_values) = Default::default();
        let rules = Self { features, target, ignored, missing_values };
        let mut encoder = Encoder::new(&rules, &table.layout);
        table.rows.iter().try_for_each(|row| encoder.add_targets(row))?;
        Ok(encoder.take_targets(table.rows.len()))
    }

    /// Inputs and targets of a table.
    ///
    /// # Errors
    /// [`TableError`] if the table has no target, or a cell that the training has not seen.
    pub fn apply(&self, table: &Table) -> Result<Dataset, TableError> {
        let mut encoder = Encoder::new(self, &table.layout);
        table.rows.iter().try_for_each(|row| encoder.add(row))?;
        Ok(encoder.finish()?.with_preprocessing(Arc::new(self.clone())))
    }

    /// Inputs of a table whose targets are not known; those of the data set are values of no rows.
    ///
    /// # Errors
    /// [`TableError`] if a cell is one that the training has not seen.
    pub fn apply_to_features(&self, table: &Table) -> Result<Dataset, TableError> {
        let mut encoder = Encoder::new(self, &table.layout);
        table.rows.iter().try_for_each(|row| encoder.add_features(row))?;
        Ok(encoder.finish_features()?.with_preprocessing(Arc::new(self.clone())))
    }

    pub(super) fn target_columns(&self) -> &[String] {
        self.target.columns()
    }
}

/// What has been seen of a table.
#[derive(Debug)]
pub(super) struct Survey<'t> {
    layout: &'t Layout,
    options: &'t TableOptions,
    features: Vec<FeatureSurvey>,
    target: TargetSurvey,
}

impl<'t> Survey<'t> {
    pub(super) fn new(layout: &'t Layout, options: &'t TableOptions) -> Self {
        let is_categorical = |column: &usize| {
            let number = (column + 1).to_string();
            options.categorical.iter().any(|asked| asked == layout.name(*column) || *asked == number)
        };
        let survey = |column| FeatureSurvey::new(options.missing, is_categorical(column));
        let features = layout.features.iter().map(survey).collect();
        Self { layout, options, features, target: TargetSurvey::default() }
    }

    /// Takes the features of one more training row.
    pub(super) fn add_features(&mut self, row: &Row) -> Result<(), TableError> {
        for (survey, &column) in self.features.iter_mut().zip(&self.layout.features) {
            let cell = row.cell(column);
            let fault = |fault| self.layout.fault_at(row, column, fault);
            survey.add(cell, self.layout.is_missing(cell)).map_err(fault)?;
        }
        Ok(())
    }

    /// Takes the target of one more row.
    pub(super) fn add_targets(&mut self, row: &Row) -> Result<(), TableError> {
        for &column in &self.layout.targets {
            let cell = row.cell(column);
            if self.layout.is_missing(cell) {
                return Err(self.layout.fault_at(row, column, TableFault::Missing(cell.to_owned())));
            }
            self.target.add(row.start, cell);
        }
        Ok(())
    }

    /// What follows for the target.
    fn target(&self) -> Result<TargetRule, TableError> {
        let Self { layout, options, .. } = self;
        let name = |&column: &usize| layout.name(column).to_owned();
        let [column] = layout.targets[..] else {
            let count = layout.targets.len();
            let is_classes = options.task == super::Task::Classification;
            let columns = layout.targets.iter().map(name).collect();
            return if is_classes {
                Err(layout.fault(TableFault::ManyClassTargets(count)))
            } else {
                Ok(TargetRule::Values { columns })
            };
        };
        let classes = self.target.classes(options.task).map_err(|(start, fault)| {
            TableError::new(layout.file.clone(), start, fault).in_column(column, layout.name(column))
        })?;
        Ok(match classes {
            Some(names) => TargetRule::Classes { column: name(&column), names },
            None => TargetRule::Values { columns: vec![name(&column)] },
        })
    }

    /// The rows of each class; `None` if the target is values.
    pub(super) fn class_counts(&self) -> Option<Vec<usize>> {
        match self.target().ok()? {
            TargetRule::Classes { names, .. } => Some(self.target.counts(&names)),
            TargetRule::Values { .. } => None,
        }
    }

    /// What follows from all that was seen.
    pub(super) fn finish(self) -> Result<Preprocessing, TableError> {
        let target = self.target();
        let Self { layout, options, features, .. } = self;
        let rules = features.into_iter().zip(&layout.features).map(|(survey, &column)| {
            let rule = survey.finish(layout.name(column), options);
            rule.map_err(|fault| layout.fault_in(column, fault))
        });
        Ok(Preprocessing {
            features: rules.collect::<Result<_, _>>()?,
            target: target?,
            ignored: layout.ignored.iter().map(|&column| layout.name(column).to_owned()).collect(),
            missing_values: options.missing_values.clone(),
        })
    }
}
