//! Training: epochs of batches, each a forward pass, the output's error, a backward pass and an update.

mod fit;
mod history;
mod observer;
mod order;
mod step;

pub use fit::{FitError, FitOptions, Validation};
pub use history::{EpochRecord, History};
pub use observer::{Observer, Progress};
