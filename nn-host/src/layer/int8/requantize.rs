//! Bytes of one quantization to bytes of another.

use nn_core::int8::{Quantization, Requantization};

use super::super::batch::Batch;
use super::super::in_place::InPlace;
use super::each_sample_in_bytes;

/// A change of quantization.
#[derive(Clone, Debug, PartialEq)]
pub struct RequantizeLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// The change.
    pub change: Requantization,
    /// What the bytes of the input stand for.
    pub input: Quantization,
    /// What the bytes of the output stand for.
    pub output: Quantization,
}

impl InPlace for RequantizeLayer {
    fn units(&self) -> usize {
        self.units
    }

    fn change(&self, x: &mut Batch) {
        each_sample_in_bytes(x, [self.input, self.output], |bytes| self.change.apply(bytes));
    }
}
