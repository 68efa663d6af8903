//! A largest norm of each unit's weights (Srebro and Shraibman, 2005), w ← w · min(‖w‖, c) / (ε + ‖w‖), ε = 10⁻⁷.

use super::Constraint;
use super::columns::{at_most, rescale};
use crate::setting::settings;

settings! {
    /// Each unit's weights have at most the norm `max_value`.
    ///
    /// ```
    /// use nn_core::constraint::{Constraint, MaxNorm};
    /// let mut w = [3.0, 4.0]; // one unit with two inputs
    /// MaxNorm.apply(1, &mut w);
    /// assert!((w[0] - 1.2).abs() < 1e-6 && (w[1] - 1.6).abs() < 1e-6);
    /// ```
    pub struct MaxNorm {
        /// the largest norm c.
        max_value: NotNegative = 2.0,
    }
}

impl Constraint for MaxNorm {
    fn apply(&self, units: usize, w: &mut [f32]) {
        rescale(units, w, |norm| at_most(norm, self.max_value));
    }
}
