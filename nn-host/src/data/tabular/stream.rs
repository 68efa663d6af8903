//! A table that need not fit into memory, read window by window.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::encoder::Encoder;
use super::layout::Layout;
use super::preprocessing::Survey;
use super::rows::Rows;
use super::table::check_rows;
use super::{Preprocessing, TableError, TableFault, TableOptions, TargetRule};
use crate::data::{DataSource, Dataset, Order};

/// A table that need not fit into memory.
///
/// Opening it reads the file once, to learn what its cells become and to count them; each epoch reads it again. No more
/// than a window of rows is in memory, besides the categories and classes.
///
/// ```
/// use nn_host::data::{DataSource, Order, TableOptions, TableStream};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("large.csv");
/// std::fs::write(&path, "x,y\n1,0.5\n2,1.5\n3,2.5\n")?;
/// let mut stream = TableStream::open(&path, &TableOptions::default(), 2)?;
/// assert_eq!((stream.samples(), stream.inputs(), stream.outputs()), (3, 1, 1));
/// stream.begin(Order::Shuffled { seed: 0, epoch: 0 })?;
/// assert_eq!(stream.next_window()?.map(|window| window.len()), Some(2));
/// assert_eq!(stream.next_window()?.map(|window| window.len()), Some(1));
/// assert_eq!(stream.next_window()?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TableStream {
    path: PathBuf,
    options: TableOptions,
    layout: Layout,
    preprocessing: Arc<Preprocessing>,
    samples: usize,
    /// Rows of a window.
    window: usize,
    pass: Option<Pass>,
}

/// One pass over the file.
#[derive(Debug)]
struct Pass {
    rows: Rows,
    order: Order,
    /// Windows so far.
    windows: u32,
    /// Rows so far.
    seen: usize,
}

impl TableStream {
    /// Opens a table and learns from all of its rows. A window has `window` rows, at least one.
    ///
    /// # Errors
    /// [`TableError`], as for [`Table::read`](super::Table::read) and [`Preprocessing::fit`].
    pub fn open(path: &Path, options: &TableOptions, window: usize) -> Result<Self, TableError> {
        let mut rows = Rows::open(path, options)?;
        let layout = Layout::of_training(path.to_owned(), rows.names(), options)?;
        let mut survey = Survey::new(&layout, options);
        let mut samples = 0;
        while let Some(row) = layout.next_row(&mut rows)? {
            survey.add_features(&row)?;
            survey.add_targets(&row)?;
            samples += 1;
        }
        check_rows(samples, &rows, &layout, options)?;
        let preprocessing = Arc::new(survey.finish()?);
        let (path, options, window) = (path.to_owned(), options.clone(), window.max(1));
        Ok(Self { path, options, layout, preprocessing, samples, window, pass: None })
    }

    /// What turns cells into inputs and targets.
    #[must_use]
    pub const fn preprocessing(&self) -> &Arc<Preprocessing> {
        &self.preprocessing
    }

    fn changed(&self, found: usize) -> TableError {
        self.layout.fault(TableFault::Changed { expected: self.samples, found })
    }
}

impl DataSource for TableStream {
    type Error = TableError;

    fn samples(&self) -> usize {
        self.samples
    }

    fn inputs(&self) -> usize {
        self.preprocessing.inputs()
    }

    fn outputs(&self) -> usize {
        match self.preprocessing.target() {
            TargetRule::Classes { names, .. } => names.len(),
            TargetRule::Values { columns } => columns.len(),
        }
    }

    fn begin(&mut self, order: Order) -> Result<(), TableError> {
        let rows = Rows::open(&self.path, &self.options)?;
        if rows.names() != self.layout.names {
            return Err(self.changed(0));
        }
        self.pass = Some(Pass { rows, order, windows: 0, seen: 0 });
        Ok(())
    }

    fn next_window(&mut self) -> Result<Option<Dataset>, TableError> {
        let Some(pass) = &mut self.pass else { return Ok(None) };
        let mut encoder = Encoder::new(&self.preprocessing, &self.layout);
        while encoder.rows() < self.window
            && let Some(row) = self.layout.next_row(&mut pass.rows)?
        {
            encoder.add(&row)?;
        }
        pass.seen += encoder.rows();
        if encoder.rows() == 0 {
            let seen = pass.seen;
            self.pass = None;
            return if seen == self.samples { Ok(None) } else { Err(self.changed(seen)) };
        }
        let window = encoder.finish()?.with_preprocessing(Arc::clone(&self.preprocessing));
        let window = pass.order.of_window(window, pass.windows);
        pass.windows += 1;
        Ok(Some(window))
    }
}
