//! Categorical focal cross-entropy (Lin et al., 2017) with α = 1/4, γ = 2, L = −α · Σ y · (1 − a)² · ln a.

use super::{Loss, probability};
use crate::math;

/// α, as in Keras.
const ALPHA: f32 = 0.25;

/// L = −α · Σ y · (1 − a)² · ln a, with α = 1/4, for probabilities a: Keras' defaults.
///
/// ```
/// use nn_core::loss::{CategoricalFocalCrossentropy, Loss};
/// assert!(CategoricalFocalCrossentropy.value(&[0.0, 1.0], &[0.0, 1.0]).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CategoricalFocalCrossentropy;

impl CategoricalFocalCrossentropy {
    pub(super) const DEFAULT: Self = Self;
}

impl Loss for CategoricalFocalCrossentropy {
    #[inline]
    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        a.iter().zip(y).fold(0.0, |sum, (&a, &y)| {
            let a = probability(a);
            sum - ALPHA * y * (1.0 - a) * (1.0 - a) * math::ln(a)
        })
    }

    /// α · y · (1 − a) · (2 ln a − (1 − a) / a)
    #[inline]
    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        for ((da, &a), &y) in da.iter_mut().zip(a).zip(y) {
            let a = probability(a);
            *da = ALPHA * y * (1.0 - a) * (2.0 * math::ln(a) - (1.0 - a) / a);
        }
    }
}
