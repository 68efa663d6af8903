//! A thread's share of a step: some rows of a tensor, whose gradients are computed and followed.

use core::ops::Range;

use rayon::prelude::*;

use crate::gemm::Engine;

/// Products of numbers that are worth a thread: about five microseconds of them.
const WORK_PER_THREAD: usize = 1 << 17;

/// Weights whose gradients are computed before they move: these and what the rule remembers of them stay in the cache.
const WEIGHTS_PER_BLOCK: usize = 1 << 15;

/// What a thread computes with.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) engine: Engine,
    /// Gradients of a block of rows.
    pub(crate) gradients: Vec<f32>,
}

/// How a tensor can be shared out among threads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    /// Weights of a row, which stays whole.
    pub(crate) row_length: usize,
    /// Samples that the gradient is summed over.
    pub(crate) samples: usize,
}

/// Some weights of a tensor: of each row from the first one on, these columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) first_row: usize,
    pub(crate) columns: Range<usize>,
}

impl Share {
    /// Weights that each of some threads takes, whole rows: all, if they are too little work for two.
    pub(super) fn weights(self, weights: usize, threads: usize) -> usize {
        let row_length = self.row_length.max(1);
        let threads = (weights * self.samples / WORK_PER_THREAD).clamp(1, threads.max(1));
        (weights / row_length).div_ceil(threads).max(1) * row_length
    }
}

impl Block {
    /// Whole rows of so many weights, from this one on.
    pub(crate) const fn of_rows(first_row: usize, row_length: usize) -> Self {
        Self { first_row, columns: 0..row_length }
    }

    /// Rows whose weights stay in the cache.
    pub(super) fn rows(&self) -> usize {
        (WEIGHTS_PER_BLOCK / self.columns.len().max(1)).max(1)
    }

    /// The same columns, so many rows later.
    pub(super) fn after(&self, rows: usize) -> Self {
        Self { first_row: self.first_row + rows, columns: self.columns.clone() }
    }
}

impl Worker {
    pub(crate) const fn new(engine: Engine) -> Self {
        Self { engine, gradients: Vec::new() }
    }

    /// Sums that start at zero, in memory that only grows, beside what computes their terms.
    pub(super) fn sums(&mut self, count: usize) -> (&mut Engine, &mut [f32]) {
        let Self { engine, gradients } = self;
        if gradients.len() < count {
            gradients.resize(count, 0.0);
        }
        let sums = gradients.get_mut(..count).unwrap_or_default();
        sums.fill(0.0);
        (engine, sums)
    }

    /// Lets threads take rows of some values; each is told which.
    pub(crate) fn each_part(
        workers: &mut [Self],
        share: Share,
        values: &mut [f32],
        work: impl Fn(Block, &mut Self, &mut [f32]) + Sync + Send,
    ) {
        let length = share.weights(values.len(), workers.len());
        let rows = length / share.row_length.max(1);
        let block = |part| Block::of_rows(part * rows, share.row_length);
        if length >= values.len() {
            return workers.first_mut().into_iter().for_each(|worker| work(block(0), worker, values));
        }
        let parts = values.par_chunks_mut(length).zip(workers).enumerate();
        parts.for_each(|(part, (values, worker))| work(block(part), worker, values));
    }
}
