//! Weights of each unit with norm 1, w ← w · 1 / (ε + ‖w‖), ε = 10⁻⁷.

use super::Constraint;
use super::columns::rescale;
use crate::setting::settings;

settings! {
    /// Each unit's weights have the norm 1, but for those that are all 0.
    ///
    /// ```
    /// use nn_core::constraint::{Constraint, UnitNorm};
    /// let mut w = [3.0, 4.0]; // one unit with two inputs
    /// UnitNorm.apply(1, &mut w);
    /// assert!((w[0] - 0.6).abs() < 1e-6 && (w[1] - 0.8).abs() < 1e-6);
    /// ```
    pub struct UnitNorm;
}

impl Constraint for UnitNorm {
    fn apply(&self, units: usize, w: &mut [f32]) {
        rescale(units, w, |_| 1.0);
    }
}
