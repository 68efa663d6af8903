//! Alpha dropout: in training units take the value that SELU tends to, and mean and variance stay; see
//! [`nn_core::layer::AlphaDropout`].

use nn_core::layer::DropoutRate;
use nn_core::train::Occasion;

use super::batch::{Batch, Pass};
use super::in_place::{InPlace, each_occasion};

/// An alpha dropout layer.
#[derive(Clone, Debug, PartialEq)]
pub struct AlphaDropoutLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// The probability with which a unit is switched off in training.
    pub rate: DropoutRate,
}

impl InPlace for AlphaDropoutLayer {
    fn units(&self) -> usize {
        self.units
    }

    fn change_in_training(&self, first: Occasion, x: &mut Batch) {
        each_occasion(first, x, |occasion, x| self.rate.apply_alpha(occasion, x));
    }

    fn change_signal(&self, pass: &Pass<'_>, d: &mut Batch) {
        each_occasion(pass.turn.occasion, d, |occasion, d| self.rate.apply_alpha_gradient(occasion, d));
    }
}
