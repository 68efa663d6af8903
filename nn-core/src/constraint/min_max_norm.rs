//! A range of each unit's norm, w ← w · (r · clip(‖w‖, c₀, c₁) + (1 − r) · ‖w‖) / (ε + ‖w‖), ε = 10⁻⁷.

use super::Constraint;
use super::columns::{at_least, at_most, rescale};
use crate::setting::settings;

settings! {
    /// The norm of each unit's weights moves into the range from `min_value` to `max_value`, or a share `rate` of the way. Of
    /// limits that stand the other way round the upper one holds.
    ///
    /// ```
    /// use nn_core::constraint::{Constraint, MinMaxNorm};
    /// let mut w = [3.0, 4.0]; // one unit with two inputs
    /// MinMaxNorm.with("rate", 0.5)?.apply(1, &mut w);
    /// assert!((w[0] - 1.8).abs() < 1e-6 && (w[1] - 2.4).abs() < 1e-6); // from norm 5 half of the way to 1
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    pub struct MinMaxNorm {
        /// the smallest norm c₀.
        min_value: NotNegative = 0.0,
        /// the largest norm c₁.
        max_value: NotNegative = 1.0,
        /// the share r of the way that a step goes.
        rate: Share = 1.0,
    }
}

impl Constraint for MinMaxNorm {
    fn apply(&self, units: usize, w: &mut [f32]) {
        rescale(units, w, |norm| {
            let within = at_most(at_least(norm, self.min_value), self.max_value);
            self.rate * within + (1.0 - self.rate) * norm
        });
    }
}
