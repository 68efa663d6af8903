//! Activations by themselves, a = σ(x): what follows a normalization that stands before the activation.

use nn_core::activation::{Activation, AnyActivation};
use nn_core::layer::Signal;

use super::batch::{Batch, BatchLayer, Pass, each_sample};
use super::dense::through_activation;

/// An activation.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivationLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// Which one.
    pub activation: AnyActivation,
}

impl BatchLayer for ActivationLayer {
    type Tape = ();

    fn tape(&self, _samples: usize) {}

    fn outputs(&self) -> usize {
        self.units
    }

    fn forward(&self, x: &Batch, a: &mut Batch) {
        a.copy_from(x);
        each_sample(a, |a| self.activation.forward(a));
    }

    fn backward(&self, pass: Pass<'_>, _tape: &mut (), _gradients: &mut [Vec<f32>]) {
        if pass.signal == Signal::Activation {
            through_activation(self.activation, pass.x, pass.a, pass.d);
        }
        if let Some(dx) = pass.dx {
            dx.copy_from(pass.d);
        }
    }
}
