//! Square root in software. IEEE 754 rounds it correctly, so its bits are those of `sqrt_std.rs`.

/// Square root, correctly rounded.
#[must_use]
pub fn sqrt(x: f32) -> f32 {
    libm::sqrtf(x)
}
