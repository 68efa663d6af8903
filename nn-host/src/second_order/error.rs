//! Why a model cannot be fitted by a second-order solver.

use nn_core::loss::AnyLoss;

use crate::train::FitError;

/// Why a model cannot be fitted by a second-order solver.
///
/// ```
/// use nn_host::second_order::SecondOrderError;
/// let error = SecondOrderError::Random { solver: "lbfgs", layer: "dropout".into() };
/// assert_eq!(error.to_string(), "lbfgs needs the same loss for the same weights, and dropout is random in training");
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SecondOrderError {
    /// For a reason that is one for every training.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// A layer whose output is random in training.
    #[error("{solver} needs the same loss for the same weights, and {layer} is random in training")]
    Random {
        /// The solver.
        solver: &'static str,
        /// The name of the layer.
        layer: String,
    },
    /// A layer that is to be trained in a way that the solver cannot.
    #[error("{solver} takes no {what}, and {layer} has one")]
    Policy {
        /// The solver.
        solver: &'static str,
        /// The name of the layer.
        layer: String,
        /// What the layer has.
        what: &'static str,
    },
    /// A layer through which samples depend on each other.
    #[error("levenberg_marquardt takes samples one by one, and the statistics of {layer} are those of all; freeze it")]
    Statistics {
        /// The name of the layer.
        layer: String,
    },
    /// A loss that is no sum of squares.
    #[error("levenberg_marquardt takes mean_squared_error or quadratic, the loss is {loss}")]
    Loss {
        /// The loss.
        loss: AnyLoss,
    },
    /// Classes instead of values.
    #[error("levenberg_marquardt takes targets that are values, these are classes")]
    Classes,
    /// More weights than the solver's equations can have.
    #[error("levenberg_marquardt takes at most {most} weights that learn, the model has {found}")]
    Weights {
        /// How many it takes.
        most: usize,
        /// How many learn.
        found: usize,
    },
    /// A setting outside its range.
    #[error("{name} is {value}, it must be {range}")]
    Setting {
        /// The setting's name.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The range, in words.
        range: &'static str,
    },
}
