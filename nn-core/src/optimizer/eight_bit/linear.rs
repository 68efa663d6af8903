//! Numbers of either sign as a byte times a power of two: −127 … 127 steps of one size.

use crate::Zero;

/// The size of the steps, as the exponent that an f32 just below 128 steps has in its bits.
///
/// ```
/// use nn_core::optimizer::LinearScale;
/// let scale = LinearScale::covering(100.0); // steps of 1
/// assert_eq!([0, 0x3fff, 0xc000].map(|random| scale.pack(-2.5, random)), [-3, -3, -2]);
/// assert_eq!(scale.unpack(-3), -3.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinearScale(u8);

impl Zero for LinearScale {
    const ZERO: Self = Self(0);
}

/// The bits of an f32's fraction that follow on its first six, which 127 steps leave out.
const BELOW_A_STEP: u32 = 0x1_ffff;

/// Exponent of the smallest scale: its steps are 2⁻¹²⁶, the smallest normal number.
const SMALLEST: u8 = 7;

impl LinearScale {
    /// The smallest scale that has this number among −127 … 127 steps; the greatest for what is not finite.
    #[must_use]
    pub fn covering(number: f32) -> Self {
        Self(((number.abs().to_bits() + BELOW_A_STEP) >> 23).min(255) as u8)
    }

    /// Exponent of a step in the bits of an f32.
    fn exponent(self) -> u32 {
        u32::from(self.0.max(SMALLEST) - 6)
    }

    /// The number in steps, rounded down or up: up with a probability of its fraction, if `random` is one of all u16.
    /// Beyond the steps it is the last one, and 0 if it is not a number.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the cast is meant to saturate")]
    pub fn pack(self, number: f32, random: u16) -> i8 {
        let steps_per_unit = f32::from_bits((254 - self.exponent()) << 23);
        let moved = number * steps_per_unit + (f32::from(random) + 0.5) * (1.0 / 65_536.0);
        let toward_zero = moved as i8;
        toward_zero.saturating_sub(i8::from(f32::from(toward_zero) > moved)).max(-127)
    }

    /// The number of so many steps.
    #[must_use]
    pub fn unpack(self, code: i8) -> f32 {
        f32::from(code) * f32::from_bits(self.exponent() << 23)
    }
}

#[cfg(test)]
mod tests {
    use super::LinearScale;

    const NUMBERS: [f32; 8] = [1.0, 1.984_375, 1.984_376, 2.0, 100.0, 1e-30, 3e38, 2e-36];

    #[test]
    fn the_scale_is_the_smallest_that_has_the_number() {
        for number in NUMBERS {
            let scale = LinearScale::covering(-number);
            assert!(number <= scale.unpack(127), "{number}");
            assert!(number > scale.unpack(127) / 2.0, "{number}");
        }
    }

    #[test]
    fn a_number_that_has_a_code_is_not_rounded() {
        for scale in NUMBERS.map(LinearScale::covering) {
            for code in -127..=127 {
                let number = scale.unpack(code);
                assert_eq!([0, 1, 40_000, u16::MAX].map(|random| scale.pack(number, random)), [code; 4]);
            }
        }
    }

    #[test]
    fn the_mean_over_all_roundings_is_the_number() {
        let scale = LinearScale::covering(100.0);
        for number in [0.3, -0.3, 1e-3, 99.99, -77.71, 1e-5, -1e-9] {
            let codes = (0..=u16::MAX).map(|random| scale.pack(number, random));
            let mean = codes.clone().map(f64::from).sum::<f64>() / 65_536.0;
            assert!((mean - f64::from(number)).abs() < 1e-5, "{number} {mean}");
            let (least, greatest) = (codes.clone().min().unwrap(), codes.max().unwrap());
            assert!(greatest - least <= 1, "{number} is between {least} and {greatest}");
        }
    }

    #[test]
    fn what_is_not_finite_has_a_code_too() {
        let scale = LinearScale::covering(f32::INFINITY);
        assert_eq!(
            [f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 1.0].map(|number| scale.pack(number, 0)),
            [127, -127, 0, 0]
        );
        assert_eq!([127, -127].map(|code| scale.unpack(code)), [f32::INFINITY, f32::NEG_INFINITY]);
        assert_eq!(LinearScale::covering(f32::NAN), scale);
        assert_eq!(LinearScale::covering(1.0).pack(1e30, 0), 127);
        assert_eq!(LinearScale::covering(0.0).unpack(LinearScale::covering(0.0).pack(0.0, u16::MAX)), 0.0);
    }
}
