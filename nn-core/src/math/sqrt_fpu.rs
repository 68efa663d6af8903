//! Square root by the FPU's instruction. IEEE 754 rounds it correctly, so its bits are those of `sqrt_libm.rs`.

/// Square root, correctly rounded.
#[must_use]
#[inline]
pub fn sqrt(x: f32) -> f32 {
    crate::fpu::sqrt(x)
}
