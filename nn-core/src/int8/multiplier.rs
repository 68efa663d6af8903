//! The number that takes a sum to the scale of the output, in fixed point: mantissa · 2^(exponent − 31).
//!
//! Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference, 2018.

use super::{Quantization, Rounding, rounding};

/// A real number in [0, 2³¹) as 31 bits and a power of two, `mantissa` · 2^(`exponent` − 31).
///
/// It is made from an f64, the one place in this crate that has any: TensorFlow Lite makes it so, and each of the 31
/// bits counts. The result of an inference depends on the two integers alone.
///
/// In memory it is eight bytes, so that a model file's multipliers are read where they are: the reader has checked that
/// they are some that [`from_parts`](Self::from_parts) would take.
///
/// ```
/// use nn_core::int8::{Multiplier, Rounding};
/// let third = Multiplier::new(1.0 / 3.0)?;
/// assert_eq!((third.mantissa(), third.exponent()), (1_431_655_765, -1)); // ⅔ · 2³¹, half of it
/// assert_eq!(third.apply(Rounding::Litert, 1000), 333);
/// # Ok::<(), nn_core::int8::MultiplierError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct Multiplier {
    mantissa: i32,
    exponent: i8,
    /// What fills the eight bytes.
    zeros: [u8; 3],
}

/// The exponents that a multiplier can have.
const EXPONENTS: core::ops::RangeInclusive<i8> = -31..=31;

impl Multiplier {
    /// Where the exponent is, behind the mantissa; assembly reads both.
    #[cfg(nn_dsp)]
    pub(crate) const EXPONENT: usize = core::mem::offset_of!(Self, exponent);

    /// The fixed-point number nearest to a real one, TensorFlow Lite's `QuantizeMultiplier`; below about 2⁻³² it is 0.
    ///
    /// # Errors
    /// [`MultiplierError`] unless the number is at least 0 and below 2³¹.
    pub fn new(real: f64) -> Result<Self, MultiplierError> {
        let error = MultiplierError { real };
        if !(0.0..2_147_483_648.0).contains(&real) {
            return Err(error);
        }
        // An f64 of this range is 1.fraction · 2^(exponent − 1), with a fraction of 52 bits.
        let bits = real.to_bits();
        let fraction = (bits & ((1 << 52) - 1)) | (1 << 52);
        let exponent = ((bits >> 52) & 0x7ff).cast_signed() - 1022;
        let mantissa = (fraction + (1 << 21)) >> 22;
        // Rounding up may have given 2³¹.
        let carry = mantissa >> 31;
        let (mantissa, exponent) = (mantissa >> carry, exponent + carry.cast_signed());
        if exponent < i64::from(*EXPONENTS.start()) {
            return Ok(Self::default());
        }
        let (mantissa, exponent) = (i32::try_from(mantissa), i8::try_from(exponent));
        mantissa.ok().zip(exponent.ok()).and_then(|(m, e)| Self::from_parts(m, e)).ok_or(error)
    }

    /// The multiplier of a dense layer: from the scales' product, which the sum has, to the output's scale.
    ///
    /// With a scale for each output (per channel) there is one multiplier each. All is computed in f64, as TensorFlow
    /// Lite does.
    ///
    /// # Errors
    /// [`MultiplierError`] if the quotient is not in [0, 2³¹), or not a number.
    pub fn dense(input: Quantization, weight_scale: f32, output: Quantization) -> Result<Self, MultiplierError> {
        Self::new(f64::from(input.scale()) * f64::from(weight_scale) / f64::from(output.scale()))
    }

    /// The multiplier of these two integers, such as stand in a file; `None` if the mantissa is negative or the
    /// exponent not in [−31, 31].
    #[must_use]
    pub const fn from_parts(mantissa: i32, exponent: i8) -> Option<Self> {
        let is_in_range = *EXPONENTS.start() <= exponent && exponent <= *EXPONENTS.end();
        if mantissa >= 0 && is_in_range { Some(Self { mantissa, exponent, zeros: [0; 3] }) } else { None }
    }

    /// Whether it is one that [`from_parts`](Self::from_parts) makes, which bytes of a file need not be.
    pub(crate) fn is_valid(self) -> bool {
        Self::from_parts(self.mantissa, self.exponent) == Some(self)
    }

    /// The digits, of which the highest has the value ½: in [2³⁰, 2³¹) for what is not 0.
    #[must_use]
    pub const fn mantissa(self) -> i32 {
        self.mantissa
    }

    /// The power of two, in [−31, 31].
    #[must_use]
    pub const fn exponent(self) -> i8 {
        self.exponent
    }

    /// `accumulator` times this number, rounded; at the ends of the range it saturates.
    #[must_use]
    #[inline]
    pub const fn apply(self, rounding: Rounding, accumulator: i32) -> i32 {
        match rounding {
            Rounding::Tflm => self.apply_in_two_steps(accumulator),
            Rounding::Litert => {
                let product = accumulator as i64 * self.mantissa as i64;
                rounding::saturated(rounding::shift_right(product, self.exponent.abs_diff(31) as u32))
            }
        }
    }

    #[inline]
    const fn apply_in_two_steps(self, accumulator: i32) -> i32 {
        let (left, right) = if self.exponent > 0 { (self.exponent, 0) } else { (0, self.exponent) };
        // At most 2³¹ · 2³¹.
        let shifted = rounding::saturated((accumulator as i64) << left.unsigned_abs());
        let product = rounding::product(shifted, self.mantissa);
        rounding::saturated(rounding::shift_right(product as i64, right.unsigned_abs() as u32))
    }
}

/// A number that is no multiplier.
///
/// ```
/// let error = nn_core::int8::Multiplier::new(-0.5).unwrap_err();
/// assert_eq!(error.to_string(), "multiplier is -0.5, it must be at least 0 and below 2^31");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("multiplier is {real}, it must be at least 0 and below 2^31")]
pub struct MultiplierError {
    /// The number that was given, or that followed from the scales.
    pub real: f64,
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::{Multiplier, Rounding};

    const REALS: [f64; 12] = [1e-9, 3.3e-7, 0.001, 0.0625, 0.3, 0.5, 0.75, 0.999_999, 1.0, 1.7, 42.0, 1e5];

    #[test]
    fn has_thirty_one_digits_of_the_number() {
        for real in REALS {
            let found = Multiplier::new(real).unwrap();
            let value = f64::from(found.mantissa()) * 2.0_f64.powi(i32::from(found.exponent()) - 31);
            assert!((value / real - 1.0).abs() < 2.0_f64.powi(-31), "{real}");
            assert!(found.mantissa() >= 1 << 30, "{real}");
            assert_eq!(Multiplier::from_parts(found.mantissa(), found.exponent()), Some(found));
        }
    }

    #[test]
    fn rounding_up_to_a_power_of_two_is_one() {
        let almost_one = Multiplier::new(1.0 - 1e-12).unwrap();
        assert_eq!((almost_one.mantissa(), almost_one.exponent()), (1 << 30, 1));
    }

    #[test]
    fn tiny_numbers_are_zero_and_impossible_ones_are_refused() {
        for tiny in [0.0, -0.0, f64::MIN_POSITIVE / 4.0, 2.0_f64.powi(-33)] {
            assert_eq!(Multiplier::new(tiny), Ok(Multiplier::default()), "{tiny}");
        }
        assert_eq!(Multiplier::new(2.0_f64.powi(-32)).map(Multiplier::exponent), Ok(-31));
        for real in [-1e-300, 2_147_483_648.0, 2_147_483_647.999_999_9, f64::INFINITY, f64::NAN] {
            assert!(Multiplier::new(real).is_err(), "{real}");
        }
        assert!(Multiplier::new(2_147_483_647.0).is_ok());
        for (mantissa, exponent) in [(-1, 0), (1, 32), (1, -32)] {
            assert_eq!(Multiplier::from_parts(mantissa, exponent), None);
        }
    }

    /// Accumulators of all sizes and both signs.
    fn accumulators() -> Vec<i32> {
        let sizes = (0..31).flat_map(|n| [1_i32 << n, (1 << n) + (1 << n) / 3, (1 << n) - 1]);
        sizes.flat_map(|a| [a, -a]).chain([i32::MIN, i32::MAX]).collect()
    }

    #[test]
    fn once_rounds_to_the_nearest() {
        for real in REALS {
            let multiplier = Multiplier::new(real).unwrap();
            for accumulator in accumulators() {
                // 31 bits of the number are 2³¹ in a product; what is nearer to a half is not asked.
                let exact = f64::from(accumulator) * real;
                let limits = (f64::from(i32::MIN), f64::from(i32::MAX));
                let is_clear = ((exact.abs() % 1.0) - 0.5).abs() > exact.abs() * 1e-9 + 1e-9;
                if is_clear && exact.abs() < 1e8 || exact.abs() > 1e10 {
                    let expected = exact.round().clamp(limits.0, limits.1);
                    assert_eq!(
                        f64::from(multiplier.apply(Rounding::Litert, accumulator)),
                        expected,
                        "{accumulator} · {real}"
                    );
                }
            }
        }
    }

    #[test]
    fn twice_is_off_by_at_most_one() {
        for real in REALS {
            let multiplier = Multiplier::new(real).unwrap();
            for accumulator in accumulators() {
                let [twice, once] = [Rounding::Tflm, Rounding::Litert].map(|r| multiplier.apply(r, accumulator));
                assert!(twice.abs_diff(once) <= 1 || real >= 1.0, "{accumulator} · {real}: {twice}, {once}");
            }
        }
    }

    #[test]
    fn halves_go_as_each_rounding_says() {
        let half = Multiplier::new(0.5).unwrap();
        assert_eq!([-3, -1, 1, 3].map(|a| half.apply(Rounding::Tflm, a)), [-1, 0, 1, 2]);
        assert_eq!([-3, -1, 1, 3].map(|a| half.apply(Rounding::Litert, a)), [-2, -1, 1, 2]);
    }
}
