//! Dropout: in training units are switched off; see [`nn_core::layer::Dropout`].

use nn_core::layer::DropoutRate;
use nn_core::train::Occasion;

use super::batch::{Batch, Pass};
use super::in_place::{InPlace, each_occasion};

/// A dropout layer.
#[derive(Clone, Debug, PartialEq)]
pub struct DropoutLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// The probability with which a unit is switched off in training.
    pub rate: DropoutRate,
}

impl InPlace for DropoutLayer {
    fn units(&self) -> usize {
        self.units
    }

    fn change_in_training(&self, first: Occasion, x: &mut Batch) {
        each_occasion(first, x, |occasion, x| self.rate.apply(occasion, x));
    }

    fn change_signal(&self, pass: &Pass<'_>, d: &mut Batch) {
        each_occasion(pass.turn.occasion, d, |occasion, d| self.rate.apply(occasion, d));
    }
}
