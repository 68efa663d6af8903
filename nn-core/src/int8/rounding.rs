//! How an accumulator times a multiplier becomes an integer: in two steps or in one.

/// Which of the two published roundings.
///
/// They differ by one in about one of 2^(1 + n) sums, for a multiplier that shifts by n to the right: in a tenth of the
/// bytes behind ten layers.
///
/// ```
/// use nn_core::int8::{Multiplier, Rounding};
/// let three_eighths = Multiplier::new(0.375)?; // ¾ · 2⁻¹
/// assert_eq!(three_eighths.apply(Rounding::Litert, 1), 0); // 0.375
/// assert_eq!(three_eighths.apply(Rounding::Tflm, 1), 1); // 0.75 to 1, and its half, 0.5, to 1
/// # Ok::<(), nn_core::int8::MultiplierError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounding {
    /// Twice, as gemmlowp, TensorFlow Lite Micro and CMSIS-NN: the product with the mantissa, half up, then its shift,
    /// half away from zero. LiteRT's leaky ReLU and change of scale round like this, too.
    #[default]
    Tflm,

    /// Once, half away from zero, as LiteRT's reference operator of dense layers.
    ///
    /// LiteRT multiplies by the real number as an f64, this by 31 bits of it: in about one of 10⁸ sums, those nearest
    /// to the middle of two bytes, the two may differ.
    Litert,
}

/// x / 2ⁿ for |x| ≤ 2⁶² and n ≤ 62, rounded half away from zero.
#[inline]
pub(super) const fn shift_right(x: i64, n: u32) -> i64 {
    let is_negative = (x < 0) as i64;
    (x + (((1 << n) - is_negative) >> 1)) >> n
}

/// 2 · a · b as a fraction of 2³², which is a · b if both are fractions of 2³¹; rounded half up, −1 · −1 to just below
/// 1.
///
/// gemmlowp's `SaturatingRoundingDoublingHighMul`; its truncating division after adding a half of the product's sign is
/// this.
#[inline]
pub(super) const fn product(a: i32, b: i32) -> i32 {
    if a == i32::MIN && b == i32::MIN { i32::MAX } else { product_within(a, b) }
}

/// The same for two numbers that are not both the least, whose product alone is out of range.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "all products but one are in the range")]
pub(super) const fn product_within(a: i32, b: i32) -> i32 {
    ((a as i64 * b as i64 + (1 << 30)) >> 31) as i32
}

/// The i32 nearest to an integer.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the value has been brought into the range")]
pub(super) const fn saturated(value: i64) -> i32 {
    if value > i32::MAX as i64 {
        i32::MAX
    } else if value < i32::MIN as i64 {
        i32::MIN
    } else {
        value as i32
    }
}

#[cfg(test)]
mod tests {
    use super::{product, shift_right};

    #[test]
    fn shifts_round_half_away_from_zero() {
        let halves = [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6].map(|x| shift_right(x, 2));
        assert_eq!(halves, [-2, -1, -1, -1, -1, 0, 0, 0, 1, 1, 1, 1, 2]);
        assert_eq!([-7, 7].map(|x| shift_right(x, 0)), [-7, 7]);
        assert_eq!(
            [-(1 << 61) - 1, -(1 << 61), (1 << 61) - 1, 1 << 61, 1 << 62].map(|x| shift_right(x, 62)),
            [-1, -1, 0, 1, 1]
        );
    }

    #[test]
    fn products_of_fractions_round_half_up_and_saturate() {
        let half = 1 << 30;
        assert_eq!([3, -3, 1, -1].map(|x| product(x, half)), [2, -1, 1, 0]);
        assert_eq!(product(i32::MIN, i32::MIN), i32::MAX);
        assert_eq!(product(i32::MIN, i32::MAX), -i32::MAX);
        assert_eq!(product(half, half), half / 2);
    }
}
