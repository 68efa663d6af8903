//! A range of numbers, and the bytes that cover it.

use nn_core::int8::Quantization;

/// The numbers from `low` to `high`, with 0 among them.
///
/// ```
/// use nn_host::quantize::Range;
/// let q = Range::with_zero(0.5, 2.55).quantization().unwrap();
/// assert_eq!((q.scale(), q.zero_point()), (0.01, -128)); // 0 is always one of the numbers
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// At most 0
    pub low: f32,
    /// At least 0
    pub high: f32,
}

impl Range {
    /// The range of these numbers and of 0.
    #[must_use]
    pub const fn with_zero(low: f32, high: f32) -> Self {
        Self { low: low.min(0.0), high: high.max(0.0) }
    }

    /// The 256 numbers of even distance that cover the range, with 0 among them; `None` if it has no width in f32, or an end
    /// is not finite.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a scale is an f32, a byte has been brought into its range")]
    pub fn quantization(self) -> Option<Quantization> {
        let (low, high) = (f64::from(self.low), f64::from(self.high));
        let scale = (high - low) / 255.0;
        let zero_point = (f64::from(i8::MIN) - low / scale).clamp(f64::from(i8::MIN), f64::from(i8::MAX));
        let scale = Some(scale as f32).filter(|scale| scale.is_normal())?;
        Quantization::new(scale, rounded(zero_point)).ok()
    }
}

/// The nearest byte, of two the one farther from 0.
#[expect(clippy::cast_possible_truncation, reason = "the value is in the range of a byte")]
fn rounded(value: f64) -> i8 {
    (value + 0.5_f64.copysign(value)) as i8
}

#[cfg(test)]
mod tests {
    use super::Range;

    #[test]
    fn both_ends_are_within_half_a_step() {
        for (low, high) in [(-1.0, 1.0), (-0.1, 6.0), (-5.0, 0.0), (0.0, 0.003), (-1e-20, 3e-20)] {
            let q = Range::with_zero(low, high).quantization().unwrap();
            assert!((q.dequantize(-128) - low).abs() <= 0.501 * q.scale(), "{low} {high}");
            assert!((q.dequantize(127) - high).abs() <= 0.501 * q.scale(), "{low} {high}");
        }
    }

    #[test]
    fn ranges_that_no_scale_covers_have_none() {
        for (low, high) in [(0.0, 0.0), (0.0, f32::INFINITY), (f32::NEG_INFINITY, 0.0), (0.0, 1e-44)] {
            assert_eq!(Range::with_zero(low, high).quantization(), None, "{low} {high}");
        }
    }
}
