//! Gaussian error linear unit (Hendrycks and Gimpel, 2016), a = z · Φ(z), with slope Φ(z) + z · φ(z).

use super::scalar::scalar;
use crate::math;

scalar! {
    /// a = z · Φ(z), Φ the normal distribution; Keras' `gelu`, not approximated. NaN for −∞, and the slope for ±∞.
    ///
    /// ```
    /// use nn_core::activation::{Activation, Gelu};
    /// let mut z = [0.0];
    /// Gelu.forward(&mut z);
    /// assert_eq!(z, [0.0]);
    /// ```
    pub struct Gelu;
    value(z) = z * distribution(z);
    slope(input z) = distribution(z) + z * density(z);
}

/// The normal distribution, Φ(z) = erfc(−z / √2) / 2, which is exact in its tail too.
fn distribution(z: f32) -> f32 {
    0.5 * math::erfc(-z * core::f32::consts::FRAC_1_SQRT_2)
}

/// The normal density, φ(z) = e^(−z²/2) / √(2π).
fn density(z: f32) -> f32 {
    /// 1 / √(2π)
    const PEAK: f32 = 0.398_942_3;
    PEAK * math::exp(-0.5 * z * z)
}
