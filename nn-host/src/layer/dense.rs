//! Dense layers, a = σ(z) with z = b + x · W.

use nalgebra::{DMatrix, DVector};
use nn_core::activation::{Activation, AnyActivation};
use nn_core::format::DenseView;
use nn_core::layer::Signal;
use nn_core::optimizer;

use super::batch::{Batch, BatchLayer, Pass, Turn, each_numbered_sample, each_sample, sample_of};
use super::tensor::{Tensor, TensorsMut, kernel, vector};
use crate::gemm;

/// A dense layer.
#[derive(Clone, Debug, PartialEq)]
pub struct DenseLayer {
    /// OUT×IN, so that its memory is `[IN][OUT]`.
    pub kernel: DMatrix<f32>,
    /// OUT; nothing for a layer without a bias.
    pub bias: Option<DVector<f32>>,
    /// The activation.
    pub activation: AnyActivation,
}

impl DenseLayer {
    /// A copy of a dense layer of a model file.
    pub(crate) fn from_view(view: &DenseView<'_>) -> Self {
        let (inputs, outputs) = (view.inputs as usize, view.outputs as usize);
        Self {
            kernel: DMatrix::from_column_slice(outputs, inputs, view.kernel),
            bias: (!view.bias.is_empty()).then(|| DVector::from_column_slice(view.bias)),
            activation: view.activation,
        }
    }

    /// z = b + x · W for each sample.
    fn pre_activations(&self, x: &Batch, z: &mut Batch) {
        match &self.bias {
            Some(bias) => gemm::affine(&self.kernel, bias, x, z),
            None => {
                z.fill(0.0);
                gemm::add_product(&self.kernel, x, z);
            }
        }
    }

    /// Adds x · W to `a`, which is what a layer without bias and activation does beside others.
    pub(super) fn add(&self, x: &Batch, a: &mut Batch) {
        gemm::add_product(&self.kernel, x, a);
    }

    /// Adds the gradients by the weights of a layer with these errors to their sums (BP3, BP4).
    pub(super) fn add_gradients(x: &Batch, d: &Batch, gradients: &mut [Vec<f32>]) {
        if let [dw, rest @ ..] = gradients {
            gemm::add_weight_gradient(x, d, dw);
            rest.iter_mut().for_each(|db| gemm::add_bias_gradient(d, db));
        }
    }
}

/// From da to dz, for each sample.
pub(super) fn through_activation(activation: AnyActivation, z: &Batch, a: &Batch, d: &mut Batch) {
    each_numbered_sample(d, |sample, d| activation.backward(sample_of(z, sample), sample_of(a, sample), d));
}

/// Memory for the pre-activations of an activation whose derivative needs them.
pub(super) fn pre_activation_tape(activation: AnyActivation, outputs: usize, samples: usize) -> Batch {
    Batch::zeros(if activation.needs_pre_activation() { outputs } else { 0 }, samples)
}

impl BatchLayer for DenseLayer {
    /// Pre-activations, or no rows where the activation's derivative does without.
    type Tape = Batch;

    fn tape(&self, samples: usize) -> Batch {
        pre_activation_tape(self.activation, self.outputs(), samples)
    }

    fn outputs(&self) -> usize {
        self.kernel.nrows()
    }

    fn forward(&self, x: &Batch, a: &mut Batch) {
        self.pre_activations(x, a);
        each_sample(a, |a| self.activation.forward(a));
    }

    fn forward_taped(&mut self, _turn: Turn, x: &Batch, z: &mut Batch, a: &mut Batch) {
        self.pre_activations(x, a);
        if z.nrows() > 0 {
            z.copy_from(a);
        }
        each_sample(a, |a| self.activation.forward(a));
    }

    fn backward(&self, pass: Pass<'_>, z: &mut Batch, gradients: &mut [Vec<f32>]) {
        let Pass { x, a, d, dx, factor, .. } = pass;
        if pass.signal == Signal::Activation {
            through_activation(self.activation, z, a, d);
        }
        if let Some(dx) = dx {
            gemm::input_gradient(&self.kernel, d, dx);
        }
        if !gradients.is_empty() {
            factor.scale(d);
            Self::add_gradients(x, d, gradients);
        }
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        let (outputs, inputs) = self.kernel.shape();
        let bias = self.bias.iter().map(|bias| vector("bias", Some(optimizer::Tensor::Bias), bias.as_slice()));
        core::iter::once(kernel(self.kernel.as_slice(), inputs, outputs)).chain(bias).collect()
    }

    fn tensors_mut(&mut self) -> TensorsMut<'_> {
        let bias = self.bias.iter_mut().map(DVector::as_mut_slice);
        core::iter::once(self.kernel.as_mut_slice()).chain(bias).collect()
    }
}
