//! Gaussian noise: in training something random is added to each unit; see [`nn_core::layer::GaussianNoise`].

use nn_core::layer::Stddev;

use super::batch::{Batch, BatchLayer, Pass, Turn, each_numbered_sample, occasion_of};

/// A layer of Gaussian noise.
#[derive(Clone, Debug, PartialEq)]
pub struct GaussianNoiseLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// The standard deviation of what is added in training.
    pub stddev: Stddev,
}

impl BatchLayer for GaussianNoiseLayer {
    type Tape = ();

    fn tape(&self, _samples: usize) {}

    fn outputs(&self) -> usize {
        self.units
    }

    fn forward(&self, x: &Batch, a: &mut Batch) {
        a.copy_from(x);
    }

    fn forward_taped(&mut self, turn: Turn, x: &Batch, _tape: &mut (), a: &mut Batch) {
        a.copy_from(x);
        each_numbered_sample(a, |sample, a| self.stddev.apply(occasion_of(turn.occasion, sample), a));
    }

    fn backward(&self, pass: Pass<'_>, _tape: &mut (), _gradients: &mut [Vec<f32>]) {
        if let Some(dx) = pass.dx {
            dx.copy_from(pass.d);
        }
    }
}
