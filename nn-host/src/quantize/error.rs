//! Why a model cannot be quantized.

use nn_core::int8::MultiplierError;

use crate::model::PredictError;

/// Why a model cannot be quantized.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QuantizeError {
    /// A layer that has no form in bytes.
    #[error("{layer} ({kind}) cannot be quantized: {nearest}")]
    Layer {
        /// The name of the layer.
        layer: String,
        /// What it is.
        kind: String,
        /// What is supported and does nearly the same.
        nearest: &'static str,
    },
    /// A model without a dense layer.
    #[error("the model has no dense layer, there is nothing to quantize")]
    NoDense,
    /// No data to see values of.
    #[error("the calibration data has no samples")]
    Empty,
    /// Data that does not fit the model.
    #[error("calibration data: {0}")]
    Data(#[from] PredictError),
    /// Values that are infinite or no numbers.
    #[error("{layer} gives values on the calibration data that are not finite, or have no range that a float can say")]
    Range {
        /// The name of the layer.
        layer: String,
    },
    /// A file that cannot be as small as it is to be.
    #[error("the model takes at least {least} bytes, with weights of 4 bits in each layer; {budget} are allowed")]
    Budget {
        /// The bytes that the file may have.
        budget: usize,
        /// The bytes that it has at least.
        least: usize,
    },
    /// Scales that are too far apart.
    #[error("{layer}: {source}")]
    Multiplier {
        /// The name of the layer.
        layer: String,
        /// The number that follows from the scales.
        source: MultiplierError,
    },
}
