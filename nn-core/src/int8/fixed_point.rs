//! Exponential, sigmoid and tanh in 32-bit fixed point, those of gemmlowp.
//!
//! A number of n integer bits is an i32 that counts steps of 2^(n − 31): it is in [−2ⁿ, 2ⁿ). Most here have none, they
//! are fractions in [−1, 1), and 1 is the largest of them, 1 − 2⁻³¹.

use super::rounding::{product, product_within, saturated, shift_right};

/// 1 as a number of no integer bits, or as near as can be.
const ONE: i32 = i32::MAX;

/// 1 as a number of two integer bits.
const ONE_OF_TWO_BITS: i32 = 1 << 29;

/// e^(−2ᵏ) for k from −2 to 4.
const POWERS: [i32; 7] = [1_672_461_947, 1_302_514_674, 790_015_084, 290_630_308, 39_332_535, 720_401, 242];

/// eˣ for x ≤ 0 of so many integer bits, up to 5; a fraction.
///
/// x is −¼ · n − r with r in [0, ¼): e⁻ʳ by a polynomial, and for each bit of n a factor.
pub(super) fn exp(x: i32, integer_bits: u32) -> i32 {
    let quarter = 1 << (29 - integer_bits);
    let last_quarter = (x & (quarter - 1)) - quarter;
    // It has no more than 29 bits before this.
    let near_zero = exp_of_last_quarter(last_quarter << integer_bits);
    let rest = last_quarter.wrapping_sub(x);
    let bits = 29 - integer_bits..31;
    // All powers are multiplied, so that no number of instructions tells x.
    let e = POWERS.iter().zip(bits).fold(near_zero, |so_far, (&power, bit)| {
        let is_set = (rest >> bit) & 1;
        so_far ^ ((so_far ^ product(so_far, power)) & -is_set)
    });
    if x == 0 { ONE } else { e }
}

/// eˣ for x in [−¼, 0), the Taylor series at −⅛ to its fourth power: within 3 · 10⁻⁷.
fn exp_of_last_quarter(x: i32) -> i32 {
    const EXP_OF_MINUS_EIGHTH: i32 = 1_895_147_668;
    const THIRD: i32 = 715_827_883;
    let x = x + (1 << 28);
    let x2 = product_within(x, x);
    let x3 = product_within(x2, x);
    let x4 = product_within(x2, x2);
    // x² / 2 + x³ / 6 + x⁴ / 24; |x| is at most ⅛, so no sum overflows.
    let beyond_first = halved(product_within(quartered(x4) + x3, THIRD) + x2);
    EXP_OF_MINUS_EIGHTH + product_within(EXP_OF_MINUS_EIGHTH, x + beyond_first)
}

fn halved(x: i32) -> i32 {
    saturated(shift_right(i64::from(x), 1))
}

fn quartered(x: i32) -> i32 {
    saturated(shift_right(i64::from(x), 2))
}

/// 2 / (1 + x) for a fraction x ≥ 0, with two integer bits: three steps of Newton's, from 48/17 − 32/17 · (1 + x) / 2.
fn twice_reciprocal(x: i32) -> i32 {
    const START: i32 = 1_515_870_810;
    const SLOPE: i32 = -1_010_580_540;
    let half_denominator = (x >> 1) + (1 << 30);
    let start = START + product(half_denominator, SLOPE);
    (0..3).fold(start, |y, _| {
        let error = ONE_OF_TWO_BITS.wrapping_sub(product(half_denominator, y));
        y.wrapping_add(product(y, error).saturating_mul(4))
    })
}

/// 1 / (1 + x) for a fraction x ≥ 0; a fraction.
pub(super) fn reciprocal_of_one_plus(x: i32) -> i32 {
    twice_reciprocal(x).saturating_mul(2)
}

/// 1 / (1 + e⁻ˣ) for x of four integer bits; a fraction.
pub(super) fn sigmoid(x: i32) -> i32 {
    let of_magnitude = reciprocal_of_one_plus(exp(x.saturating_abs().wrapping_neg(), 4));
    match x {
        0 => 1 << 30,
        1.. => of_magnitude,
        _ => ONE - of_magnitude,
    }
}

/// tanh x = (1 − e⁻²ˣ) / (1 + e⁻²ˣ) for x of four integer bits; a fraction.
pub(super) fn tanh(x: i32) -> i32 {
    // As a number of five integer bits the same i32 is 2x.
    let e = exp(x.saturating_abs().wrapping_neg(), 5);
    let of_magnitude = twice_reciprocal(e).wrapping_sub(ONE_OF_TWO_BITS).saturating_mul(4);
    of_magnitude.wrapping_mul(x.signum())
}

#[cfg(test)]
mod tests {
    use super::{exp, reciprocal_of_one_plus, sigmoid, tanh};

    fn real(fraction: i32) -> f64 {
        f64::from(fraction) / 2_147_483_648.0
    }

    /// Numbers of all sizes that are at least 0.
    fn numbers() -> impl Iterator<Item = i32> {
        (0..=i32::MAX).step_by(99_991).chain((0..31).map(|n| 1 << n)).chain([i32::MAX])
    }

    #[test]
    fn exponentials_are_right_to_six_digits() {
        for x in numbers() {
            for integer_bits in [4, 5] {
                let expected = (real(-x) * f64::from(1 << integer_bits)).exp();
                assert!((real(exp(-x, integer_bits)) - expected).abs() < 3e-7, "{x} of {integer_bits} bits");
            }
        }
    }

    #[test]
    fn reciprocals_are_right_to_eight_digits() {
        for x in numbers() {
            assert!((real(reciprocal_of_one_plus(x)) - 1.0 / (1.0 + real(x))).abs() < 1e-8, "{x}");
        }
    }

    #[test]
    fn sigmoid_and_tanh_are_right_to_six_digits_on_both_sides() {
        for x in numbers().flat_map(|x| [x, -x]).chain([i32::MIN]) {
            let z = real(x) * 16.0;
            assert!((real(sigmoid(x)) - 1.0 / (1.0 + (-z).exp())).abs() < 3e-7, "sigmoid of {z}");
            assert!((real(tanh(x)) - z.tanh()).abs() < 3e-7, "tanh of {z}");
        }
    }
}
