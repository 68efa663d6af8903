//! The comparison of square roots with those of the libm crate.

/// So many bit patterns apart are the numbers that are tried: 262,658 of them, in every binade of both signs.
const STEP: usize = 16_352;

/// Compares a square root with that of libm; returns how many numbers were tried.
///
/// # Errors
/// The first number whose roots have other bits, where not both are NaN.
pub(crate) fn compare(sqrt: impl Fn(f32) -> f32) -> Result<usize, f32> {
    let mut count = 0;
    for x in (0..=u32::MAX).step_by(STEP).map(f32::from_bits) {
        let (found, expected) = (sqrt(x), libm::sqrtf(x));
        if found.to_bits() != expected.to_bits() && !(found.is_nan() && expected.is_nan()) {
            return Err(x);
        }
        count += 1;
    }
    Ok(count)
}

/// A mistake: subnormal numbers count as zero.
pub(crate) fn without_subnormals(x: f32) -> f32 {
    if x.is_subnormal() { 0.0 } else { libm::sqrtf(x) }
}
