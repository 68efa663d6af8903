//! Kullback–Leibler divergence, L = Σ y · ln(y / a), with gradient −y / a.

use super::Loss;
use super::probability::at_least_epsilon;
use crate::Vector;
use crate::math;
use crate::setting::settings;

settings! {
    /// L = Σ y · ln(y / a), for distributions a and y; both count as at least 10⁻⁷, as in Keras.
    ///
    /// ```
    /// use nn_core::loss::{KlDivergence, Loss};
    /// assert_eq!(KlDivergence.value(&[0.25, 0.75], &[0.25, 0.75]), 0.0);
    /// ```
    pub struct KlDivergence;
}

impl Loss for KlDivergence {
    type Target<V: Vector> = V;

    #[inline]
    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        a.iter().zip(y).fold(0.0, |sum, (&a, &y)| {
            let (a, y) = (at_least_epsilon(a), at_least_epsilon(y));
            sum + y * math::ln(y / a)
        })
    }

    #[inline]
    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        for ((da, &a), &y) in da.iter_mut().zip(a).zip(y) {
            *da = -at_least_epsilon(y) / at_least_epsilon(a);
        }
    }
}
