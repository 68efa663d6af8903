//! Approximations by the crate `micromath`, for activations at inference: three digits, and fewer instructions where floats
//! are made of integers.
//!
//! Never for a loss or an optimizer: `micromath`'s logarithm is off by 0.118 below 1, its square root by 6 %.

use micromath::F32;

/// Beyond ±87 the result is 0 or infinite: `micromath` would fold it.
const LIMIT: f32 = 87.0;

/// e to the power x, with a relative error up to 0.0024. NaN gives NaN; above 87 the result is infinite, below −87 it is 0.
///
/// ```
/// use nn_core::math::{approximate, exp};
/// assert!((approximate::exp(2.5) / exp(2.5) - 1.0).abs() < 0.0024);
/// ```
#[must_use]
pub fn exp(x: f32) -> f32 {
    // As integers, sizes compare in one instruction on every chip.
    if x.abs().to_bits() < LIMIT.to_bits() { F32(x).exp().0 } else { limit(x) }
}

/// The exponential of a number that is beyond the limit, or NaN.
#[cold]
fn limit(x: f32) -> f32 {
    if x > 0.0 {
        f32::INFINITY
    } else if x < 0.0 {
        0.0
    } else {
        x
    }
}

/// The logistic function, off by up to 0.00054.
///
/// ```
/// assert_eq!(nn_core::math::approximate::sigmoid(0.0), 0.5);
/// ```
#[must_use]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The hyperbolic tangent, off by up to 0.0011.
///
/// ```
/// assert_eq!(nn_core::math::approximate::tanh(0.0), 0.0);
/// ```
#[must_use]
pub fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (exp(2.0 * x) + 1.0)
}

/// ln(1 + eˣ), off by up to 0.0008.
///
/// ```
/// use nn_core::math::{approximate, softplus};
/// assert!((approximate::softplus(1.0) - softplus(1.0)).abs() < 0.0008);
/// ```
#[must_use]
pub fn softplus(x: f32) -> f32 {
    let positive = if x > 0.0 { x } else { 0.0 };
    // Between 1 and 2 `micromath`'s logarithm is good.
    positive + F32(1.0 + exp(-x.abs())).ln().0
}
