//! Which column of a table is what: a feature, a target, or not used.

use std::path::PathBuf;

use super::rows::{Row, Rows};
use super::{Missing, Preprocessing, TableError, TableFault, TableOptions};
use crate::data::nearest::hint;

/// Which column of a table is what.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) file: PathBuf,
    pub(super) names: Vec<String>,
    /// The columns of the features, in the order of the file or in that of the model.
    pub(super) features: Vec<usize>,
    /// The columns of the targets, in the order in which they are asked for; empty if the table has none.
    pub(super) targets: Vec<usize>,
    /// The columns that are not used.
    pub(super) ignored: Vec<usize>,
    /// Cells that are missing.
    missing_values: Vec<String>,
    drops_missing: bool,
}

impl Layout {
    /// What the options say of the columns of a table to learn from.
    pub(super) fn of_training(file: PathBuf, names: &[String], options: &TableOptions) -> Result<Self, TableError> {
        let mut layout = Self::unused(file, names, options);
        layout.missing_values.clone_from(&options.missing_values);
        layout.targets = match &options.target[..] {
            [] => names.len().checked_sub(1).into_iter().collect(),
            asked => layout.columns(asked)?,
        };
        layout.ignored = layout.columns(&options.ignore)?;
        let categorical = layout.columns(&options.categorical)?;
        let targets = ("a target", &layout.targets[..]);
        layout.refuse_both(targets, ("ignored", &layout.ignored))?;
        layout.refuse_both(targets, ("a categorical feature", &categorical))?;
        layout.refuse_both(("ignored", &layout.ignored), ("a categorical feature", &categorical))?;
        let is_used = |column: &usize| layout.targets.contains(column) || layout.ignored.contains(column);
        layout.features = (0..names.len()).filter(|column| !is_used(column)).collect();
        if layout.features.is_empty() { Err(layout.fault(TableFault::NoFeatures)) } else { Ok(layout) }
    }

    /// Where a table has the columns that a model was trained with. Targets may all be missing.
    pub(super) fn of_model(
        file: PathBuf,
        names: &[String],
        model: &Preprocessing,
        options: &TableOptions,
    ) -> Result<Self, TableError> {
        let mut layout = Self::unused(file, names, options);
        layout.missing_values = model.missing_values().to_vec();
        layout.features =
            model.features().iter().map(|feature| layout.needed(feature.name())).collect::<Result<_, _>>()?;
        let targets = model.target_columns();
        if targets.iter().any(|name| names.contains(name)) {
            layout.targets = targets.iter().map(|name| layout.needed(name)).collect::<Result<_, _>>()?;
        }
        layout.ignored = layout.columns(&options.ignore)?;
        layout
            .ignored
            .extend(names.iter().enumerate().filter(|(_, name)| model.ignored().contains(name)).map(|(at, _)| at));
        layout.refuse_both(("a feature", &layout.features), ("ignored", &layout.ignored))?;
        let parts = [&layout.features, &layout.targets, &layout.ignored];
        let unknown = (0..names.len()).find(|column| !parts.iter().any(|part| part.contains(column)));
        match unknown.and_then(|column| Some((column, names.get(column)?))) {
            Some((column, name)) => {
                let known = model.features().iter().map(super::FeatureRule::name);
                let hint = hint(name, known.collect::<Vec<_>>());
                Err(layout.fault(TableFault::ColumnUnknown { hint }).in_column(column, name))
            }
            None => Ok(layout),
        }
    }

    /// The next row that is not left out for a missing cell.
    pub(super) fn next_row(&self, rows: &mut Rows) -> Result<Option<Row>, TableError> {
        loop {
            match rows.next_row()? {
                Some(row) if self.drops_missing && self.has_missing(&row) => {}
                row => return Ok(row),
            }
        }
    }

    pub(super) fn is_missing(&self, cell: &str) -> bool {
        self.missing_values.iter().any(|missing| missing == cell)
    }

    pub(super) fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// An error in a cell.
    pub(super) fn fault_at(&self, row: &Row, column: usize, fault: TableFault) -> TableError {
        TableError::new(self.file.clone(), Some(row.start), fault).in_column(column, self.name(column))
    }

    /// An error of a whole column.
    pub(super) fn fault_in(&self, column: usize, fault: TableFault) -> TableError {
        self.fault(fault).in_column(column, self.name(column))
    }

    /// An error of the whole file.
    pub(super) fn fault(&self, fault: TableFault) -> TableError {
        TableError::new(self.file.clone(), None, fault)
    }

    fn unused(file: PathBuf, names: &[String], options: &TableOptions) -> Self {
        let (features, targets, ignored, missing_values) = Default::default();
        let drops_missing = options.missing == Missing::Drop;
        Self { file, names: names.to_vec(), features, targets, ignored, missing_values, drops_missing }
    }

    fn has_missing(&self, row: &Row) -> bool {
        self.features.iter().chain(&self.targets).any(|&column| self.is_missing(row.cell(column)))
    }

    /// The columns of these names, or of these numbers from 1; each once.
    fn columns(&self, asked: &[String]) -> Result<Vec<usize>, TableError> {
        let mut columns = Vec::with_capacity(asked.len());
        for name in asked {
            let column = self.column(name).or_else(|| {
                let number: usize = name.parse().ok()?;
                number.checked_sub(1).filter(|&column| column < self.names.len())
            });
            let column = column.ok_or_else(|| {
                let hint = hint(name, self.names.iter().map(String::as_str));
                self.fault(TableFault::NoColumn { name: name.clone(), hint })
            })?;
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        Ok(columns)
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The column of a name that the model has.
    fn needed(&self, name: &str) -> Result<usize, TableError> {
        self.column(name).ok_or_else(|| {
            let hint = hint(name, self.names.iter().map(String::as_str));
            self.fault(TableFault::ColumnMissing { name: name.to_owned(), hint })
        })
    }

    fn refuse_both(
        &self,
        (one, columns): (&'static str, &[usize]),
        (other, others): (&'static str, &[usize]),
    ) -> Result<(), TableError> {
        match columns.iter().find(|column| others.contains(column)) {
            Some(&column) => Err(self.fault_in(column, TableFault::TwoUses(one, other))),
            None => Ok(()),
        }
    }
}
