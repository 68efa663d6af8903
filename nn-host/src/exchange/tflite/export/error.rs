//! Why a model cannot be written as a `.tflite` file.

use crate::quantize::QuantizeError;

/// Why a model cannot be written as a `.tflite` file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TfliteExportError {
    /// A layer that is no operator there.
    #[error("{layer} ({kind}) cannot be exported to .tflite: {nearest}")]
    Layer {
        /// The name of the layer.
        layer: String,
        /// What it is.
        kind: String,
        /// What can be exported and does nearly the same.
        nearest: &'static str,
    },
    /// A model without a dense layer.
    #[error("the model has no dense layer, there is nothing to export")]
    NoDense,
    /// Bytes at the ends of a network that has none there.
    #[error("the file cannot take and give bytes: {what}")]
    Int8Io {
        /// Why.
        what: &'static str,
    },
    /// Too many weights.
    #[error("the file would have {bytes} bytes, interpreters read less than 2³¹")]
    TooLarge {
        /// Of the file.
        bytes: usize,
    },
}

impl From<QuantizeError> for TfliteExportError {
    /// What cannot be folded cannot be quantized either, and has the same nearest form.
    fn from(error: QuantizeError) -> Self {
        match error {
            QuantizeError::Layer { layer, kind, nearest } => Self::Layer { layer, kind, nearest },
            _ => Self::NoDense,
        }
    }
}
