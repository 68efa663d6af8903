//! Softmax in integers.

use nn_core::int8::{Quantization, Softmax};

use super::super::batch::Batch;
use super::super::in_place::InPlace;
use super::each_sample_in_bytes;

/// Softmax of bytes, to [`Quantization::PROBABILITY`].
#[derive(Clone, Debug, PartialEq)]
pub struct Int8SoftmaxLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// What the inputs are multiplied by.
    pub beta: f32,
    /// The function.
    pub softmax: Softmax,
    /// What the bytes of the input stand for.
    pub input: Quantization,
}

impl InPlace for Int8SoftmaxLayer {
    fn units(&self) -> usize {
        self.units
    }

    fn change(&self, x: &mut Batch) {
        each_sample_in_bytes(x, [self.input, Quantization::PROBABILITY], |bytes| self.softmax.forward(bytes));
    }
}
