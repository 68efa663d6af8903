//! Dropout: in training units are switched off; see [`nn_core::layer::Dropout`].

use nn_core::layer::DropoutRate;
use nn_core::train::Occasion;

use super::batch::{Batch, BatchLayer, Pass, Turn, each_numbered_sample, occasion_of};

/// A dropout layer.
#[derive(Clone, Debug, PartialEq)]
pub struct DropoutLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// The probability with which a unit is switched off in training.
    pub rate: DropoutRate,
}

impl DropoutLayer {
    fn switch_off(&self, first: Occasion, values: &mut Batch) {
        each_numbered_sample(values, |sample, values| self.rate.apply(occasion_of(first, sample), values));
    }
}

impl BatchLayer for DropoutLayer {
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
        self.switch_off(turn.occasion, a);
    }

    fn backward(&self, pass: Pass<'_>, _tape: &mut (), _gradients: &mut [Vec<f32>]) {
        if let Some(dx) = pass.dx {
            dx.copy_from(pass.d);
            self.switch_off(pass.turn.occasion, dx);
        }
    }
}
