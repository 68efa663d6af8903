//! What a layer does to a batch, one sample a column: forward beside backward.

use super::{Tensor, TensorsMut};
use crate::gemm::Engine;
use crate::optimizer::{Block, Bound};
use nalgebra::DMatrix;
use nn_core::layer::Signal;
use nn_core::optimizer;
use nn_core::train::Occasion;

/// Values of some samples, one sample a column.
pub(crate) type Batch = DMatrix<f32>;

/// A layer over batches, on one thread.
pub(crate) trait BatchLayer {
    /// What the layer keeps between forward and backward, besides its input and output.
    type Tape: core::fmt::Debug + Send + Sync;

    /// Memory for batches of so many samples.
    fn tape(&self, samples: usize) -> Self::Tape;

    /// Values of an output.
    fn outputs(&self) -> usize;

    /// The answers, as after training.
    ///
    /// # Shapes
    /// - `x`: IN×N, `a`: OUT×N
    fn forward(&self, engine: &mut Engine, x: &Batch, a: &mut Batch);

    /// The answers during training.
    ///
    /// # Shapes
    /// - `x`: IN×N, `a`: OUT×N
    fn forward_taped(&self, turn: Turn, engine: &mut Engine, x: &Batch, tape: &mut Self::Tape, a: &mut Batch) {
        let _ = (turn, tape);
        self.forward(engine, x, a);
    }

    /// Lets statistics follow the batch whose forward pass is on the tape.
    fn follow(&mut self, tape: &Self::Tape) {
        let _ = tape;
    }

    /// From the signal to the gradient by the input; leaves on the tape what [`add_gradient`](Self::add_gradient) needs.
    fn backward(&self, pass: Pass<'_>, tape: &mut Self::Tape);

    /// The tensors that can learn, to be changed.
    fn each_weight<'l>(&'l mut self, visit: &mut dyn FnMut(Weight<'l>)) {
        let _ = visit;
    }

    /// Adds the gradient by some rows of one of these tensors, over the samples in order, to sums.
    ///
    /// # Shapes
    /// - `sums`: the rows from the first of `part` on
    fn add_gradient(tape: &Self::Tape, seen: Seen<'_>, part: Part, engine: &mut Engine, sums: &mut [f32]) {
        let _ = (tape, seen, part, engine, sums);
    }

    /// All tensors.
    fn tensors(&self) -> Vec<Tensor<'_>> {
        Vec::new()
    }

    /// All tensors in the same order, to be changed.
    fn tensors_mut(&mut self) -> TensorsMut<'_> {
        Vec::new()
    }
}

/// A tensor that can learn.
#[derive(Debug)]
pub(crate) struct Weight<'l> {
    /// What it is.
    pub(crate) tensor: optimizer::Tensor,
    /// Values of a row.
    pub(crate) row_length: usize,
    /// The values.
    pub(crate) w: &'l mut [f32],
}

impl<'l> Weight<'l> {
    /// A vector with a value a unit.
    pub(super) const fn vector(tensor: optimizer::Tensor, w: &'l mut [f32]) -> Self {
        Self { tensor, row_length: w.len(), w }
    }
}

/// Some weights of a tensor that learns.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// The tensor's number in the layer.
    pub(super) tensor: usize,
    /// Which of its weights.
    pub(super) block: Block,
}

/// What a layer's gradients come from, after the backward pass.
///
/// # Shapes
/// - `x`: IN×N, `d`: OUT×N
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'s> {
    /// The input.
    pub(super) x: &'s Batch,
    /// What the backward pass made of the signal: errors, multiplied by their factor.
    pub(super) d: &'s Batch,
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
    /// What computes products.
    pub(crate) engine: &'p mut Engine,
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

    /// Multiplies gradients that come from errors which were not multiplied.
    pub(super) fn scale_gradients(self, gradients: &mut [f32]) {
        let factor = self.get().unwrap_or(1.0);
        gradients.iter_mut().for_each(|g| *g *= factor);
    }
}

/// Does something with each sample.
pub(crate) fn each_sample(matrix: &mut Batch, mut work: impl FnMut(&mut [f32])) {
    each_numbered_sample(matrix, |_, values| work(values));
}

/// Does something with each sample and its number in the batch.
pub(super) fn each_numbered_sample(matrix: &mut Batch, mut work: impl FnMut(usize, &mut [f32])) {
    let rows = matrix.nrows().max(1);
    matrix.as_mut_slice().chunks_exact_mut(rows).enumerate().for_each(|(sample, values)| work(sample, values));
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
