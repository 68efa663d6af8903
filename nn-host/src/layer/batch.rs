//! What a layer does to a batch, one sample a column: forward beside backward.

use nalgebra::DMatrix;
use nn_core::layer::Signal;
use nn_core::train::Occasion;
use rayon::prelude::*;

use super::{Tensor, TensorsMut};
use crate::optimizer::Bound;

/// Values of some samples, one sample a column.
pub(crate) type Batch = DMatrix<f32>;

/// Columns that a task takes at least: less is not worth the way to another thread.
const SAMPLES_PER_TASK: usize = 16;

/// A layer over batches.
pub(crate) trait BatchLayer {
    /// What the layer keeps between forward and backward, besides its input and output.
    type Tape: core::fmt::Debug;

    /// Memory for batches of so many samples.
    fn tape(&self, samples: usize) -> Self::Tape;

    /// Values of an output.
    fn outputs(&self) -> usize;

    /// The answers, as after training.
    ///
    /// # Shapes
    /// - `x`: IN×N, `a`: OUT×N
    fn forward(&self, x: &Batch, a: &mut Batch);

    /// The answers during training.
    ///
    /// # Shapes
    /// - `x`: IN×N, `a`: OUT×N
    fn forward_taped(&mut self, turn: Turn, x: &Batch, tape: &mut Self::Tape, a: &mut Batch) {
        let _ = (turn, tape);
        self.forward(x, a);
    }

    /// From the signal to the gradients by the input and by the weights, which are added to `gradients`: one for each
    /// tensor that learns.
    fn backward(&self, pass: Pass<'_>, tape: &mut Self::Tape, gradients: &mut [Vec<f32>]);

    /// All tensors.
    fn tensors(&self) -> Vec<Tensor<'_>> {
        Vec::new()
    }

    /// All tensors in the same order, to be changed.
    fn tensors_mut(&mut self) -> TensorsMut<'_> {
        Vec::new()
    }
}

/// When a layer has its turn, and whether it learns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// That of the first sample of the batch at this layer.
    pub(crate) occasion: Occasion,
    /// Whether the layer's weights learn.
    pub(crate) learns: bool,
}

impl Turn {
    /// The same, `layers` layers later.
    pub(super) const fn after(self, layers: u16) -> Self {
        Self { occasion: self.occasion.after(layers), ..self }
    }

    /// The same, `layers` layers earlier.
    pub(super) const fn before(self, layers: u16) -> Self {
        self.after(0_u16.wrapping_sub(layers))
    }
}

/// What a layer has at hand in the backward pass.
///
/// # Shapes
/// - `x`, `dx`: IN×N, `a`, `d`: OUT×N
#[derive(Debug)]
pub(crate) struct Pass<'p> {
    /// Whose turn it is.
    pub(crate) turn: Turn,
    /// The input.
    pub(crate) x: &'p Batch,
    /// The output.
    pub(crate) a: &'p Batch,
    /// What `signal` says.
    pub(crate) d: &'p mut Batch,
    /// What `d` holds.
    pub(crate) signal: Signal,
    /// The gradient by the input, if somebody wants it.
    pub(crate) dx: Option<&'p mut Batch>,
    /// What errors are multiplied by before they make gradients.
    pub(crate) factor: Factor<'p>,
}

/// What the errors of a layer are multiplied by before they make gradients, which may depend on its learning rate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Factor<'o> {
    optimizer: Option<&'o Bound>,
    rate: f32,
}

impl Factor<'static> {
    /// 1, for gradients as they are.
    pub(crate) const ONE: Self = Self { optimizer: None, rate: 1.0 };
}

impl<'o> Factor<'o> {
    /// That of the step that an optimizer has begun.
    pub(crate) const fn of(optimizer: &'o Bound) -> Self {
        Self { optimizer: Some(optimizer), rate: 1.0 }
    }

    /// That of a layer whose learning rate is multiplied by `rate`.
    pub(super) const fn at(self, rate: f32) -> Self {
        Self { rate, ..self }
    }

    /// Multiplies errors.
    pub(super) fn scale(self, d: &mut Batch) {
        if let Some(factor) = self.get() {
            *d *= factor;
        }
    }

    /// The number; `None` for 1.
    fn get(self) -> Option<f32> {
        self.optimizer.and_then(|optimizer| optimizer.error_factor(self.rate))
    }

    /// Adds gradients that come from errors which were not multiplied yet.
    pub(super) fn add_scaled(self, gradients: &[f32], sums: &mut [f32]) {
        let factor = self.get().unwrap_or(1.0);
        sums.iter_mut().zip(gradients).for_each(|(sum, &g)| *sum += g * factor);
    }
}

/// Does something with each sample; threads take samples.
pub(crate) fn each_sample(matrix: &mut Batch, work: impl Fn(&mut [f32]) + Send + Sync) {
    each_numbered_sample(matrix, |_, values| work(values));
}

/// Does something with each sample and its number in the batch; threads take samples.
pub(super) fn each_numbered_sample(matrix: &mut Batch, work: impl Fn(usize, &mut [f32]) + Send + Sync) {
    let rows = matrix.nrows().max(1);
    let columns = matrix.as_mut_slice().par_chunks_exact_mut(rows).enumerate().with_min_len(SAMPLES_PER_TASK);
    columns.for_each(|(sample, values)| work(sample, values));
}

/// One sample of a batch; empty if it has no rows.
pub(crate) fn sample_of(matrix: &Batch, sample: usize) -> &[f32] {
    let first = sample * matrix.nrows();
    matrix.as_slice().get(first..first + matrix.nrows()).unwrap_or_default()
}

/// The occasion of a sample of the batch whose first one has this occasion.
pub(super) fn occasion_of(first: Occasion, sample: usize) -> Occasion {
    Occasion { sample: first.sample.saturating_add(u32::try_from(sample).unwrap_or(u32::MAX)), ..first }
}
