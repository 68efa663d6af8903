//! A layer that does nothing: the plain branch of a concatenation.

use super::batch::{Batch, BatchLayer, Pass};

/// A layer that does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkipLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
}

impl BatchLayer for SkipLayer {
    type Tape = ();

    fn tape(&self, _samples: usize) {}

    fn outputs(&self) -> usize {
        self.units
    }

    fn forward(&self, x: &Batch, a: &mut Batch) {
        a.copy_from(x);
    }

    fn backward(&self, pass: Pass<'_>, _tape: &mut (), _gradients: &mut [Vec<f32>]) {
        if let Some(dx) = pass.dx {
            dx.copy_from(pass.d);
        }
    }
}
