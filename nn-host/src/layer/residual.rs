//! Residual blocks, a = f(x) + x or f(x) + x · P.

use nn_core::layer::Signal;

use super::batch::{Batch, BatchLayer, Part, Pass, Seen, Turn, Weight};
use super::dense::add_kernel_gradient;
use super::tensor::{Tensor, TensorsMut};
use super::{DenseLayer, Stack, StackTape};
use crate::gemm::{Engine, Samples};

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

    fn add_shortcut(&self, engine: &mut Engine, x: &Batch, a: &mut Batch) {
        match &self.projection {
            Some(projection) => projection.add(engine, x, a),
            None => *a += x,
        }
    }

    fn add_shortcut_gradient(&self, engine: &mut Engine, d: &Batch, dx: &mut Batch) {
        match &self.projection {
            Some(projection) => projection.add_input_gradient(engine, d, dx),
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

    fn forward(&self, engine: &mut Engine, x: &Batch, a: &mut Batch) {
        a.copy_from(&self.branch.forward(engine, x));
        self.add_shortcut(engine, x, a);
    }

    fn forward_taped(&self, turn: Turn, engine: &mut Engine, x: &Batch, tape: &mut ResidualTape, a: &mut Batch) {
        self.branch.forward_taped(turn.after(1), engine, x, &mut tape.branch);
        a.copy_from(tape.branch.outputs());
        self.add_shortcut(engine, x, a);
    }

    fn follow(&mut self, tape: &ResidualTape) {
        self.branch.follow(&tape.branch);
    }

    /// The signal goes through the branch and past it; the gradients by the input are added.
    fn backward(&self, pass: Pass<'_>, tape: &mut ResidualTape) {
        let Pass { turn, engine, x, d, mut dx, factor, .. } = pass;
        tape.branch.signal_mut().copy_from(d);
        let signal = (Signal::Activation, factor);
        self.branch.backward((turn.after(1), engine), x, signal, &mut tape.branch, dx.as_deref_mut());
        if let Some(dx) = dx {
            self.add_shortcut_gradient(engine, d, dx);
        }
        if self.projection.is_some() && turn.learns {
            factor.scale(d);
        }
    }

    /// The projection's, with which the errors of the block itself have to do.
    fn each_weight<'l>(&'l mut self, visit: &mut dyn FnMut(Weight<'l>)) {
        self.projection.iter_mut().for_each(|projection| projection.each_weight(visit));
    }

    fn add_gradient(_tape: &ResidualTape, seen: Seen<'_>, part: Part, engine: &mut Engine, sums: &mut [f32]) {
        add_kernel_gradient(Samples::Dense(seen.x.as_slice()), seen, part, engine, sums);
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
