//! Rows on their way into a data set: each cell becomes what the rules of its column say.

use nalgebra::DMatrix;

use super::layout::Layout;
use super::rows::Row;
use super::target::{ClassIndex, value};
use super::{Preprocessing, TableError, TableFault, TargetRule};
use crate::data::{Dataset, Features, Targets};

/// Rows on their way into a data set.
#[derive(Debug)]
pub(super) struct Encoder<'t> {
    rules: &'t Preprocessing,
    layout: &'t Layout,
    classes: Option<ClassIndex<'t>>,
    rows: usize,
    /// Row after row, which is sample after sample.
    inputs: Vec<f32>,
    values: Vec<f32>,
    labels: Vec<u32>,
}

impl<'t> Encoder<'t> {
    pub(super) fn new(rules: &'t Preprocessing, layout: &'t Layout) -> Self {
        let classes = match &rules.target {
            TargetRule::Classes { names, .. } => Some(ClassIndex::new(names)),
            TargetRule::Values { .. } => None,
        };
        let (inputs, values, labels) = Default::default();
        Self { rules, layout, classes, rows: 0, inputs, values, labels }
    }

    /// Takes memory for so many rows, no more and no less.
    pub(super) fn reserve(&mut self, rows: usize) {
        let targets = rows * self.layout.targets.len();
        self.inputs.reserve_exact(rows * self.rules.inputs());
        match self.classes {
            Some(_) => self.labels.reserve_exact(targets),
            None => self.values.reserve_exact(targets),
        }
    }

    /// Takes one more row.
    pub(super) fn add(&mut self, row: &Row) -> Result<(), TableError> {
        self.add_features(row)?;
        self.add_targets(row)
    }

    pub(super) fn add_targets(&mut self, row: &Row) -> Result<(), TableError> {
        if self.layout.targets.is_empty() {
            return Err(self.layout.fault(TableFault::NoTarget));
        }
        for &column in &self.layout.targets {
            let cell = row.cell(column);
            let fault = |fault| self.layout.fault_at(row, column, fault);
            if self.layout.is_missing(cell) {
                return Err(fault(TableFault::Missing(cell.to_owned())));
            }
            match &self.classes {
                Some(classes) => self.labels.push(classes.class(cell).map_err(fault)?),
                None => self.values.push(value(cell).map_err(fault)?),
            }
        }
        Ok(())
    }

    pub(super) fn add_features(&mut self, row: &Row) -> Result<(), TableError> {
        self.rows += 1;
        for (rule, &column) in self.rules.features.iter().zip(&self.layout.features) {
            let cell = row.cell(column);
            let encoded = rule.encode(cell, self.layout.is_missing(cell), &mut self.inputs);
            encoded.map_err(|fault| self.layout.fault_at(row, column, fault))?;
        }
        Ok(())
    }

    /// Rows taken.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn finish(mut self) -> Result<Dataset, TableError> {
        let targets = self.take_targets(self.rows);
        self.finish_with(targets)
    }

    pub(super) fn take_targets(&mut self, rows: usize) -> Targets {
        match &self.rules.target {
            TargetRule::Classes { names, .. } => {
                Targets::Classes { classes: core::mem::take(&mut self.labels), names: names.clone() }
            }
            TargetRule::Values { columns } => {
                Targets::Values(DMatrix::from_vec(columns.len(), rows, core::mem::take(&mut self.values)))
            }
        }
    }

    pub(super) fn finish_features(self) -> Result<Dataset, TableError> {
        let none = Targets::Values(DMatrix::zeros(0, self.rows));
        self.finish_with(none)
    }

    fn finish_with(self, targets: Targets) -> Result<Dataset, TableError> {
        let features = Features::Floats(DMatrix::from_vec(self.rules.inputs(), self.rows, self.inputs));
        // Cells are finite and rows are whole, so that only a table without rows can fail.
        Dataset::new(features, targets).map_err(|_| self.layout.fault(TableFault::NoRows))
    }
}
