//! Parametric ReLU, whose slope below 0 each unit learns; see [`nn_core::layer::Prelu`].

use nn_core::layer::Slopes;
use nn_core::optimizer;

use super::batch::{Batch, BatchLayer, Part, Pass, Seen, Weight, each_numbered_sample, sample_of};
use super::tensor::{Tensor, TensorsMut, vector};
use crate::gemm::Engine;

/// Parametric ReLU.
#[derive(Clone, Debug, PartialEq)]
pub struct PreluLayer {
    /// The slopes below 0, one a unit.
    pub alpha: Vec<f32>,
}

impl BatchLayer for PreluLayer {
    type Tape = ();

    fn tape(&self, _samples: usize) {}

    fn outputs(&self) -> usize {
        self.alpha.len()
    }

    fn forward(&self, _engine: &mut Engine, x: &Batch, a: &mut Batch) {
        each_numbered_sample(a, |sample, a| Slopes(&self.alpha).forward(sample_of(x, sample), a));
    }

    fn backward(&self, pass: Pass<'_>, _tape: &mut ()) {
        let Pass { turn, x, d, dx, factor, .. } = pass;
        if let Some(dx) = dx {
            each_numbered_sample(dx, |sample, dx| {
                Slopes(&self.alpha).input_gradient(sample_of(x, sample), sample_of(d, sample), dx);
            });
        }
        if turn.learns {
            factor.scale(d);
        }
    }

    fn each_weight<'l>(&'l mut self, visit: &mut dyn FnMut(Weight<'l>)) {
        visit(Weight::vector(optimizer::Tensor::Other, &mut self.alpha));
    }

    fn add_gradient(_tape: &(), seen: Seen<'_>, _part: Part, _engine: &mut Engine, dalpha: &mut [f32]) {
        let Seen { x, d } = seen;
        (0..x.ncols()).for_each(|sample| Slopes::add_gradients(sample_of(x, sample), sample_of(d, sample), dalpha));
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        vec![vector("alpha", Some(optimizer::Tensor::Other), &self.alpha)]
    }

    fn tensors_mut(&mut self) -> TensorsMut<'_> {
        vec![&mut self.alpha]
    }
}
