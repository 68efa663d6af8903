//! The range of a layer's output, by which ReLU and ReLU6 cost nothing.

use super::Quantization;

/// The least and the greatest byte of an output.
///
/// ```
/// use nn_core::int8::{Clamp, Quantization};
/// let output = Quantization::new(0.1, -10)?;
/// assert_eq!([-100, 0, 100].map(|q| Clamp::NONE.apply(q)), [-100, 0, 100]);
/// assert_eq!([-100, 0, 100].map(|q| Clamp::relu(output).apply(q)), [-10, 0, 100]);
/// assert_eq!([-100, 0, 100].map(|q| Clamp::relu6(output).apply(q)), [-10, 0, 50]);
/// # Ok::<(), nn_core::int8::QuantizationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clamp {
    least: i8,
    greatest: i8,
}

impl Clamp {
    /// All bytes: no activation.
    pub const NONE: Self = Self { least: i8::MIN, greatest: i8::MAX };

    /// These two ends; `None` if the least is above the greatest.
    #[must_use]
    pub const fn new(least: i8, greatest: i8) -> Option<Self> {
        if least <= greatest { Some(Self { least, greatest }) } else { None }
    }

    /// The least byte.
    #[must_use]
    pub const fn least(self) -> i8 {
        self.least
    }

    /// The greatest byte.
    #[must_use]
    pub const fn greatest(self) -> i8 {
        self.greatest
    }

    /// Nothing below what stands for 0.
    #[must_use]
    pub const fn relu(output: Quantization) -> Self {
        Self { least: output.zero_point(), greatest: i8::MAX }
    }

    /// Nothing below what stands for 0, or above what stands for 6.
    #[must_use]
    pub fn relu6(output: Quantization) -> Self {
        Self { least: output.zero_point(), greatest: output.quantize(6.0) }
    }

    /// The least and the greatest byte.
    #[cfg(nn_dsp)]
    pub(crate) const fn limits(self) -> [i8; 2] {
        [self.least, self.greatest]
    }

    /// The value of the range that is nearest to this one.
    #[must_use]
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the value has been brought into the range of a byte")]
    pub fn apply(self, value: i32) -> i8 {
        // Not `clamp`, which panics where the least is above the greatest.
        value.max(i32::from(self.least)).min(i32::from(self.greatest)) as i8
    }
}

#[cfg(test)]
mod tests {
    use super::{Clamp, Quantization};

    #[test]
    fn values_beyond_a_byte_saturate() {
        assert_eq!([i32::MIN, -129, 128, i32::MAX].map(|value| Clamp::NONE.apply(value)), [-128, -128, 127, 127]);
    }

    #[test]
    fn six_beyond_the_last_byte_is_the_last_byte() {
        let output = Quantization::new(0.01, -128).unwrap();
        assert_eq!(Clamp::relu6(output), Clamp::relu(output));
    }
}
