//! Weights that are not below zero, w ← max(w, 0).

use super::Constraint;
use crate::setting::settings;

settings! {
    /// No weight is below zero; Keras' `NonNeg`.
    ///
    /// ```
    /// use nn_core::constraint::{Constraint, NonNegative};
    /// let mut w = [-3.0, 4.0];
    /// NonNegative.apply(2, &mut w);
    /// assert_eq!(w, [0.0, 4.0]);
    /// ```
    pub struct NonNegative;
}

impl Constraint for NonNegative {
    fn apply(&self, _units: usize, w: &mut [f32]) {
        for w in w {
            *w = if *w < 0.0 { 0.0 } else { *w };
        }
    }
}
