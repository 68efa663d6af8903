//! Huber loss (Huber, 1964), L = 1/n · Σ ½e² for |e| ≤ δ, δ|e| − ½δ² beyond, e = a − y, with gradient e/n cut off at ±δ/n.

use super::mean::mean_loss;

mean_loss! {
    /// L = 1/n · Σ ½e² for |e| ≤ δ, δ|e| − ½δ² beyond, with e = a − y.
    ///
    /// ```
    /// use nn_core::loss::{Huber, Loss};
    /// assert_eq!(Huber.value(&[0.5, 3.0], &[0.0, 0.0]), 1.3125);
    /// assert_eq!(Huber.with("delta", 2.0)?.value(&[0.5, 3.0], &[0.0, 0.0]), 2.0625);
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    pub struct Huber {
        /// the error δ from which on the loss is linear, above 0.
        delta: Positive = 1.0,
    }
    value(huber, a, y) = huber.cost(a - y);
    slope(huber, a, y) = huber.cut_off(a - y);
}

impl Huber {
    /// ½e² near zero, δ|e| − ½δ² beyond.
    fn cost(&self, e: f32) -> f32 {
        let delta = self.delta;
        if e.abs() <= delta { 0.5 * e * e } else { delta * e.abs() - 0.5 * delta * delta }
    }

    /// e between −δ and δ; NaN stays NaN.
    fn cut_off(&self, e: f32) -> f32 {
        if e > self.delta {
            self.delta
        } else if e < -self.delta {
            -self.delta
        } else {
            e
        }
    }
}
