//! Logarithm of the hyperbolic cosine, L = 1/n · Σ ln cosh(a − y), with gradient tanh(a − y)/n.

use super::mean::mean_loss;
use crate::math;

mean_loss! {
    /// L = 1/n · Σ ln cosh(a − y): about ½e² near zero, |e| − ln 2 far away.
    ///
    /// ```
    /// use nn_core::loss::{Loss, LogCosh};
    /// assert!(LogCosh.value(&[2.0], &[2.0]).abs() < 1e-6);
    /// ```
    pub struct LogCosh;
    value(a, y) = log_cosh(a - y);
    slope(a, y) = math::tanh(a - y);
}

/// ln cosh e = |e| + ln(1 + e^(−2|e|)) − ln 2, which does not overflow.
fn log_cosh(e: f32) -> f32 {
    e.abs() + (math::softplus(-2.0 * e.abs()) - core::f32::consts::LN_2)
}
