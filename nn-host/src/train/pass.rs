//! How far an epoch has come.

use nn_core::train::Occasion;

use super::extent::Extent;
use crate::callback::Progress;
use crate::metric::{Batch, ScoreSums, Scores};

/// How far an epoch has come; through all of its windows.
#[derive(Debug)]
pub(super) struct Pass {
    pub(super) epoch: u32,
    /// Batches so far.
    pub(super) batches: usize,
    /// Samples so far.
    samples: usize,
    pub(super) sums: ScoreSums,
    /// Memory for the means so far.
    scores: Scores,
}

impl Pass {
    /// The beginning of an epoch.
    pub(super) fn new(epoch: u32, sums: ScoreSums) -> Self {
        Self { epoch, batches: 0, samples: 0, sums, scores: Scores::default() }
    }

    /// Where the next batch's first sample is.
    pub(super) fn occasion(&self, seed: u64) -> Occasion {
        Occasion { seed, epoch: self.epoch, sample: u32::try_from(self.samples).unwrap_or(u32::MAX), layer: 0 }
    }

    /// Takes one more batch, of so many samples.
    pub(super) fn add(&mut self, loss: f32, batch: Batch<'_>, samples: usize) {
        self.sums.add(loss, batch);
        self.batches += 1;
        self.samples += samples;
    }

    /// What callbacks are told of a batch.
    pub(super) fn progress(&mut self, extent: Extent) -> Progress<'_> {
        let Self { epoch, samples, sums, scores, .. } = self;
        sums.put_cheap_scores(scores);
        Progress { epoch: *epoch, samples: *samples, samples_per_epoch: extent.samples(), scores }
    }
}
