//! Optimizers that can step in place: each row of weights moves when its own gradient is known.

use super::{Optimizer, Rule};

/// An optimizer that needs to know no more than a row of weights and its gradient.
///
/// Every [`Rule`] is one, and remains one with an [`Adjustment`](super::Adjustment) around it that is for a row by
/// itself. A norm needs all gradients at once, which only a [`BatchTrainer`](crate::train::BatchTrainer) stores:
///
/// ```
/// # use nn_core::{activation::Identity, layer::Dense, loss::MeanSquaredError, train::OnlineTrainer};
/// use nn_core::optimizer::{Adam, Adjust};
/// let by_value = Adam::default().clipped_by_value(1.0)?;
/// OnlineTrainer::new(Dense::new([[0.0]], [0.0], Identity), MeanSquaredError, by_value);
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
///
/// ```compile_fail,E0277
/// # use nn_core::{activation::Identity, layer::Dense, loss::MeanSquaredError, train::OnlineTrainer};
/// # use nn_core::optimizer::{Adam, Adjust};
/// let by_norm = Adam::default().clipped_by_norm(1.0)?;
/// OnlineTrainer::new(Dense::new([[0.0]], [0.0], Identity), MeanSquaredError, by_norm);
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot step in place",
    label = "must know all gradients before the first weight moves",
    note = "a `BatchTrainer` stores the gradients, also those of batches of one sample"
)]
pub trait InPlace: Optimizer {}

impl<R: Rule> InPlace for R {}
