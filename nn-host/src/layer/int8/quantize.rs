//! From numbers to bytes at a network's start: each number becomes the nearest that a byte stands for.

use nn_core::int8::Quantization;

use super::super::batch::{Batch, each_sample};
use super::super::in_place::InPlace;

/// Numbers to bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantizeLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// What the bytes stand for.
    pub output: Quantization,
}

impl InPlace for QuantizeLayer {
    fn units(&self) -> usize {
        self.units
    }

    fn change(&self, x: &mut Batch) {
        each_sample(x, |x| x.iter_mut().for_each(|x| *x = self.output.dequantize(self.output.quantize(*x))));
    }
}
