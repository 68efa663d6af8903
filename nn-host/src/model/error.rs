//! Why a model cannot answer to data.

use crate::metric::TargetsError;

/// Data that a model cannot answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PredictError {
    /// Samples of another size.
    #[error("the data has {found} features a sample, the model expects {expected}")]
    Inputs {
        /// Inputs of the model.
        expected: usize,
        /// Features of the data.
        found: usize,
    },
    /// Bytes for a model of numbers, or numbers for a model of bytes.
    #[error("the data holds {found} values, the model expects {expected}")]
    Encoding {
        /// What the model was trained with.
        expected: &'static str,
        /// What the data holds.
        found: &'static str,
    },
    /// Targets of another size.
    #[error("the data has {found} {what}, the model has {expected} outputs")]
    Outputs {
        /// Classes or target values.
        what: &'static str,
        /// Outputs of the model.
        expected: usize,
        /// Classes or target values of the data.
        found: usize,
    },
    /// A layer that is not there.
    #[error("there is no layer {layer}; the model has {known}, counted from 0")]
    Layer {
        /// Which one.
        layer: usize,
        /// Layers of the model.
        known: usize,
    },
    /// Targets that do not go with a metric.
    #[error(transparent)]
    Metric(#[from] TargetsError),
}
