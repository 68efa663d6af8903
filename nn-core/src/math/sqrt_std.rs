//! Square root by the processor. IEEE 754 rounds it correctly, so its bits are those of `sqrt_libm.rs`.

/// Square root, correctly rounded: within 0.5 ulp. NaN for NaN and for numbers below 0.
#[must_use]
#[inline]
#[expect(clippy::disallowed_methods, reason = "the one place that may: correctly rounded on every machine")]
pub fn sqrt(x: f32) -> f32 {
    x.sqrt()
}
