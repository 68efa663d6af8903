//! Who watches a training: a progress bar, a log, a user who interrupts.

use core::ops::ControlFlow;

use super::EpochRecord;
use crate::metric::Scores;

/// Where a training is, after a batch.
///
/// ```
/// use nn_host::{metric::Scores, train::Progress};
///
/// let scores = Scores { loss: 0.3, metrics: vec![] };
/// let progress = Progress { epoch: 0, samples: 15_000, samples_per_epoch: 60_000, scores };
/// assert_eq!(100 * progress.samples / progress.samples_per_epoch, 25); // percent
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The epoch, from 0.
    pub epoch: u32,
    /// Samples of this epoch seen so far.
    pub samples: usize,
    /// Samples of an epoch.
    pub samples_per_epoch: usize,
    /// Means over this epoch so far, without metrics that sort all samples.
    pub scores: Scores,
}

/// Watches a training and may end it.
///
/// An observer that ends the training after its first epoch:
///
/// ```
/// # use core::ops::ControlFlow;
/// # use nn_host::{prelude::*, train::{EpochRecord, Observer}};
/// # use nalgebra::DMatrix;
/// # use nn_host::data::{Features, Targets};
/// # let x = Features::Floats(DMatrix::from_element(1, 8, 1.0));
/// # let data = Dataset::new(x, Targets::Values(DMatrix::from_element(1, 8, 1.0)))?;
/// # let mut model = Sequential::new(1).dense(1, Identity).compile(MeanSquaredError, Sgd::new(0.1)?, [])?;
/// struct OneEpoch;
/// impl Observer for OneEpoch {
///     fn epoch(&mut self, _: &EpochRecord) -> ControlFlow<()> {
///         ControlFlow::Break(())
///     }
/// }
/// let history = model.fit(&data, FitOptions { epochs: 20, observer: Some(&mut OneEpoch), ..Default::default() })?;
/// assert_eq!((history.epochs.len(), history.interrupted), (1, true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Observer {
    /// Called after each batch; `Break` ends the training there.
    fn batch(&mut self, progress: &Progress) -> ControlFlow<()> {
        let _ = progress;
        ControlFlow::Continue(())
    }

    /// Called after each epoch; `Break` ends the training there.
    fn epoch(&mut self, record: &EpochRecord) -> ControlFlow<()> {
        let _ = record;
        ControlFlow::Continue(())
    }
}
