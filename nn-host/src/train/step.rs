//! One batch: forward, the output's error, backward, update. The order of operations is that of nn-core's step for one
//! sample, so the bits are too.

use nalgebra::{DMatrix, DVector};
use nn_core::activation::{Activation, AnyActivation, Identity};
use nn_core::layer::DropoutRate;
use nn_core::loss::{AnyLoss, Loss};
use nn_core::optimizer::{Tensor, Weights};
use nn_core::train::Occasion;
use rayon::prelude::*;

use crate::gemm;
use crate::model::ModelLayer;
use crate::optimizer::Bound;

/// What a layer keeps between forward and backward, one sample a column.
#[derive(Debug)]
struct Tape {
    /// Pre-activations, or no rows where the activation's derivative does without.
    z: DMatrix<f32>,
    /// Activations.
    a: DMatrix<f32>,
    /// The signal: da, then dz.
    d: DMatrix<f32>,
    /// Gradient by the kernel, summed over the batch.
    dw: DMatrix<f32>,
    /// Gradient by the bias, summed over the batch.
    db: DVector<f32>,
}

/// Memory for batches of one size.
#[derive(Debug)]
pub(super) struct Step {
    /// Inputs, one sample a column.
    pub(super) x: DMatrix<f32>,
    /// Targets, one sample a column.
    pub(super) y: DMatrix<f32>,
    tapes: Vec<Tape>,
}

impl Step {
    /// Memory for batches of so many samples.
    pub(super) fn new(inputs: usize, layers: &[ModelLayer], samples: usize) -> Self {
        let tape = |layer: &ModelLayer| {
            let (outputs, inputs) = match layer {
                ModelLayer::Dense(dense) => dense.kernel.shape(),
                ModelLayer::Dropout { .. } => (0, 0),
            };
            let kept = if activation(layer).needs_pre_activation() { layer.outputs() } else { 0 };
            Tape {
                z: DMatrix::zeros(kept, samples),
                a: DMatrix::zeros(layer.outputs(), samples),
                d: DMatrix::zeros(layer.outputs(), samples),
                dw: DMatrix::zeros(outputs, inputs),
                db: DVector::zeros(outputs),
            }
        };
        let outputs = layers.last().map_or(0, ModelLayer::outputs);
        Self {
            x: DMatrix::zeros(inputs, samples),
            y: DMatrix::zeros(outputs, samples),
            tapes: layers.iter().map(tape).collect(),
        }
    }

    /// Samples of a batch.
    pub(super) fn samples(&self) -> usize {
        self.x.ncols()
    }

    /// The outputs of the last forward pass.
    pub(super) fn outputs(&self) -> &DMatrix<f32> {
        self.tapes.last().map_or(&self.x, |tape| &tape.a)
    }

    /// The forward pass; `occasion` is that of the first sample at the first layer.
    pub(super) fn forward(&mut self, layers: &[ModelLayer], occasion: Occasion) {
        let mut x = &self.x;
        for ((layer, tape), place) in layers.iter().zip(&mut self.tapes).zip(0..) {
            match layer {
                ModelLayer::Dense(dense) => dense.forward_taped(x, &mut tape.z, &mut tape.a),
                ModelLayer::Dropout { rate, .. } => {
                    tape.a.copy_from(x);
                    switch_off(&mut tape.a, *rate, occasion.after(place));
                }
            }
            x = &tape.a;
        }
    }

    /// Sets the output layer's dz (in the chapter: BP1).
    pub(super) fn output_error(&mut self, layers: &[ModelLayer], loss: AnyLoss) {
        let (Some(tape), Some(layer)) = (self.tapes.last_mut(), layers.last()) else { return };
        let activation = activation(layer);
        let y = &self.y;
        each_error(&tape.z, &tape.a, &mut tape.d, |sample, z, a, d| {
            loss.output_error(activation, z, a, column(y, sample), d);
        });
    }

    /// The backward pass, from the output layer's dz to all gradients (BP2 to BP4). Errors are multiplied by `factor`
    /// before they make gradients.
    pub(super) fn backward(&mut self, layers: &[ModelLayer], occasion: Occasion, factor: Option<f32>) {
        for place in (0..layers.len()).rev() {
            let (before, from) = self.tapes.split_at_mut(place);
            let (Some(layer), Some(tape)) = (layers.get(place), from.first_mut()) else { return };
            let previous = before.last_mut().zip(layers.get(place.wrapping_sub(1)));
            let x = match previous {
                None => &self.x,
                Some((previous, previous_layer)) => {
                    pass_back(layer, tape, occasion.after(u16::try_from(place).unwrap_or(u16::MAX)), &mut previous.d);
                    let activation = activation(previous_layer);
                    each_error(&previous.z, &previous.a, &mut previous.d, |_, z, a, d| activation.backward(z, a, d));
                    &previous.a
                }
            };
            if let ModelLayer::Dense(_) = layer {
                if let Some(factor) = factor {
                    tape.d *= factor;
                }
                gemm::weight_gradient(x, &tape.d, &mut tape.dw);
                gemm::bias_gradient(&tape.d, &mut tape.db);
            }
        }
    }

    /// Moves all weights along the mean of the batch's gradients.
    pub(super) fn update(&mut self, layers: &mut [ModelLayer], optimizer: &mut Bound) {
        #[expect(clippy::cast_precision_loss, reason = "batches have far fewer than 2²⁴ samples")]
        let scale = 1.0 / self.samples() as f32;
        let mut tensors = Vec::with_capacity(2 * layers.len());
        for (layer, tape) in layers.iter_mut().zip(&mut self.tapes) {
            if let ModelLayer::Dense(dense) = layer {
                let row_length = dense.bias.len();
                let (w, g) = (dense.kernel.as_mut_slice(), tape.dw.as_mut_slice());
                tensors.push(Weights { tensor: Tensor::Kernel, row_length, w, g });
                let (w, g) = (dense.bias.as_mut_slice(), tape.db.as_mut_slice());
                tensors.push(Weights { tensor: Tensor::Bias, row_length, w, g });
            }
        }
        optimizer.update(scale, &mut tensors);
    }
}

/// From a layer's dz to the gradient by its input (BP2 without σ′).
fn pass_back(layer: &ModelLayer, tape: &Tape, occasion: Occasion, dx: &mut DMatrix<f32>) {
    match layer {
        ModelLayer::Dense(dense) => gemm::input_gradient(&dense.kernel, &tape.d, dx),
        ModelLayer::Dropout { rate, .. } => {
            dx.copy_from(&tape.d);
            switch_off(dx, *rate, occasion);
        }
    }
}

/// The last thing that a layer does to its output.
fn activation(layer: &ModelLayer) -> AnyActivation {
    match layer {
        ModelLayer::Dense(dense) => dense.activation,
        ModelLayer::Dropout { .. } => Identity.into(),
    }
}

/// Does something with each sample's pre-activations, activations and signal; threads take samples.
fn each_error(
    z: &DMatrix<f32>,
    a: &DMatrix<f32>,
    d: &mut DMatrix<f32>,
    work: impl Fn(usize, &[f32], &[f32], &mut [f32]) + Send + Sync,
) {
    let columns = d.as_mut_slice().par_chunks_exact_mut(a.nrows().max(1)).enumerate().with_min_len(16);
    columns.for_each(|(sample, d)| work(sample, column(z, sample), column(a, sample), d));
}

/// One sample of a matrix; empty if the matrix has no rows.
fn column(matrix: &DMatrix<f32>, sample: usize) -> &[f32] {
    let first = sample * matrix.nrows();
    matrix.as_slice().get(first..first + matrix.nrows()).unwrap_or_default()
}

/// Switches units off in each column; `occasion` is that of the first.
fn switch_off(matrix: &mut DMatrix<f32>, rate: DropoutRate, occasion: Occasion) {
    let rows = matrix.nrows().max(1);
    let columns = matrix.as_mut_slice().par_chunks_exact_mut(rows).enumerate().with_min_len(16);
    columns.for_each(|(column, values)| {
        let sample = occasion.sample.saturating_add(u32::try_from(column).unwrap_or(u32::MAX));
        rate.apply(Occasion { sample, ..occasion }, values);
    });
}
