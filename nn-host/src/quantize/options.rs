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

/// How many bits a weight of a dense layer has.
///
/// ```
/// use nn_host::quantize::WeightWidth;
/// assert_eq!([WeightWidth::Int8, WeightWidth::Int4].map(WeightWidth::bits), [8, 4]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WeightWidth {
    /// 8 bits, −127 … 127: the largest weight is the last number.
    #[default]
    Int8,
    /// 4 bits, −7 … 7, two weights in a byte: the scale is that with the least error, for larger weights are better cut off
    /// than all others rounded to few numbers.
    Int4,
}

impl WeightWidth {
    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        match self {
            Self::Int8 => 8,
            Self::Int4 => 4,
        }
    }

    /// The greatest weight; the least is its opposite.
    pub(super) const fn most(self) -> f32 {
        match self {
            Self::Int8 => 127.0,
            Self::Int4 => 7.0,
        }
    }
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
    /// How many bits a weight has.
    pub weights: WeightWidth,
    /// Which weights share a scale.
    pub granularity: Granularity,
    /// How a range follows from the values that were seen.
    pub calibration: Calibration,
    /// Which interpreter's bytes; TensorFlow Lite Micro's if nothing else is said.
    pub rounding: Rounding,
    /// Whether biases make up for what the rounding of weights does to the mean of each output.
    pub bias_correction: bool,
}
