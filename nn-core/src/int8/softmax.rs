//! Softmax in integers, a[o] = e^(z[o] − max z) / Σ e^(z − max z), the reference operator of TensorFlow Lite.

use super::fixed_point::{exp, reciprocal_of_one_plus};
use super::rounding::product_within;
use super::{Multiplier, MultiplierError, Quantization, Rounding};

/// Integer bits of the exponents, so that they reach to −32.
const INTEGER_BITS: u32 = 5;

/// Integer bits of the sum of exponentials.
const SUM_INTEGER_BITS: u32 = 12;

/// So many exponentials are kept on the stack; those of further inputs are computed twice.
const KEPT: usize = 16;

/// Probabilities of bytes: in the quantization of the input, to [`Quantization::PROBABILITY`].
///
/// Exponents and exponentials are 32-bit fixed point, so there is no float and no table. Both interpreters compute
/// this. They end the program where the scale times β is below 2⁻²⁶, or where 512 and more inputs are (nearly) the
/// largest; the formula goes on for these: all equal, and all 0. Sums saturate at 4,096 such inputs.
///
/// ```
/// use nn_core::int8::{Quantization, Softmax};
/// let softmax = Softmax::new(Quantization::new(0.1, 0)?, 1.0)?;
/// let mut values = [10, 0, 10];
/// softmax.forward(&mut values);
/// assert_eq!(values.map(|q| Quantization::PROBABILITY.dequantize(q)), [0.421_875, 0.156_25, 0.421_875]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Softmax {
    /// From steps of the input to exponents.
    multiplier: Multiplier,
    /// So many steps below the largest input an exponential is left out, because its exponent would be below −31.
    reach: u32,
}

impl Softmax {
    /// The softmax of β · z for inputs of this quantization; β is 1 but in models that say otherwise.
    ///
    /// # Errors
    /// [`MultiplierError`] unless β is at least 0.
    pub fn new(input: Quantization, beta: f32) -> Result<Self, MultiplierError> {
        let steps_of_one = f64::from(1 << (31 - INTEGER_BITS));
        let real = f64::from(beta) * f64::from(input.scale()) * steps_of_one;
        // Beyond this even one step is out of reach.
        let largest = f64::from(i32::MAX);
        Multiplier::new(if real > largest { largest } else { real }).map(Self::with_multiplier)
    }

    /// The softmax that [`new`](Self::new) has made before, of its multiplier, such as stands in a file.
    ///
    /// ```
    /// use nn_core::int8::{Quantization, Softmax};
    /// let softmax = Softmax::new(Quantization::new(0.1, 0)?, 1.0)?;
    /// assert_eq!(Softmax::with_multiplier(softmax.multiplier()), softmax);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_multiplier(multiplier: Multiplier) -> Self {
        let reach = (31_u32 << (31 - INTEGER_BITS)) >> multiplier.exponent().max(0);
        Self { multiplier, reach }
    }

    /// From steps of the input to exponents of 26 binary places.
    #[must_use]
    pub const fn multiplier(&self) -> Multiplier {
        self.multiplier
    }

    /// a = softmax z, in place.
    ///
    /// # Shapes
    /// - `z`: `[OUT]`, one sample
    pub fn forward(&self, z: &mut [i8]) {
        let largest = z.iter().copied().max().unwrap_or_default();
        let (first, rest) = z.split_at_mut(z.len().min(KEPT));
        let mut kept = [0; KEPT];
        kept.iter_mut().zip(&*first).for_each(|(e, &z)| *e = self.exponential(z, largest));
        let kept = kept.iter().take(first.len());
        let terms = kept.clone().copied().chain(rest.iter().map(|&z| self.exponential(z, largest)));
        let sum = terms.fold(0_i32, |sum, e| sum.saturating_add(in_sum(e)));

        let share = Share::of(sum);
        first.iter_mut().zip(kept).for_each(|(z, &e)| *z = share.byte(e));
        rest.iter_mut().for_each(|z| *z = share.byte(self.exponential(*z, largest)));
    }

    /// The exponentials of all distances below the largest input, for [`softmax`].
    ///
    /// # Shapes
    /// - the one of distance d is the d-th
    #[must_use]
    pub fn exponentials(&self) -> Exponentials {
        let mut exponentials = [0; 256];
        for (e, below) in exponentials.iter_mut().zip(0..) {
            *e = self.exponential_below(below);
        }
        exponentials
    }

    /// e^(z − largest), a fraction; 0 out of reach.
    fn exponential(&self, z: i8, largest: i8) -> i32 {
        self.exponential_below(z.abs_diff(largest).into())
    }

    /// The same, so many steps below the largest.
    #[inline(never)]
    fn exponential_below(&self, below: u32) -> i32 {
        let e = exp(self.exponent(below.min(self.reach)), INTEGER_BITS);
        if below <= self.reach { e } else { 0 }
    }

    /// So many steps below 0, within reach: then a shift to the left leaves the number in 32 bits.
    #[inline]
    fn exponent(&self, below: u32) -> i32 {
        let steps = below.cast_signed().wrapping_neg();
        match u32::try_from(self.multiplier.exponent()) {
            Ok(left) => product_within(steps.wrapping_shl(left), self.multiplier.mantissa()),
            Err(_) => self.multiplier.apply(Rounding::Tflm, steps),
        }
    }
}

/// e^(−d · scale · β) for each distance d of an input from the largest, as fractions of 2³¹.
pub type Exponentials = [i32; 256];

/// a = softmax z, in place, with exponentials from a table: the bytes of [`Softmax::forward`], in a sixth of its
/// instructions for ten classes, for a kilobyte of flash.
///
/// # Shapes
/// - `z`: `[OUT]`, one sample
///
/// ```
/// use nn_core::int8::{Quantization, Softmax, softmax};
/// let exponentials = Softmax::new(Quantization::new(0.1, 0)?, 1.0)?.exponentials();
/// let mut values = [10, 0, 10];
/// softmax(&exponentials, &mut values);
/// assert_eq!(values.map(|q| Quantization::PROBABILITY.dequantize(q)), [0.421_875, 0.156_25, 0.421_875]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub fn softmax(exponentials: &Exponentials, z: &mut [i8]) {
    let largest = z.iter().copied().max().unwrap_or_default();
    let exponential = |z: i8| exponentials.get(usize::from(z.abs_diff(largest))).copied().unwrap_or_default();
    let sum = z.iter().fold(0_i32, |sum, &z| sum.saturating_add(in_sum(exponential(z))));
    let share = Share::of(sum);
    z.iter_mut().for_each(|z| *z = share.byte(exponential(*z)));
}

/// What an exponential is divided by.
struct Share {
    reciprocal: i32,
    shift: u32,
    half: u32,
}

impl Share {
    /// The share of a sum, which is 2ⁿ · (1 + fraction), so that 1 / sum is 2⁻ⁿ · 1 / (1 + fraction).
    fn of(sum: i32) -> Self {
        let zeros = sum.leading_zeros();
        let fraction = (sum.cast_unsigned().wrapping_shl(zeros) & (u32::MAX >> 1)).cast_signed();
        let reciprocal = reciprocal_of_one_plus(fraction);
        // From 31 digits behind the point to the 8 of a byte, and n; from 32 on nothing is left of a fraction.
        let shift = (31 - 8 + SUM_INTEGER_BITS).saturating_sub(zeros);
        let (reciprocal, shift) = if shift < u32::BITS { (reciprocal, shift) } else { (0, 0) };
        Self { reciprocal, shift, half: (1 << shift) >> 1 }
    }

    #[inline]
    fn byte(&self, e: i32) -> i8 {
        from_least((product_within(self.reciprocal, e).cast_unsigned() + self.half) >> self.shift)
    }
}

/// A fraction of at least 0 as a number of the sum's integer bits, half up.
fn in_sum(fraction: i32) -> i32 {
    ((fraction.cast_unsigned() + (1 << (SUM_INTEGER_BITS - 1))) >> SUM_INTEGER_BITS).cast_signed()
}

/// The byte that is so many steps above the least, at most the greatest.
#[expect(clippy::cast_possible_truncation, reason = "the value has been brought into the range of a byte")]
fn from_least(steps: u32) -> i8 {
    (steps.min(u8::MAX.into()).cast_signed() + i32::from(i8::MIN)) as i8
}

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::{Quantization, Softmax};
    use crate::random::{Purpose, Stream};

    fn softmax(scale: f32) -> Softmax {
        Softmax::new(Quantization::new(scale, 0).unwrap(), 1.0).unwrap()
    }

    #[test]
    fn equal_inputs_share_evenly() {
        for (count, expected) in [(1, 127), (2, 0), (4, -64), (256, -127), (511, -127), (512, -128), (5000, -128)] {
            let mut values = vec![-7; count];
            softmax(0.02).forward(&mut values);
            assert_eq!(values, vec![expected; count]);
        }
    }

    #[test]
    fn exponentials_from_a_table_give_the_same_bytes() {
        let mut stream = Stream::new(1, Purpose::Shuffle, 0, 0);
        for scale in [1e-9, 0.003, 0.05, 0.4, 1e9] {
            let softmax = softmax(scale);
            for count in 0..100 {
                let mut expected: Vec<i8> = (0..count).map(|_| stream.word().to_le_bytes()[0].cast_signed()).collect();
                let mut found = expected.clone();
                softmax.forward(&mut expected);
                super::softmax(&softmax.exponentials(), &mut found);
                assert_eq!(found, expected, "{scale}");
            }
        }
    }

    #[test]
    fn what_is_out_of_reach_is_zero() {
        for scale in [0.2, 1.0, 20.0, 1e30] {
            let mut values = [127, -128];
            softmax(scale).forward(&mut values);
            assert_eq!(values, [127, -128], "{scale}");
        }
    }

    #[test]
    fn beta_scales_the_input() {
        let [mut twice, mut double] = [[3, 9, -20]; 2];
        Softmax::new(Quantization::new(0.05, 7).unwrap(), 2.0).unwrap().forward(&mut twice);
        softmax(0.1).forward(&mut double);
        assert_eq!(twice, double);
    }

    #[test]
    fn scales_without_effect_leave_all_equal() {
        for (scale, beta) in [(1e-9, 1.0), (1.0, 0.0)] {
            let mut values = [-128, 127];
            Softmax::new(Quantization::new(scale, 0).unwrap(), beta).unwrap().forward(&mut values);
            assert_eq!(values, [0, 0], "{scale}, {beta}");
        }
    }

    #[test]
    fn impossible_betas_are_refused_and_nothing_is_nothing() {
        for beta in [-1.0, f32::NAN] {
            assert!(Softmax::new(Quantization::new(1.0, 0).unwrap(), beta).is_err(), "{beta}");
        }
        softmax(1.0).forward(&mut []);
    }

    #[test]
    fn the_nearest_probability_is_given() {
        let mut values = [100, 90, 60, 0, -128];
        let exponentials = values.map(|q| (f64::from(q) * 0.05).exp());
        let sum: f64 = exponentials.iter().sum();
        softmax(0.05).forward(&mut values);
        for (found, e) in values.into_iter().zip(exponentials) {
            assert!((f64::from(found) + 128.0 - e / sum * 256.0).abs() < 0.500_001);
        }
    }
}
