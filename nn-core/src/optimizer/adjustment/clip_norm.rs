//! Clipping by norm, g ← g · c / max(‖g‖, c), each tensor by itself.

use super::{Adjustment, Known, Scope, clip_to_norm};
use crate::optimizer::hyperparameters::positive;
use crate::optimizer::{HyperparameterError, Weights};

/// The gradient of each tensor is shortened to the norm c if it is longer; Keras' `clipnorm`.
///
/// A norm that is infinite makes finite gradients zero and others not a number.
///
/// ```
/// use nn_core::optimizer::{Adam, Adjust, Adjusted, ClipNorm};
/// let optimizer: Adjusted<ClipNorm, Adam> = Adam::default().clipped_by_norm(1.0)?;
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClipNorm(f32);

impl ClipNorm {
    /// Clips to the norm `limit`.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `limit` is above 0 and finite.
    pub fn new(limit: f32) -> Result<Self, HyperparameterError> {
        positive("clipnorm", limit).map(Self)
    }
}

impl Adjustment for ClipNorm {
    const SCOPE: Scope = Scope::Tensor;
    const KEEPS_ZEROS: bool = true;

    fn adjust(&self, known: &Known, weights: Weights<'_>) {
        clip_to_norm(self.0, known.sum_of_squares, weights.g);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::adjusted;
    use super::ClipNorm;

    #[test]
    fn a_long_gradient_gets_the_norm_and_keeps_its_direction() {
        assert_eq!(adjusted(ClipNorm::new(1.0).unwrap(), &[3.0, 0.0, -4.0]), [0.6, 0.0, -0.8]);
    }

    #[test]
    fn a_short_gradient_keeps_its_bits() {
        for g in [[3.0, 0.0, -4.0], [0.1, 1e-20, 3.3], [0.0, -0.0, 0.0]] {
            assert_eq!(adjusted(ClipNorm::new(5.0).unwrap(), &g).map(f32::to_bits), g.map(f32::to_bits));
        }
    }

    #[test]
    fn what_has_no_norm_is_not_hidden_unless_it_is_finite() {
        let clip = ClipNorm::new(1.0).unwrap();
        assert_eq!(adjusted(clip, &[1e30, -1.0]), [0.0, -0.0]);
        assert!(adjusted(clip, &[f32::INFINITY, 1.0])[0].is_nan());
        assert!(adjusted(clip, &[f32::NAN, 1.0])[0].is_nan());
    }
}
