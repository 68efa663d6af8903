//! The exponential, eˣ = 2ⁿ · eʳ with n = round(x / ln 2) and |r| ≤ ln 2 / 2, eʳ by a polynomial.

/// Adding it to a float below 2²² rounds that float to an integer, which then stands in the low mantissa bits.
const ROUND: f32 = 12_582_912.0; // 1.5 · 2²³

/// ln 2 in two parts: the first has nine bits, so its product with n is exact (Cody and Waite, 1980).
const LN_2_HIGH: f32 = 355.0 / 512.0;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// Beyond these the result is zero or infinite, whatever x.
const LOWEST: f32 = -104.0;
const HIGHEST: f32 = 89.0;

/// e to the power x, within 0.9 ulp, without branches.
///
/// NaN gives NaN; below −104 the result is 0, above 88.73 infinity; results below 2⁻¹²⁶ are subnormal. A larger x never has
/// a smaller result.
/// The polynomial is that of Moshier's Cephes library (`expf`).
///
/// ```
/// assert_eq!(nn_core::math::exp(0.0), 1.0);
/// assert_eq!(nn_core::math::exp(f32::NEG_INFINITY), 0.0);
/// ```
#[must_use]
#[inline]
pub fn exp(x: f32) -> f32 {
    // A comparison with NaN is false, so NaN passes through both.
    let x = if x < LOWEST { LOWEST } else { x };
    let x = if x > HIGHEST { HIGHEST } else { x };

    let shifted = x * core::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let high = x - n * LN_2_HIGH; // exact
    let low = n * LN_2_LOW;
    let r = high - low;

    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_2e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 0.5;
    // 1 + r + p · r², with r in its two parts: that spares the rounding of their difference.
    p = high + (p * (r * r) - low) + 1.0;

    // Two factors, because 2ⁿ alone would leave the range of normal numbers before the product does.
    let n = shifted.to_bits().wrapping_sub(ROUND.to_bits()).cast_signed();
    let half = n >> 1;
    p * power_of_two(half) * power_of_two(n.wrapping_sub(half))
}

/// 2ⁿ for −126 ≤ n ≤ 127, by its bits.
#[inline]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits(n.wrapping_add(127).cast_unsigned() << 23)
}

#[cfg(test)]
mod tests {
    use super::exp;

    #[test]
    fn reaches_zero_and_infinity_and_keeps_nan() {
        assert_eq!(exp(-104.0).to_bits(), 0);
        assert_eq!(exp(f32::NEG_INFINITY).to_bits(), 0);
        assert_eq!(exp(88.8), f32::INFINITY);
        assert_eq!(exp(f32::INFINITY), f32::INFINITY);
        assert!(exp(f32::NAN).is_nan());
    }

    #[test]
    fn is_exact_at_zero_and_subnormal_far_below() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-0.0), 1.0);
        assert!(exp(-100.0) > 0.0 && exp(-100.0) < f32::MIN_POSITIVE);
    }
}
