//! Sigmoid linear unit, swish, a = z · σ(z), with slope σ(z) · (1 + z · (1 − σ(z))).

use super::scalar::scalar;
use crate::math;

scalar! {
    /// a = z · σ(z); Keras' `silu` and `swish`. NaN for −∞, and the slope for ±∞.
    ///
    /// ```
    /// use nn_core::activation::{Activation, Silu};
    /// let mut z = [0.0];
    /// Silu.forward(&mut z);
    /// assert_eq!(z, [0.0]);
    /// ```
    pub struct Silu;
    value(z) = z * math::sigmoid(z);
    slope(input z) = slope(z);
}

/// σ(z) · (1 + z · (1 − σ(z)))
fn slope(z: f32) -> f32 {
    let s = math::sigmoid(z);
    s * (1.0 + z * (1.0 - s))
}
