//! A table in memory: the text of its cells, checked to be a table.

use std::path::Path;

use super::layout::Layout;
use super::rows::{Row, Rows};
use super::{Header, Missing, Preprocessing, TableError, TableFault, TableOptions};

/// A table in memory: the text of its cells. A file larger than memory is read by [`TableStream`](super::TableStream).
///
/// Each row has a cell for each column; rows with missing cells are left out if the options say so.
/// See [`Preprocessing`] for an example.
#[derive(Clone, Debug)]
pub struct Table {
    pub(super) layout: Layout,
    pub(super) options: TableOptions,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// Reads a table to learn from.
    ///
    /// # Errors
    /// [`TableError`] if the file cannot be read, is no table, or lacks a column that the options name.
    pub fn read(path: &Path, options: &TableOptions) -> Result<Self, TableError> {
        let rows = Rows::open(path, options)?;
        let layout = Layout::of_training(path.to_owned(), rows.names(), options)?;
        Self::collect(rows, layout, options)
    }

    /// Reads a table for a model that was trained on another: columns are found by name, in any order; the target may
    /// be absent. A model of a table without header reads tables without header.
    ///
    /// # Errors
    /// [`TableError`] if the file cannot be read, is no table, lacks a column of the model or has one more.
    pub fn read_for(path: &Path, model: &Preprocessing, options: &TableOptions) -> Result<Self, TableError> {
        let is_bare = options.header == Header::Expected && model.is_numbered();
        let header = if is_bare { Header::Absent } else { options.header };
        let options = TableOptions { header, ..options.clone() };
        let rows = Rows::open(path, &options)?;
        let layout = Layout::of_model(path.to_owned(), rows.names(), model, &options)?;
        Self::collect(rows, layout, &options)
    }

    /// The number of rows that are used.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows; never, since reading refuses that.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The names of all columns, in the order of the file.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.layout.names
    }

    /// Whether there is a column to be answered.
    #[must_use]
    pub fn has_target(&self) -> bool {
        !self.layout.targets.is_empty()
    }

    fn collect(mut file: Rows, layout: Layout, options: &TableOptions) -> Result<Self, TableError> {
        let mut rows = Vec::new();
        while let Some(row) = layout.next_row(&mut file)? {
            rows.push(row);
        }
        check_rows(rows.len(), &file, &layout, options)?;
        Ok(Self { layout, options: options.clone(), rows })
    }
}

/// Refuses a table of which no row is left.
pub(super) fn check_rows(used: usize, file: &Rows, layout: &Layout, options: &TableOptions) -> Result<(), TableError> {
    if used > 0 {
        return Ok(());
    }
    let is_dropped = options.missing == Missing::Drop && file.has_rows();
    Err(layout.fault(if is_dropped { TableFault::AllDropped } else { TableFault::NoRows }))
}
