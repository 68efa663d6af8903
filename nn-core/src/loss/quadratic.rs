//! The chapter's quadratic cost, L = ½ · Σ (a − y)², with gradient a − y.

use super::Loss;
use crate::Vector;
use crate::setting::settings;

settings! {
    /// L = ½‖y − a‖², summed over the outputs; Keras has only its mean, [`MeanSquaredError`](super::MeanSquaredError).
    ///
    /// ```
    /// use nn_core::loss::{Loss, Quadratic};
    /// assert_eq!(Quadratic.value(&[1.0, 3.0], &[0.0, 1.0]), 2.5);
    /// ```
    pub struct Quadratic;
}

impl Loss for Quadratic {
    type Target<V: Vector> = V;

    #[inline]
    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        0.5 * a.iter().zip(y).fold(0.0, |sum, (&a, &y)| sum + (a - y) * (a - y))
    }

    #[inline]
    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        for ((da, &a), &y) in da.iter_mut().zip(a).zip(y) {
            *da = a - y;
        }
    }
}
