//! Why layers cannot be built.

use nn_core::layer::{RateError, StddevError};

/// Layers that cannot be built.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LayerError {
    /// A layer without units, without inputs, or with too many.
    #[error(
        "{layer} would have {inputs} inputs and {units} units; each must be 1 to 16,777,216, their product at most 2³⁰"
    )]
    Units {
        /// Its name.
        layer: String,
        /// Its inputs.
        inputs: usize,
        /// Its units.
        units: usize,
    },
    /// More layers than can be counted.
    #[error("a model has at most 65,535 layers")]
    TooManyLayers,
    /// A dropout rate that is none.
    #[error("{layer}: {source}")]
    Rate {
        /// Its name.
        layer: String,
        /// Why.
        source: RateError,
    },
    /// A standard deviation that is none.
    #[error("{layer}: {source}")]
    Stddev {
        /// Its name.
        layer: String,
        /// Why.
        source: StddevError,
    },
    /// A learning rate that is none.
    #[error("{layer}: the factor of the learning rate is {factor}, it must be at least 0 and finite")]
    LearningRate {
        /// Its name.
        layer: String,
        /// The factor given.
        factor: f32,
    },
    /// A setting that the layer has no use for.
    #[error("{layer} has no {what}, so it takes no {setting}")]
    Useless {
        /// Its name.
        layer: String,
        /// What it has not.
        what: &'static str,
        /// What was set.
        setting: &'static str,
    },
    /// A scaling for another number of features.
    #[error("{layer} has {offsets} offsets and {scales} scales for {inputs} inputs")]
    Scale {
        /// Its name.
        layer: String,
        /// Its inputs.
        inputs: usize,
        /// Offsets given.
        offsets: usize,
        /// Scales given.
        scales: usize,
    },
    /// Two layers of one name.
    #[error("two layers have the name {name}")]
    Name {
        /// The name.
        name: String,
    },
    /// A block without layers.
    #[error("{layer} has no layers")]
    Empty {
        /// Its name.
        layer: String,
    },
    /// A block whose output cannot be added to its input.
    #[error(
        "{layer} adds {outputs} outputs to {inputs} inputs: the last layer needs as many units, or the block a projection"
    )]
    Shortcut {
        /// Its name.
        layer: String,
        /// Values of its input.
        inputs: usize,
        /// Values of its branch's output.
        outputs: usize,
    },
}
