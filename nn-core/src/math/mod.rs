//! Scalar functions with the same bits on every machine; the only caller of `libm`.
//!
//! `exp` and what follows from it are branch-free f32 arithmetic, so that a loop over them is vectorized on
//! the host and needs no table on the chip. The rest is the `libm` crate, whose version is pinned.

mod exp;
mod sigmoid;
mod softplus;
mod tanh;

#[cfg_attr(feature = "std", path = "sqrt_std.rs")]
#[cfg_attr(not(feature = "std"), path = "sqrt_libm.rs")]
mod sqrt;

pub use exp::exp;
pub use sigmoid::sigmoid;
pub use softplus::softplus;
pub use sqrt::sqrt;
pub use tanh::tanh;

/// Natural logarithm, from `libm`.
///
/// ```
/// assert_eq!(nn_core::math::ln(1.0), 0.0);
/// ```
#[must_use]
pub fn ln(x: f32) -> f32 {
    libm::logf(x)
}

/// The complementary error function, from `libm`.
///
/// ```
/// assert_eq!(nn_core::math::erfc(0.0), 1.0);
/// ```
#[must_use]
pub fn erfc(x: f32) -> f32 {
    libm::erfcf(x)
}

/// Cosine, from `libm`.
///
/// ```
/// assert_eq!(nn_core::math::cos(0.0), 1.0);
/// ```
#[must_use]
pub fn cos(x: f32) -> f32 {
    libm::cosf(x)
}

/// `base` to the power `exponent`, from `libm`.
///
/// ```
/// assert_eq!(nn_core::math::pow(0.5, 2.0), 0.25);
/// ```
#[must_use]
pub fn pow(base: f32, exponent: f32) -> f32 {
    libm::powf(base, exponent)
}

/// The distance of `value` from the true `reference`, in units of the last place of an f32 of that size.
#[cfg(test)]
fn ulp(value: f32, reference: f64) -> f64 {
    let nearest = reference as f32;
    let spacing = f64::from(f32::from_bits(nearest.to_bits() + 1)) - f64::from(nearest);
    (f64::from(value) - reference).abs() / spacing.abs()
}
