//! Dense layers of bytes with weights of 4 bits: the bytes of a layer with the same weights in 8 bits, in a smaller file.

use nn_core::format::{Int4DenseView, Int8Dense};
use nn_core::int8::int4::{self, RangeError};

use super::super::batch::{Batch, BatchLayer, Pass};
use super::Int8DenseLayer;
use crate::gemm::Engine;

/// A dense layer of bytes with weights of 4 bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Int4DenseLayer {
    /// Two weights in a byte.
    packed: Vec<u8>,
    /// The same, one in a byte.
    dense: Int8DenseLayer,
}

impl Int4DenseLayer {
    /// The layer with these weights, in 4 bits.
    ///
    /// # Errors
    /// [`RangeError`] where a weight is not in −8 … 7.
    pub fn new(dense: Int8DenseLayer) -> Result<Self, RangeError> {
        let mut packed = vec![0; dense.kernel.len().div_ceil(2)];
        int4::pack(&dense.kernel, &mut packed)?;
        Ok(Self { packed, dense })
    }

    /// The layer with its weights in 8 bits.
    #[must_use]
    pub const fn unpacked(&self) -> &Int8DenseLayer {
        &self.dense
    }

    /// A copy of a dense layer of a model file.
    pub(crate) fn from_view(view: &Int4DenseView<'_>) -> Self {
        let weights = view.inputs as usize * view.outputs as usize;
        let dense = Int8DenseLayer {
            inputs: view.inputs as usize,
            kernel: int4::unpack(view.kernel).take(weights).collect(),
            bias: view.bias.to_vec(),
            multipliers: view.multipliers.to_vec(),
            weight_scales: view.weight_scales.to_vec(),
            input: view.input,
            output: view.quantization,
            clamp: view.clamp,
            rounding: view.rounding,
            packed: None,
        };
        Self { packed: view.kernel.to_vec(), dense }
    }

    /// What a model file's record says of a layer with so many inputs and outputs.
    pub(crate) const fn record(&self, inputs: u32, outputs: u32) -> Int8Dense {
        self.dense.record(inputs, outputs)
    }

    /// The tensors in the order of the file, as bytes.
    pub(crate) fn tensor_bytes(&self) -> [&[u8]; 4] {
        let [_, bias, multipliers, scales] = self.dense.tensor_bytes();
        [&self.packed, bias, multipliers, scales]
    }
}

impl BatchLayer for Int4DenseLayer {
    type Tape = ();

    fn tape(&self, _samples: usize) {}

    fn outputs(&self) -> usize {
        self.dense.outputs()
    }

    fn forward(&self, engine: &mut Engine, x: &Batch, a: &mut Batch) {
        self.dense.forward(engine, x, a);
    }

    /// Nothing, as behind [`Int8DenseLayer`].
    fn backward(&self, pass: Pass<'_>, _tape: &mut ()) {
        let _ = pass;
    }
}
