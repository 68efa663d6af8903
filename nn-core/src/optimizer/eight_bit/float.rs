//! Numbers from 0 up as a byte: an exponent of 5 bits and a fraction of 3, relative to a scale; 0 is only for 0.

use crate::Zero;

/// The exponent, in the bits of an f32, of the smallest numbers that can be packed.
///
/// The numbers reach over 32 powers of two, with 8 steps in each. What is smaller than the smallest is taken for it: a rule
/// that divides by the number's root would leap if a number could become 0.
///
/// ```
/// use nn_core::optimizer::FloatScale;
/// let scale = FloatScale::covering(1.5);
/// let packed = [0.0, 1e-30, 0.01, 1.0, 1.5].map(|number| scale.unpack(scale.pack(number, 0)));
/// assert_eq!(packed, [0.0, 1.125 / 2_147_483_648.0, 0.009_765_625, 1.0, 1.5]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FloatScale(u8);

impl Zero for FloatScale {
    const ZERO: Self = Self(0);
}

/// The bits of an f32's fraction that follow on its first three.
const REST: u32 = 20;

impl FloatScale {
    /// The smallest scale that has a code not below this number.
    #[must_use]
    pub fn covering(number: f32) -> Self {
        let exponent = (number.abs().to_bits() + ((1 << REST) - 1)) >> 23;
        Self(exponent.min(255).saturating_sub(31) as u8)
    }

    /// The bits of an f32 that code 0 would have.
    fn first(self) -> u32 {
        u32::from(self.0) << 23
    }

    /// The code of the number below or above: above with a probability of how near that is, if `random` is one of all
    /// u16. What is infinite or not a number stays that.
    #[must_use]
    pub fn pack(self, number: f32, random: u16) -> u8 {
        if number == 0.0 {
            return 0;
        }
        let moved = number.abs().to_bits().saturating_sub(self.first()) + (u32::from(random) << 4) + 8;
        (moved >> REST).clamp(1, 255) as u8
    }

    /// The number of a code.
    #[must_use]
    pub fn unpack(self, code: u8) -> f32 {
        if code == 0 { 0.0 } else { f32::from_bits(self.first() + (u32::from(code) << REST)) }
    }
}

#[cfg(test)]
mod tests {
    use super::FloatScale;

    const NUMBERS: [f32; 8] = [1.0, 1.875, 1.876, 2.0, 100.0, 1e-30, 3e38, 1e-37];

    #[test]
    fn a_number_that_has_a_code_is_not_rounded() {
        for scale in NUMBERS.map(FloatScale::covering) {
            for code in (0..=u8::MAX).filter(|&code| scale.unpack(code).is_finite()) {
                let number = scale.unpack(code);
                assert_eq!([0, 1, 40_000, u16::MAX].map(|random| scale.pack(number, random)), [code; 4]);
            }
        }
    }

    #[test]
    fn codes_rise_with_their_numbers_to_that_which_the_scale_is_for() {
        for number in NUMBERS {
            let scale = FloatScale::covering(number);
            let numbers = (0..=u8::MAX).map(|code| scale.unpack(code)).take_while(|number| number.is_finite());
            assert!(numbers.is_sorted());
            let [below, above] = [0, u16::MAX].map(|random| scale.unpack(scale.pack(number, random)));
            assert!(below <= number && number <= above && above - below <= number / 8.0, "{number}: {below} {above}");
        }
    }

    #[test]
    fn the_mean_over_all_roundings_is_the_number() {
        let scale = FloatScale::covering(1.0);
        for number in [0.3_f32, 0.999, 0.126, 1e-5, 0.875_01, 3e-9] {
            let sum: f64 = (0..=u16::MAX).map(|random| f64::from(scale.unpack(scale.pack(number, random)))).sum();
            let relative = sum / 65_536.0 / f64::from(number) - 1.0;
            assert!(relative.abs() < 2e-6, "{number} {relative}");
        }
    }

    #[test]
    fn only_zero_becomes_zero() {
        let scale = FloatScale::covering(1e9);
        let smallest = scale.unpack(1);
        for number in [f32::MIN_POSITIVE, 1e-45, 1e-20, smallest / 2.0] {
            assert_eq!(scale.unpack(scale.pack(number, 0)), smallest);
        }
        assert_eq!([0.0, -0.0].map(|number| scale.pack(number, u16::MAX)), [0, 0]);
    }

    #[test]
    fn what_is_not_finite_stays_that() {
        for random in [0, u16::MAX] {
            let scale = FloatScale::covering(f32::INFINITY);
            assert_eq!(scale.unpack(scale.pack(f32::INFINITY, random)), f32::INFINITY);
            assert!(scale.unpack(scale.pack(f32::NAN, random)).is_nan());
            assert_eq!(FloatScale::covering(-f32::NAN), scale);
        }
    }
}
