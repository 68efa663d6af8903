//! Square root in software. IEEE 754 rounds it correctly, so its bits are those of `sqrt_std.rs`.

/// Square root, correctly rounded: within 0.5 ulp. NaN for NaN and for numbers below 0.
#[must_use]
pub fn sqrt(x: f32) -> f32 {
    libm::sqrtf(x)
}
