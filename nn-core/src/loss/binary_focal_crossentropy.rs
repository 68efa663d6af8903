//! Binary focal cross-entropy (Lin et al., 2017) with γ = 2, L = −1/n · Σ (1 − p)²·ln p, p the probability of the truth.

use super::mean::mean_loss;
use super::probability;
use crate::math;

mean_loss! {
    /// L = 1/n · Σ (1 − p)² · H(a, y), H the binary cross-entropy and p = y·a + (1 − y)(1 − a): Keras' default, without class
    /// balancing.
    ///
    /// ```
    /// use nn_core::loss::{Loss, BinaryFocalCrossentropy};
    /// assert!(BinaryFocalCrossentropy.value(&[1.0], &[1.0]).abs() < 1e-6);
    /// ```
    pub struct BinaryFocalCrossentropy;
    value(a, y) = focal(probability(a), y);
    slope(a, y) = focal_slope(probability(a), y);
}

/// (1 − p)² · H
fn focal(a: f32, y: f32) -> f32 {
    let miss = 1.0 - truth(a, y);
    miss * miss * entropy(a, y)
}

/// −2(1 − p)(2y − 1) · H + (1 − p)² · (a − y) / (a(1 − a))
fn focal_slope(a: f32, y: f32) -> f32 {
    let miss = 1.0 - truth(a, y);
    let entropy_slope = (a - y) / (a * (1.0 - a));
    miss * (miss * entropy_slope - 2.0 * (2.0 * y - 1.0) * entropy(a, y))
}

/// The probability of the truth, p = y·a + (1 − y)(1 − a).
fn truth(a: f32, y: f32) -> f32 {
    y * a + (1.0 - y) * (1.0 - a)
}

/// The binary cross-entropy of one output.
fn entropy(a: f32, y: f32) -> f32 {
    -(y * math::ln(a) + (1.0 - y) * math::ln(1.0 - a))
}
