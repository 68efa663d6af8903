//! From bytes to numbers at a network's end: a batch holds these numbers already, see the folder's head.

use nn_core::int8::Quantization;

use super::super::in_place::InPlace;

/// Bytes to numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct DequantizeLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// What the bytes stand for.
    pub input: Quantization,
}

impl InPlace for DequantizeLayer {
    fn units(&self) -> usize {
        self.units
    }
}
