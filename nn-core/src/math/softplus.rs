//! Softplus, ln(1 + eˣ) = max(x, 0) + ln(1 + e⁻|ˣ|).

use super::exp;

/// ln 2 in two parts (Cody and Waite, 1980), as in `exp`.
const LN_2_HIGH: f32 = 355.0 / 512.0;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// √2 − 1, below which ln(1 + y) needs no reduction.
const SQRT_2_MINUS_1: f32 = core::f32::consts::SQRT_2 - 1.0;

/// ln(1 + eˣ), within 1.7 ulp, without branches.
///
/// NaN gives NaN; results are at least 0, below −103.98 the result is 0.
///
/// ```
/// assert!((nn_core::math::softplus(0.0) - core::f32::consts::LN_2).abs() < 1e-7);
/// assert_eq!(nn_core::math::softplus(100.0), 100.0);
/// ```
#[must_use]
#[inline]
pub fn softplus(x: f32) -> f32 {
    let positive = if x > 0.0 { x } else { 0.0 };
    positive + ln_1p(exp(-x.abs()))
}

/// ln(1 + y) for y in [0, 1]: with f = y, or f = (y − 1) / 2 and ln 2 on top, f − f²/2 + f³ · P(f) by the polynomial of
/// Moshier's Cephes (`logf`).
#[inline]
fn ln_1p(y: f32) -> f32 {
    let is_halved = y > SQRT_2_MINUS_1;
    let f = if is_halved { 0.5 * (y - 1.0) } else { y };
    let (high, low) = if is_halved { (LN_2_HIGH, LN_2_LOW) } else { (0.0, 0.0) };
    let s = f * f;
    let mut p = 7.037_683_6e-2;
    p = p * f - 1.151_461e-1;
    p = p * f + 1.167_699_9e-1;
    p = p * f - 1.242_014_1e-1;
    p = p * f + 1.424_932_3e-1;
    p = p * f - 1.666_805_8e-1;
    p = p * f + 2.000_071_5e-1;
    p = p * f - 2.499_999_4e-1;
    p = p * f + 0.333_333_3;
    f + ((p * f) * s - 0.5 * s + low) + high
}

#[cfg(test)]
mod tests {
    use super::softplus;

    #[test]
    fn keeps_nan_and_reaches_its_limits() {
        assert!(softplus(f32::NAN).is_nan());
        assert_eq!(softplus(200.0), 200.0);
        assert_eq!(softplus(-200.0), 0.0);
    }
}
