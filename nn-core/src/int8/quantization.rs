//! What a byte stands for, (q − zero point) · scale, and the byte that is nearest to a number.

use crate::math;

/// Bytes as numbers of even distance: q stands for (q − `zero_point`) · `scale`, so 0 is always one of them.
///
/// ```
/// use nn_core::int8::Quantization;
/// let pixels = Quantization::new(1.0 / 255.0, -128)?;
/// assert_eq!([0.0, 1.0, 7.0].map(|x| pixels.quantize(x)), [-128, 127, 127]);
/// assert_eq!(pixels.dequantize(127), 1.0);
/// # Ok::<(), nn_core::int8::QuantizationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantization {
    scale: f32,
    zero_point: i8,
}

impl Quantization {
    /// That of what sigmoid and softmax give, [0, 1) in steps of 1/256; TensorFlow Lite has no other for them.
    pub const PROBABILITY: Self = Self { scale: 1.0 / 256.0, zero_point: -128 };

    /// That of what tanh gives, [−1, 1) in steps of 1/128; TensorFlow Lite has no other for it.
    pub const TANH: Self = Self { scale: 1.0 / 128.0, zero_point: 0 };

    /// The bytes that are `scale` apart, with 0 at `zero_point`.
    ///
    /// # Errors
    /// [`QuantizationError`] unless the scale is finite and above 0.
    pub const fn new(scale: f32, zero_point: i8) -> Result<Self, QuantizationError> {
        let is_possible = scale.is_finite() && scale > 0.0;
        if is_possible { Ok(Self { scale, zero_point }) } else { Err(QuantizationError { scale }) }
    }

    /// The distance of two neighbors, in the unit of the numbers.
    #[must_use]
    pub const fn scale(self) -> f32 {
        self.scale
    }

    /// The byte that stands for 0.
    #[must_use]
    pub const fn zero_point(self) -> i8 {
        self.zero_point
    }

    /// The byte nearest to `x`, of two the one farther from the zero point; the last one beyond the ends, the zero
    /// point for NaN.
    ///
    /// As in TensorFlow Lite's `AffineQuantize`, x / scale is rounded half away from zero.
    #[must_use]
    pub fn quantize(self, x: f32) -> i8 {
        self.at(x / self.scale)
    }

    /// The byte so many steps from 0, rounded half away from zero; the last one beyond the ends.
    #[expect(clippy::cast_possible_truncation, reason = "the cast is meant to saturate")]
    pub(super) fn at(self, steps: f32) -> i8 {
        saturated_byte((math::round(steps) as i32).saturating_add(i32::from(self.zero_point)))
    }

    /// What a byte stands for.
    #[must_use]
    pub fn dequantize(self, q: i8) -> f32 {
        f32::from(i16::from(q) - i16::from(self.zero_point)) * self.scale
    }

    /// How many steps a byte is from 0, in [−255, 255].
    pub(super) fn steps(self, q: i8) -> i32 {
        i32::from(q) - i32::from(self.zero_point)
    }
}

/// A scale that no quantization can have.
///
/// ```
/// let error = nn_core::int8::Quantization::new(0.0, 0).unwrap_err();
/// assert_eq!(error.to_string(), "scale is 0, it must be finite and above 0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("scale is {scale}, it must be finite and above 0")]
pub struct QuantizationError {
    /// The scale that was given.
    pub scale: f32,
}

/// The byte nearest to an integer.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the value has been brought into the range of a byte")]
pub(super) fn saturated_byte(value: i32) -> i8 {
    value.clamp(i32::from(i8::MIN), i32::from(i8::MAX)) as i8
}

#[cfg(test)]
mod tests {
    use super::Quantization;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        let halves = Quantization::new(2.0, 3).unwrap();
        assert_eq!([1.0, -1.0, 3.0, -3.0, 0.99].map(|x| halves.quantize(x)), [4, 2, 5, 1, 3]);
    }

    #[test]
    fn every_byte_leads_back_to_itself() {
        for zero_point in [-128, -7, 0, 127] {
            let quantization = Quantization::new(0.037, zero_point).unwrap();
            for q in i8::MIN..=i8::MAX {
                assert_eq!(quantization.quantize(quantization.dequantize(q)), q);
            }
        }
    }

    #[test]
    fn what_is_beyond_the_ends_is_the_last_byte_and_nan_is_zero() {
        let quantization = Quantization::new(1e-30, 5).unwrap();
        let numbers = [f32::INFINITY, f32::MAX, f32::NEG_INFINITY, f32::MIN, f32::NAN];
        assert_eq!(numbers.map(|x| quantization.quantize(x)), [127, 127, -128, -128, 5]);
    }

    #[test]
    fn impossible_scales_are_refused() {
        for scale in [0.0, -1.0, f32::INFINITY, f32::NAN] {
            assert!(Quantization::new(scale, 0).is_err(), "{scale}");
        }
    }
}
