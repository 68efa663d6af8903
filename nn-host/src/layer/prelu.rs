//! Parametric ReLU, whose slope below 0 each unit learns; see [`nn_core::layer::Prelu`].

use nn_core::layer::Slopes;
use nn_core::optimizer;

use super::batch::{Batch, BatchLayer, Pass, each_numbered_sample, sample_of};
use super::tensor::{Tensor, TensorsMut, vector};

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

    fn forward(&self, x: &Batch, a: &mut Batch) {
        each_numbered_sample(a, |sample, a| Slopes(&self.alpha).forward(sample_of(x, sample), a));
    }

    fn backward(&self, pass: Pass<'_>, _tape: &mut (), gradients: &mut [Vec<f32>]) {
        let Pass { x, d, dx, factor, .. } = pass;
        if let Some(dx) = dx {
            each_numbered_sample(dx, |sample, dx| {
                Slopes(&self.alpha).input_gradient(sample_of(x, sample), sample_of(d, sample), dx);
            });
        }
        if let [dalpha] = gradients {
            factor.scale(d);
            (0..x.ncols()).for_each(|sample| Slopes::add_gradients(sample_of(x, sample), sample_of(d, sample), dalpha));
        }
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        vec![vector("alpha", Some(optimizer::Tensor::Other), &self.alpha)]
    }

    fn tensors_mut(&mut self) -> TensorsMut<'_> {
        vec![&mut self.alpha]
    }
}
