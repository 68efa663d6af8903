//! Activations by themselves, a = σ(x): what follows a normalization that stands before the activation.

use nn_core::activation::{Activation, AnyActivation};
use nn_core::layer::Signal;

use super::batch::{Batch, Pass, each_sample};
use super::dense::through_activation;
use super::in_place::InPlace;

/// An activation.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivationLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// Which one.
    pub activation: AnyActivation,
}

impl InPlace for ActivationLayer {
    fn units(&self) -> usize {
        self.units
    }

    fn change(&self, x: &mut Batch) {
        each_sample(x, |a| self.activation.forward(a));
    }

    fn change_signal(&self, pass: &Pass<'_>, d: &mut Batch) {
        if pass.signal == Signal::Activation {
            through_activation(self.activation, pass.x, pass.a, d);
        }
    }
}
