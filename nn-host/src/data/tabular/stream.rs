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

/// Bytes of inputs and targets in a window if nobody says how many rows it has.
const WINDOW_BYTES: usize = 64 << 20;

/// A table that need not fit into memory.
///
/// Opening it reads the file once, to learn what its cells become, to count them and to hash them; each epoch reads it
/// again, and notices if it is not the same. No more than a window of rows is in memory, besides the categories and
/// classes.
///
/// ```
/// use nn_host::data::{DataSource, Order, TableOptions, TableStream};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("large.csv");
/// std::fs::write(&path, "x,y\n1,0.5\n2,1.5\n3,2.5\n")?;
/// let mut stream = TableStream::open(&path, &TableOptions::default())?.with_window(2);
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
    class_counts: Option<Vec<usize>>,
    sha256: [u8; 32],
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
    /// Opens a table and learns from all of its rows. A window takes about 64 MB.
    ///
    /// # Errors
    /// [`TableError`], as for [`Table::read`](super::Table::read) and [`Preprocessing::fit`].
    pub fn open(path: &Path, options: &TableOptions) -> Result<Self, TableError> {
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
        let (class_counts, sha256) = (survey.class_counts(), rows.sha256());
        let preprocessing = Arc::new(survey.finish()?);
        let values_of_row = preprocessing.inputs() + layout.targets.len();
        let window = (WINDOW_BYTES / (size_of::<f32>() * values_of_row.max(1))).max(1);
        let (path, options, pass) = (path.to_owned(), options.clone(), None);
        Ok(Self { path, options, layout, preprocessing, class_counts, sha256, samples, window, pass })
    }

    /// Sets the rows of a window, at least one. No batch crosses from one window to the next: whole batches fit into a
    /// multiple of the batch size.
    #[must_use]
    pub fn with_window(self, rows: usize) -> Self {
        Self { window: rows.max(1), ..self }
    }

    /// What turns cells into inputs and targets.
    #[must_use]
    pub const fn preprocessing(&self) -> &Arc<Preprocessing> {
        &self.preprocessing
    }

    fn changed(&self, found: usize) -> TableError {
        self.layout.fault(TableFault::Changed { expected: self.samples, found })
    }

    /// Checks that a pass behind the last row has seen what the first one saw.
    fn check_end(&self, mut pass: Pass) -> Result<(), TableError> {
        while self.layout.next_row(&mut pass.rows)?.is_some() {
            pass.seen += 1;
        }
        match pass.seen {
            seen if seen != self.samples => Err(self.changed(seen)),
            _ if pass.rows.sha256() != self.sha256 => Err(self.layout.fault(TableFault::Rewritten)),
            _ => Ok(()),
        }
    }
}

impl DataSource for TableStream {
    type Error = TableError;

    fn samples(&self) -> usize {
        self.samples
    }

    fn window(&self) -> usize {
        self.window
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

    fn class_counts(&self) -> Option<&[usize]> {
        self.class_counts.as_deref()
    }

    /// Of the bytes of the file.
    fn sha256(&self) -> [u8; 32] {
        self.sha256
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
        let Some(mut pass) = self.pass.take() else { return Ok(None) };
        let size = self.window.min(self.samples - pass.seen);
        if size == 0 {
            return self.check_end(pass).map(|()| None);
        }
        let mut encoder = Encoder::new(&self.preprocessing, &self.layout);
        encoder.reserve(size);
        while encoder.rows() < size {
            let Some(row) = self.layout.next_row(&mut pass.rows)? else {
                return Err(self.changed(pass.seen + encoder.rows()));
            };
            encoder.add(&row)?;
        }
        let mut window = encoder.finish()?.with_preprocessing(Arc::clone(&self.preprocessing));
        pass.order.arrange(&mut window, pass.windows);
        (pass.windows, pass.seen) = (pass.windows + 1, pass.seen + size);
        self.pass = Some(pass);
        Ok(Some(window))
    }
}
