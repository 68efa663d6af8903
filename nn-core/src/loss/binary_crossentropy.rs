//! Binary cross-entropy, L = −1/n · Σ (y·ln a + (1 − y)·ln(1 − a)); after sigmoid, dz = (a − y)/n.

use super::mean::count;
use super::{Loss, probability};
use crate::activation::AnyActivation;
use crate::math;

/// L = −1/n · Σ (y·ln a + (1 − y)·ln(1 − a)), for probabilities a and targets y from 0 to 1.
///
/// ```
/// use nn_core::loss::{BinaryCrossentropy, Loss};
/// assert!((BinaryCrossentropy.value(&[0.5], &[1.0]) - core::f32::consts::LN_2).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BinaryCrossentropy;

impl BinaryCrossentropy {
    pub(super) const DEFAULT: Self = Self;
}

impl Loss for BinaryCrossentropy {
    #[inline]
    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        let sum = a.iter().zip(y).fold(0.0, |sum, (&a, &y)| {
            let a = probability(a);
            sum - (y * math::ln(a) + (1.0 - y) * math::ln(1.0 - a))
        });
        sum / count(a)
    }

    #[inline]
    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        let factor = 1.0 / count(a);
        for ((da, &a), &y) in da.iter_mut().zip(a).zip(y) {
            let a = probability(a);
            *da = factor * ((a - y) / (a * (1.0 - a)));
        }
    }

    /// After sigmoid, whose slope a(1 − a) is the denominator above.
    #[inline]
    fn fused_gradient(&self, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool {
        let AnyActivation::Sigmoid(_) = activation else { return false };
        let factor = 1.0 / count(a);
        for ((dz, &a), &y) in dz.iter_mut().zip(a).zip(y) {
            *dz = factor * (a - y);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{BinaryCrossentropy, Loss};

    #[test]
    fn a_certain_mistake_is_finite() {
        assert!((BinaryCrossentropy.value(&[0.0], &[1.0]) - 16.118_095).abs() < 1e-5);
        assert!(BinaryCrossentropy.value(&[1.0], &[0.0]) < 16.2);
    }
}
