//! Mish (Misra, 2019), a = z · t with t = tanh(ln(1 + eᶻ)), with slope t + z · (1 − t²) · σ(z).

use super::scalar::scalar;
use crate::math;

scalar! {
    /// a = z · tanh(softplus(z)). NaN for −∞, and the slope for ±∞.
    ///
    /// ```
    /// use nn_core::activation::{Activation, Mish};
    /// let mut z = [0.0];
    /// Mish.forward(&mut z);
    /// assert_eq!(z, [0.0]);
    /// ```
    pub struct Mish;
    value(z) = z * math::tanh(math::softplus(z));
    slope(input z) = slope(z);
}

/// t + z · (1 − t²) · σ(z)
fn slope(z: f32) -> f32 {
    let t = math::tanh(math::softplus(z));
    t + z * (1.0 - t * t) * math::sigmoid(z)
}
