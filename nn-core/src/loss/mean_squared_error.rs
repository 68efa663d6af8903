//! Mean squared error, L = 1/n · Σ (a − y)², with gradient 2/n · (a − y).

use super::Loss;
use crate::activation::AnyActivation;

/// L = 1/n · Σ (a − y)², the mean over the n outputs, as in Keras.
///
/// ```
/// use nn_core::loss::{Loss, MeanSquaredError};
/// assert_eq!(MeanSquaredError.value(&[1.0, 3.0], &[0.0, 1.0]), 2.5);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanSquaredError;

impl MeanSquaredError {
    pub(super) const DEFAULT: Self = Self;
}

impl Loss for MeanSquaredError {
    #[inline]
    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        let sum = a.iter().zip(y).fold(0.0, |sum, (&a, &y)| sum + (a - y) * (a - y));
        sum / count(a)
    }

    #[inline]
    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        let factor = 2.0 / count(a);
        for ((da, &a), &y) in da.iter_mut().zip(a).zip(y) {
            *da = factor * (a - y);
        }
    }

    #[inline]
    fn fused_gradient(&self, _: AnyActivation, _: &[f32], _: &[f32], _: &mut [f32]) -> bool {
        false
    }
}

/// The number of outputs; one for none, so that nothing divides by zero.
#[expect(clippy::cast_precision_loss, reason = "layers have far fewer than 2²⁴ outputs")]
fn count(a: &[f32]) -> f32 {
    a.len().max(1) as f32
}
