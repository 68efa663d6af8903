//! Who watches a training: a progress bar, a log, a user who interrupts.

use core::ops::ControlFlow;

use super::EpochRecord;
use crate::metric::Scores;

/// Where a training is, after a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The epoch, from 0.
    pub epoch: u32,
    /// Samples of this epoch seen so far.
    pub samples: usize,
    /// Samples of an epoch.
    pub samples_per_epoch: usize,
    /// Means over this epoch so far.
    pub scores: Scores,
}

/// Watches a training and may end it.
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
