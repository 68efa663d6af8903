//! Layers of bytes over batches: for inference alone, each with the bytes that a chip computes.
//!
//! Between layers a batch holds what the bytes stand for, so that a layer's outputs mean the same in a network of floats and
//! of bytes, and any layer can take the place of its counterpart. A number that a byte stands for leads back to that byte
//! exactly, so this changes no bit.

mod dense;
mod dequantize;
mod int4_dense;
mod quantize;
mod requantize;
mod softmax;
mod table;

pub use dense::{Int8DenseLayer, PackedKernel};
pub use dequantize::DequantizeLayer;
pub use int4_dense::Int4DenseLayer;
pub use quantize::QuantizeLayer;
pub use requantize::RequantizeLayer;
pub use softmax::Int8SoftmaxLayer;
pub use table::Int8TableLayer;

use nn_core::int8::Quantization;

use super::batch::{Batch, each_sample};

/// Lets a function of bytes change each sample where it is.
fn each_sample_in_bytes(values: &mut Batch, [input, output]: [Quantization; 2], mut change: impl FnMut(&mut [i8])) {
    let mut bytes = vec![0; values.nrows()];
    each_sample(values, |sample| {
        bytes.iter_mut().zip(&*sample).for_each(|(byte, x)| *byte = input.quantize(*x));
        change(&mut bytes);
        sample.iter_mut().zip(&bytes).for_each(|(a, byte)| *a = output.dequantize(*byte));
    });
}
