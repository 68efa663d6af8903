//! Inference in 8-bit integers, with the published arithmetic of TensorFlow Lite, bit for bit: slices in, slices out.
//!
//! A number is kept as a byte q, and stands for (q − zero point) · scale ([`Quantization`]). A dense layer sums
//! products of bytes in an i32 and takes the sum to the scale of its output by a fixed-point [`Multiplier`]
//! ([`dense`]). What follows it is a table of 256 bytes ([`table`]), or [`Softmax`]. Scales are needed to make these,
//! on the host or when a model is loaded; what runs for each sample is integers alone. A network of floats learns to be
//! one of bytes with [`FakeQuantization`].
//!
//! The interpreters that run such networks do not agree in every byte. What each of them computes, found by running
//! TensorFlow Lite Micro of October 2026 and the reference operators of TensorFlow 2.21 and LiteRT 2.3 on the same
//! files:
//!
//! | | TensorFlow Lite Micro | LiteRT, reference operators |
//! |---|---|---|
//! | dense | [`Rounding::Tflm`] | [`Rounding::Litert`] |
//! | sigmoid, tanh | [`table::tflm_sigmoid`], [`table::tflm_tanh`] | [`table::of`] |
//! | leaky ReLU | [`table::leaky_relu`] | the same |
//! | softmax | [`Softmax`] | the same |
//! | another scale | [`Requantization`] | the same |
//!
//! ```
//! use nn_core::int8::{Clamp, DenseOutput, Multiplier, Quantization, Rounding, dense, fold_zero_point};
//!
//! // One layer, x · [1.0, −0.5] + 0.25, with inputs in [−1, 1] and outputs in [0, 2].
//! let (input, output) = (Quantization::new(1.0 / 127.0, 0)?, Quantization::new(2.0 / 255.0, -128)?);
//! let (weight_scale, weights) = (1.0 / 127.0, [127, -64]);
//! let mut bias = [4032]; // 0.25 in steps of both scales' product
//! fold_zero_point(input.zero_point(), &weights, &mut bias);
//!
//! let multipliers = [Multiplier::dense(input, weight_scale, output)?];
//! let clamp = Clamp::relu(output);
//! let output_of_layer = DenseOutput { multipliers: &multipliers, zero_point: -128, clamp, rounding: Rounding::Tflm };
//! let mut z = [0];
//! dense(&[input.quantize(0.5), input.quantize(-0.5)], &weights, &bias, &output_of_layer, &mut z);
//! assert!((output.dequantize(z[0]) - 1.0).abs() < 0.02); // 0.5 + 0.25 + 0.25
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod multiplier;
mod quantization;
mod rounding;

mod clamp;
mod dense;
mod fake;
mod requantization;

pub mod int4;
pub mod packed;
pub mod target;

mod fixed_point;
mod softmax;
pub mod table;

pub use clamp::Clamp;
#[cfg(nn_dsp)]
pub(crate) use dense::add_product;
pub use dense::{DenseOutput, dense, fold_zero_point, unfold_zero_point};
pub use fake::{FakeQuantization, round_weights};
pub use multiplier::{Multiplier, MultiplierError};
pub use quantization::{Quantization, QuantizationError};
pub use requantization::Requantization;
pub use rounding::Rounding;
pub use softmax::{Exponentials, Softmax, softmax};
