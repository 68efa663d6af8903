//! Alpha dropout: in training units take the value that SELU tends to, and mean and variance stay; see
//! [`nn_core::layer::AlphaDropout`].

use nn_core::layer::DropoutRate;

use super::batch::{Batch, BatchLayer, Pass, Turn, each_numbered_sample, occasion_of};

/// An alpha dropout layer.
#[derive(Clone, Debug, PartialEq)]
pub struct AlphaDropoutLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// The probability with which a unit is switched off in training.
    pub rate: DropoutRate,
}

impl BatchLayer for AlphaDropoutLayer {
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
        each_numbered_sample(a, |sample, a| self.rate.apply_alpha(occasion_of(turn.occasion, sample), a));
    }

    fn backward(&self, pass: Pass<'_>, _tape: &mut (), _gradients: &mut [Vec<f32>]) {
        if let Some(dx) = pass.dx {
            dx.copy_from(pass.d);
            let first = pass.turn.occasion;
            each_numbered_sample(dx, |sample, dx| self.rate.apply_alpha_gradient(occasion_of(first, sample), dx));
        }
    }
}
