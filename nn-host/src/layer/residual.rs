//! Residual blocks, a = f(x) + x or f(x) + x · P.

use nn_core::layer::Signal;

use super::batch::{Batch, BatchLayer, Pass, Turn};
use super::tensor::{Tensor, TensorsMut};
use super::{DenseLayer, Stack, StackTape};
use crate::gemm;

/// Layers with a shortcut past them.
#[derive(Clone, Debug, PartialEq)]
pub struct ResidualLayer {
    /// The layers f.
    pub(crate) branch: Stack,
    /// P, a dense layer without bias and activation; nothing where x itself is added.
    pub(crate) projection: Option<DenseLayer>,
}

/// What a residual block keeps between forward and backward.
#[derive(Debug)]
pub(crate) struct ResidualTape {
    pub(super) branch: StackTape,
}

impl ResidualLayer {
    /// The layers past which the shortcut leads.
    #[must_use]
    pub const fn branch(&self) -> &Stack {
        &self.branch
    }

    /// The projection of the shortcut, if it has one.
    #[must_use]
    pub const fn projection(&self) -> Option<&DenseLayer> {
        self.projection.as_ref()
    }

    fn add_shortcut(&self, x: &Batch, a: &mut Batch) {
        match &self.projection {
            Some(projection) => projection.add(x, a),
            None => *a += x,
        }
    }

    fn add_shortcut_gradient(&self, d: &Batch, dx: &mut Batch) {
        match &self.projection {
            Some(projection) => gemm::add_input_gradient(&projection.kernel, d, dx),
            None => *dx += d,
        }
    }
}

impl BatchLayer for ResidualLayer {
    type Tape = ResidualTape;

    fn tape(&self, samples: usize) -> ResidualTape {
        ResidualTape { branch: self.branch.tape(samples) }
    }

    fn outputs(&self) -> usize {
        self.branch.outputs()
    }

    fn forward(&self, x: &Batch, a: &mut Batch) {
        a.copy_from(&self.branch.forward(x));
        self.add_shortcut(x, a);
    }

    fn forward_taped(&mut self, turn: Turn, x: &Batch, tape: &mut ResidualTape, a: &mut Batch) {
        self.branch.forward_taped(turn.after(1), x, &mut tape.branch);
        a.copy_from(tape.branch.outputs());
        self.add_shortcut(x, a);
    }

    /// The signal goes through the branch and past it; the gradients by the input are added.
    fn backward(&self, pass: Pass<'_>, tape: &mut ResidualTape, gradients: &mut [Vec<f32>]) {
        let Pass { turn, x, d, mut dx, factor, .. } = pass;
        let (of_branch, of_shortcut) = gradients.split_at_mut(self.branch.learning_tensors(turn.learns));
        tape.branch.signal_mut().copy_from(d);
        self.branch.backward(
            turn.after(1),
            x,
            (Signal::Activation, factor),
            &mut tape.branch,
            (dx.as_deref_mut(), of_branch),
        );
        if let Some(dx) = dx {
            self.add_shortcut_gradient(d, dx);
        }
        if !of_shortcut.is_empty() {
            factor.scale(d);
            DenseLayer::add_gradients(x, d, of_shortcut);
        }
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        let projection = self.projection.iter().flat_map(|dense| named("projection", dense.tensors()));
        self.branch.tensors().into_iter().chain(projection).collect()
    }

    fn tensors_mut(&mut self) -> TensorsMut<'_> {
        let projection = self.projection.iter_mut().flat_map(DenseLayer::tensors_mut);
        self.branch.tensors_mut().into_iter().chain(projection).collect()
    }
}

/// Tensors with the name of their layer before their own.
pub(super) fn named<'l>(layer: &str, tensors: Vec<Tensor<'l>>) -> impl Iterator<Item = Tensor<'l>> {
    tensors.into_iter().map(move |tensor| Tensor { name: format!("{layer}/{}", tensor.name), ..tensor })
}
