//! Layers without weights that give as many values as they take, in their place: what they do to the values forward, and to
//! the gradients backward.

use nn_core::train::Occasion;

use super::batch::{Batch, BatchLayer, Pass, Turn, each_numbered_sample, occasion_of};
use crate::gemm::Engine;

/// A layer without weights that changes values where they are, or only passes them on.
pub(super) trait InPlace {
    /// Inputs, which are the outputs.
    fn units(&self) -> usize;

    /// From the input to the answers, as after training.
    ///
    /// # Shapes
    /// - `x`: UNITS×N
    fn change(&self, x: &mut Batch) {
        let _ = x;
    }

    /// From the input to the answers during training; `first` is the occasion of the first sample.
    ///
    /// # Shapes
    /// - `x`: UNITS×N
    fn change_in_training(&self, first: Occasion, x: &mut Batch) {
        let _ = first;
        self.change(x);
    }

    /// From the signal to the gradient by the input.
    ///
    /// # Shapes
    /// - `d`: UNITS×N
    fn change_signal(&self, pass: &Pass<'_>, d: &mut Batch) {
        let _ = (pass, d);
    }
}

impl<L: InPlace> BatchLayer for L {
    type Tape = ();

    fn tape(&self, _samples: usize) {}

    fn outputs(&self) -> usize {
        self.units()
    }

    fn forward(&self, _engine: &mut Engine, x: &Batch, a: &mut Batch) {
        a.copy_from(x);
        self.change(a);
    }

    fn forward_taped(&self, turn: Turn, _engine: &mut Engine, x: &Batch, _tape: &mut (), a: &mut Batch) {
        a.copy_from(x);
        self.change_in_training(turn.occasion, a);
    }

    fn backward(&self, mut pass: Pass<'_>, _tape: &mut ()) {
        if let Some(dx) = pass.dx.take() {
            dx.copy_from(pass.d);
            self.change_signal(&pass, dx);
        }
    }
}

/// Does something with each sample on its occasion.
pub(super) fn each_occasion(first: Occasion, values: &mut Batch, work: impl Fn(Occasion, &mut [f32])) {
    each_numbered_sample(values, |sample, values| work(occasion_of(first, sample), values));
}
