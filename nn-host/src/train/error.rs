//! Why a model cannot be fitted.

use nn_core::activation::AnyActivation;

use super::CheckpointError;
use crate::augment::ShapeError;
use crate::data::{DatasetError, SplitError};
use crate::model::PredictError;
use crate::quantize::QuantizeError;

/// Why a model cannot be fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// The training data does not fit the model.
    #[error("training data: {0}")]
    Training(#[source] PredictError),
    /// The validation data does not fit the model.
    #[error("validation data: {0}")]
    Validation(#[source] PredictError),
    /// The samples are no images, or others than those to be distorted.
    #[error("distortion: {0}")]
    Augment(#[from] ShapeError),
    /// The data cannot be split.
    #[error("validation split: {0}")]
    Split(#[from] SplitError),
    /// A part of the data is no data set.
    #[error("validation split: {0}")]
    Part(#[from] DatasetError),
    /// A split for a training that takes all samples at once, or window by window.
    #[error("a training on all samples at once, or on a stream, is validated with a set of its own, not with a split")]
    UnusedSplit,
    /// Sample weights for data that is split: it would not be clear whose they are.
    #[error("sample weights go with a validation set of its own, not with a split")]
    WeightsOfSplit,
    /// A number of something that must be at least one.
    #[error("{what} is 0, it must be at least 1")]
    Zero {
        /// Of what.
        what: &'static str,
    },
    /// A model without anything that learns.
    #[error("nothing learns: all layers are frozen")]
    Frozen,
    /// An activation that has no gradient.
    #[error("{layer} cannot be trained through: {activation} has no gradient")]
    NoGradient {
        /// The name of the layer.
        layer: String,
        /// Its activation.
        activation: AnyActivation,
    },
    /// A layer that learns before one of bytes.
    #[error("{layer} cannot learn: {bytes}, which comes after it, is of bytes and has no gradient; freeze {layer}")]
    BeforeBytes {
        /// The name of the layer that learns.
        layer: String,
        /// The name of the layer of bytes.
        bytes: String,
    },
    /// A model that cannot be made ready for bytes.
    #[error("quantization-aware training: {0}")]
    Quantize(#[from] QuantizeError),
    /// More samples than can be counted.
    #[error("{samples} samples are more than an epoch can have (4,294,967,295)")]
    TooManySamples {
        /// Samples of the data set.
        samples: usize,
    },
    /// Weights that do not fit the data.
    #[error("{found} weights for {expected} {what}")]
    Weights {
        /// Samples or classes.
        what: &'static str,
        /// How many there are.
        expected: usize,
        /// How many weights there are.
        found: usize,
    },
    /// A weight of a sample or a class that is negative, infinite or not a number.
    #[error("the weight of {what} {number} is {weight}, it must be at least 0 and finite")]
    Weight {
        /// Sample or class.
        what: &'static str,
        /// Which one, from 0.
        number: usize,
        /// Its weight.
        weight: f32,
    },
    /// Weights of samples for a source, which knows no sample by its number.
    #[error("samples that come in windows have no weights of their own; classes have")]
    SampleWeight,
    /// Balanced classes of a source that has not counted them.
    #[error("classes cannot be balanced: the source does not say how many samples each has")]
    Uncounted,
    /// A source whose windows are not as it says.
    #[error("a window has {found} samples, it must have {expected}")]
    Window {
        /// Samples that it should have.
        expected: usize,
        /// Samples that it has.
        found: usize,
    },
    /// The training cannot be saved or taken up again.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The loss or a weight has become infinite or not a number.
    #[error("training diverged in epoch {} of {epochs}: the {what} is not finite any more", epoch + 1)]
    Diverged {
        /// The epoch, from 0.
        epoch: u32,
        /// Epochs of the training.
        epochs: u32,
        /// What is not finite.
        what: &'static str,
    },
}
