//! Data that comes in parts: a file larger than memory, read again in each epoch.

use nn_core::random::{Purpose, Stream};

use super::Dataset;
use super::shuffle::shuffled;

/// Data that comes in windows, each of which fits into memory.
///
/// An epoch is `begin`, then `next_window` until there is none. The windows together have each sample once. Their order
/// is that of the data; [`Order`] says how the samples of a window are ordered. So the order of all samples follows from
/// seed, epoch and the size of the windows; a source of a single window is shuffled as a whole.
///
/// See [`TableStream`](super::TableStream) for an example.
pub trait DataSource {
    /// Why the data cannot be read.
    type Error;

    /// The number of samples of an epoch.
    fn samples(&self) -> usize;

    /// Values of a sample.
    fn inputs(&self) -> usize;

    /// Values of a target: classes, or values.
    fn outputs(&self) -> usize;

    /// Begins an epoch, wherever the last one is.
    ///
    /// # Errors
    /// If the data cannot be read.
    fn begin(&mut self, order: Order) -> Result<(), Self::Error>;

    /// The next samples of the epoch; `None` at its end.
    ///
    /// # Errors
    /// If the data cannot be read, or is not what it was.
    fn next_window(&mut self) -> Result<Option<Dataset>, Self::Error>;
}

/// The order of the samples within each window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As the data has them.
    AsTheyAre,
    /// A permutation for each epoch and window, from the stream (seed, `Shuffle`, epoch, number of the window).
    Shuffled {
        /// The seed of the training.
        seed: u64,
        /// The epoch, from 0.
        epoch: u32,
    },
}

impl Order {
    /// The samples of a window in this order.
    pub(super) fn of_window(self, window: Dataset, number: u32) -> Dataset {
        match self {
            Self::AsTheyAre => window,
            Self::Shuffled { seed, epoch } => {
                let mut stream = Stream::new(seed, Purpose::Shuffle, epoch, number);
                window.gather(&shuffled((0..window.len()).collect(), &mut stream))
            }
        }
    }
}
