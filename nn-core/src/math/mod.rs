//! Scalar functions with the same bits on every machine; the only caller of `libm`.
//!
//! `exp` and what follows from it are branch-free f32 arithmetic, so that a loop over them is vectorized on
//! the host and needs no table on the chip. The rest is the `libm` crate, whose version is pinned. Errors are bounds over
//! all 2³² numbers, against f64.

#[cfg(feature = "micromath")]
pub mod approximate;

mod exp;
mod sigmoid;
mod softplus;
mod tanh;

#[cfg_attr(feature = "std", path = "sqrt_std.rs")]
#[cfg_attr(all(nn_fpu, not(feature = "std")), path = "sqrt_fpu.rs")]
#[cfg_attr(not(any(nn_fpu, feature = "std")), path = "sqrt_libm.rs")]
mod sqrt;

pub use exp::exp;
pub use sigmoid::sigmoid;
pub use softplus::softplus;
pub use sqrt::sqrt;
pub use tanh::tanh;

/// Natural logarithm, from `libm`, within 0.9 ulp. NaN for NaN and for numbers below 0.
///
/// ```
/// assert_eq!(nn_core::math::ln(1.0), 0.0);
/// ```
#[must_use]
pub fn ln(x: f32) -> f32 {
    libm::logf(x)
}

/// The complementary error function, from `libm`, within 3.5 ulp; in [0, 2]. NaN for NaN.
///
/// ```
/// assert_eq!(nn_core::math::erfc(0.0), 1.0);
/// ```
#[must_use]
pub fn erfc(x: f32) -> f32 {
    libm::erfcf(x)
}

/// Cosine, from `libm`, within 0.6 ulp; in [−1, 1]. NaN for NaN and for ±∞.
///
/// ```
/// assert_eq!(nn_core::math::cos(0.0), 1.0);
/// ```
#[must_use]
pub fn cos(x: f32) -> f32 {
    libm::cosf(x)
}

/// `base` to the power `exponent`, from `libm`, within 1 ulp.
///
/// NaN for roots of finite numbers below 0, and if one of the two is NaN, unless the other makes it 1 anyway.
///
/// ```
/// assert_eq!(nn_core::math::pow(0.5, 2.0), 0.25);
/// ```
#[must_use]
pub fn pow(base: f32, exponent: f32) -> f32 {
    libm::powf(base, exponent)
}

/// The nearest integer, halves away from zero, from `libm`; exact, so within 0.5 ulp. NaN for NaN.
///
/// ```
/// assert_eq!([0.5, -0.5, 2.4].map(nn_core::math::round), [1.0, -1.0, 2.0]);
/// ```
#[must_use]
pub fn round(x: f32) -> f32 {
    libm::roundf(x)
}
