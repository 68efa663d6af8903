//! Categorical hinge loss, L = max(1 + maxᵢ (1 − yᵢ)·aᵢ − Σ y·a, 0): the best wrong class should stay 1 below the right one.

use super::{Loss, above_zero};
use crate::Vector;
use crate::setting::settings;

settings! {
    /// L = max(1 + maxᵢ (1 − yᵢ)·aᵢ − Σ y·a, 0), for one-hot targets y.
    ///
    /// ```
    /// use nn_core::loss::{CategoricalHinge, Loss};
    /// assert_eq!(CategoricalHinge.value(&[0.5, 2.0, 1.5], &[0.0, 1.0, 0.0]), 0.5);
    /// ```
    pub struct CategoricalHinge;
}

/// The place and the value of the best wrong class, and the value of the right one.
fn compare(a: &[f32], y: &[f32]) -> (usize, f32, f32) {
    let start = (0, f32::NEG_INFINITY, 0.0);
    a.iter().zip(y).enumerate().fold(start, |(place, wrong, right), (k, (&a, &y))| {
        let other = (1.0 - y) * a;
        let (place, wrong) = if other > wrong { (k, other) } else { (place, wrong) };
        (place, wrong, right + y * a)
    })
}

impl Loss for CategoricalHinge {
    type Target<V: Vector> = V;

    #[inline]
    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        let (_, wrong, right) = compare(a, y);
        above_zero(wrong - right + 1.0)
    }

    #[inline]
    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        let (place, wrong, right) = compare(a, y);
        let is_active = wrong - right + 1.0 > 0.0;
        for (k, (da, &y)) in da.iter_mut().zip(y).enumerate() {
            let of_wrong = if k == place { 1.0 - y } else { 0.0 };
            *da = if is_active { of_wrong - y } else { 0.0 };
        }
    }
}
