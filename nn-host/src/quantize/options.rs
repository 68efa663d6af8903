//! How a model is quantized.

use core::fmt;
use core::str::FromStr;

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
/// assert_eq!("int4".parse(), Ok(WeightWidth::Int4));
/// assert_eq!((WeightWidth::Int8.most(), WeightWidth::Int4.most()), (127, 7));
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
    /// `int8` or `int4`
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Int8 => "int8",
            Self::Int4 => "int4",
        }
    }

    /// The greatest weight, in steps of its scale.
    #[must_use]
    pub const fn most(self) -> u8 {
        match self {
            Self::Int8 => 127,
            Self::Int4 => 7,
        }
    }
}

/// What is no width of weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("weights are of int8 or int4")]
pub struct WeightWidthError;

impl FromStr for WeightWidth {
    type Err = WeightWidthError;

    fn from_str(text: &str) -> Result<Self, WeightWidthError> {
        match text {
            "int8" => Ok(Self::Int8),
            "int4" => Ok(Self::Int4),
            _ => Err(WeightWidthError),
        }
    }
}

impl fmt::Display for WeightWidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
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
