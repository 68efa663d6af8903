//! Data that comes in parts: a file larger than memory, read again in each epoch.

use nn_core::random::{Purpose, Stream};

use super::Dataset;
use super::shuffle::shuffle;

/// Data that comes in windows, each of which fits into memory.
///
/// An epoch is `begin`, then `next_window` until there is none. The windows together have each sample once. Their order
/// is that of the data; [`Order`] says how the samples of a window are ordered. So the order of all samples follows from
/// seed, epoch and the size of the windows; a source of a single window is shuffled as a whole.
///
/// [`Model::fit_stream`](crate::model::Model::fit_stream) trains with it. See [`TableStream`](super::TableStream) for an
/// example.
pub trait DataSource: Send {
    /// Why the data cannot be read.
    type Error: Send;

    /// The number of samples of an epoch.
    fn samples(&self) -> usize;

    /// The number of samples of each window, at least one; the last one of an epoch has what is left.
    fn window(&self) -> usize;

    /// Values of a sample.
    fn inputs(&self) -> usize;

    /// Values of a target: classes, or values.
    fn outputs(&self) -> usize;

    /// How many samples each class has; `None` if the targets are values, or nobody has counted.
    fn class_counts(&self) -> Option<&[usize]>;

    /// A checksum of the data, by which a training that is taken up again knows it.
    fn sha256(&self) -> [u8; 32];

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
///
/// ```
/// use nn_host::data::Order;
///
/// assert_eq!(Order::AsTheyAre.places(3, 0), [0, 1, 2]);
/// let mut places = Order::Shuffled { seed: 1, epoch: 0 }.places(100, 0);
/// assert_ne!(places, Order::Shuffled { seed: 1, epoch: 1 }.places(100, 0));
/// places.sort_unstable();
/// assert_eq!(places, Order::AsTheyAre.places(100, 0));
/// ```
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
    /// The places in the data of the samples of window `number`, counted from its first one, in this order.
    #[must_use]
    pub fn places(self, samples: usize, number: u32) -> Vec<usize> {
        let mut places: Vec<usize> = (0..samples).collect();
        self.swap(samples, number, |a, b| places.swap(a, b));
        places
    }

    /// Puts the samples of a window into this order, without a copy of it.
    pub(super) fn arrange(self, window: &mut Dataset, number: u32) {
        self.swap(window.len(), number, |a, b| window.swap(a, b));
    }

    fn swap(self, samples: usize, number: u32, swap: impl FnMut(usize, usize)) {
        if let Self::Shuffled { seed, epoch } = self {
            shuffle(samples, &mut Stream::new(seed, Purpose::Shuffle, epoch, number), swap);
        }
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;

    use super::Order;
    use crate::data::{Dataset, Features, Targets};

    #[test]
    fn an_order_is_a_permutation_that_changes_with_epoch_and_window() {
        let places = |epoch, window| Order::Shuffled { seed: 0, epoch }.places(1000, window);
        let mut first = places(0, 0);
        assert_ne!(first, places(1, 0));
        assert_ne!(first, places(0, 1));
        assert_eq!(first, places(0, 0));
        first.sort_unstable();
        assert_eq!(first, Order::AsTheyAre.places(1000, 0));
    }

    #[test]
    fn every_sample_comes_first_equally_often() {
        let mut first = [0; 4];
        for epoch in 0..4000 {
            first[Order::Shuffled { seed: 0, epoch }.places(4, 0)[0]] += 1;
        }
        assert!(first.iter().all(|times| (900..1100).contains(times)), "{first:?}");
    }

    #[test]
    fn a_window_is_arranged_as_its_places_say() {
        let order = Order::Shuffled { seed: 3, epoch: 2 };
        let bytes = Features::Bytes(DMatrix::from_fn(2, 50, |row, column| u8::try_from(2 * column + row).unwrap()));
        let floats = Features::Floats(DMatrix::from_fn(2, 50, |row, column| (2 * column + row) as f32));
        let names = vec!["even".into(), "odd".into()];
        let classes = Targets::Classes { classes: (0..50).map(|k| k % 2).collect(), names };
        let values = Targets::Values(DMatrix::from_fn(1, 50, |_, column| column as f32));
        for (features, targets) in [(bytes, classes), (floats, values)] {
            let data = Dataset::new(features, targets).unwrap();
            let mut arranged = data.clone();
            order.arrange(&mut arranged, 7);
            assert_eq!(arranged, data.select(&order.places(50, 7)).unwrap());
            assert_ne!(arranged, data);
        }
    }
}
