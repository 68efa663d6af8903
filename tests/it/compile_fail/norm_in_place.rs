//! A norm is not known before the first weight moves, unless gradients are stored.

use nn_core::activation::Identity;
use nn_core::layer::Dense;
use nn_core::loss::MeanSquaredError;
use nn_core::optimizer::{Adam, Adjust, HyperparameterError};
use nn_core::train::OnlineTrainer;

fn main() -> Result<(), HyperparameterError> {
    let optimizer = Adam::default().clipped_by_global_norm(1.0)?;
    let _trainer = OnlineTrainer::new(Dense::new([[0.0]], [0.0], Identity), MeanSquaredError, optimizer);
    Ok(())
}
