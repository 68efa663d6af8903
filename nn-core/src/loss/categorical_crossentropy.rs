//! Categorical cross-entropy, L = −Σ y · ln a, with gradient −y / a; after softmax, dz = a · Σ y − y.

use super::{Loss, at_least_epsilon};
use crate::activation::AnyActivation;
use crate::math;

/// L = −Σ y · ln a, for probabilities a and a target y that is one-hot or a distribution.
///
/// ```
/// use nn_core::loss::{CategoricalCrossentropy, Loss};
/// let loss = CategoricalCrossentropy.value(&[0.5, 0.5], &[1.0, 0.0]);
/// assert!((loss - 0.693_147).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CategoricalCrossentropy;

impl CategoricalCrossentropy {
    pub(super) const DEFAULT: Self = Self;
}

impl Loss for CategoricalCrossentropy {
    #[inline]
    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        a.iter().zip(y).filter(|&(_, &y)| y != 0.0).fold(0.0, |sum, (&a, &y)| sum - y * math::ln(at_least_epsilon(a)))
    }

    #[inline]
    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        for ((da, &a), &y) in da.iter_mut().zip(a).zip(y) {
            *da = -y / at_least_epsilon(a);
        }
    }

    /// After softmax, whose Jacobian takes −y / a to a · Σ y − y.
    #[inline]
    fn fused_gradient(&self, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool {
        let AnyActivation::Softmax(_) = activation else { return false };
        let total = y.iter().fold(0.0, |sum, &y| sum + y);
        for ((dz, &a), &y) in dz.iter_mut().zip(a).zip(y) {
            *dz = a * total - y;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{CategoricalCrossentropy, Loss};
    use crate::activation::{AnyActivation, Softmax};

    #[test]
    fn a_certain_mistake_is_finite_and_nan_shows() {
        assert!((CategoricalCrossentropy.value(&[0.0, 1.0], &[1.0, 0.0]) - 16.118_095).abs() < 1e-5);
        assert!(CategoricalCrossentropy.value(&[f32::NAN], &[1.0]).is_nan());
    }

    #[test]
    fn after_softmax_the_error_is_the_difference() {
        let mut dz = [0.0; 2];
        assert!(CategoricalCrossentropy.fused_gradient(
            AnyActivation::Softmax(Softmax),
            &[0.75, 0.25],
            &[0.0, 1.0],
            &mut dz
        ));
        assert_eq!(dz, [0.75, -0.75]);
    }
}
