//! Clipping by the global norm, g ← g · c / max(‖g‖, c), with the norm of all gradients of the network.

use super::{Adjustment, Known, Scope, clip_to_norm};
use crate::optimizer::hyperparameters::positive;
use crate::optimizer::{HyperparameterError, Weights};

/// The gradient of the network is shortened to the norm c if it is longer, and keeps its direction; Keras'
/// `global_clipnorm`.
///
/// A norm that is infinite makes finite gradients zero and others not a number.
///
/// ```
/// use nn_core::optimizer::{Adam, Adjust, Adjusted, GlobalClipNorm};
/// let optimizer: Adjusted<GlobalClipNorm, Adam> = Adam::default().clipped_by_global_norm(1.0)?;
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GlobalClipNorm(f32);

impl GlobalClipNorm {
    /// Clips to the norm `limit`.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `limit` is above 0 and finite.
    pub fn new(limit: f32) -> Result<Self, HyperparameterError> {
        positive("global_clipnorm", limit).map(Self)
    }
}

impl Adjustment for GlobalClipNorm {
    const SCOPE: Scope = Scope::Network;
    const KEEPS_ZEROS: bool = true;

    #[inline]
    fn adjust(&self, known: &Known, weights: Weights<'_>) {
        clip_to_norm(self.0, known.sum_of_squares, weights.g);
    }
}
