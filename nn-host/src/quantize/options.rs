//! How a model is quantized.

use nn_core::int8::Rounding;

use super::Calibration;

/// Which weights share a scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Granularity {
    /// Those of one output: per channel.
    #[default]
    Channel,
    /// All of a layer: per tensor.
    Tensor,
}

/// How a model is quantized.
///
/// ```
/// use nn_host::quantize::{Granularity, QuantizeOptions};
/// let options = QuantizeOptions { granularity: Granularity::Tensor, ..Default::default() };
/// assert!(!options.bias_correction);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct QuantizeOptions {
    /// Which weights share a scale.
    pub granularity: Granularity,
    /// How a range follows from the values that were seen.
    pub calibration: Calibration,
    /// Which interpreter's bytes; TensorFlow Lite Micro's if nothing else is said.
    pub rounding: Rounding,
    /// Whether biases make up for what the rounding of weights does to the mean of each output.
    pub bias_correction: bool,
}
