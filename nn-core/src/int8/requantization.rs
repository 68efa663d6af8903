//! Bytes of one quantization as bytes of another, q' = zero point' + m · (q − zero point).

use super::quantization::saturated_byte;
use super::{Multiplier, MultiplierError, Quantization, Rounding};

/// From one quantization to another, as between layers whose scales are not the same: TensorFlow Lite's `QUANTIZE` of
/// bytes.
///
/// Both interpreters round twice here. As a table it is [`table::requantization`](super::table::requantization).
///
/// ```
/// use nn_core::int8::{Quantization, Requantization};
/// let (from, to) = (Quantization::new(0.5, 0)?, Quantization::new(0.25, 10)?);
/// let mut values = [0, 1, 40, 100];
/// Requantization::new(from, to)?.apply(&mut values);
/// assert_eq!(values, [10, 12, 90, 127]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Requantization {
    multiplier: Multiplier,
    from: Quantization,
    to: Quantization,
}

impl Requantization {
    /// The change between these two.
    ///
    /// # Errors
    /// [`MultiplierError`] if the quotient of the scales is 2³¹ or more.
    pub fn new(from: Quantization, to: Quantization) -> Result<Self, MultiplierError> {
        let multiplier = Multiplier::new(f64::from(from.scale()) / f64::from(to.scale()))?;
        Ok(Self::with_multiplier(multiplier, from, to))
    }

    /// The change that [`new`](Self::new) has made before, of its multiplier, such as stands in a file.
    #[must_use]
    pub const fn with_multiplier(multiplier: Multiplier, from: Quantization, to: Quantization) -> Self {
        Self { multiplier, from, to }
    }

    /// From steps of the one to steps of the other.
    #[must_use]
    pub const fn multiplier(&self) -> Multiplier {
        self.multiplier
    }

    /// Changes bytes in place.
    ///
    /// # Shapes
    /// - `values`: `[N]`
    pub fn apply(&self, values: &mut [i8]) {
        for value in values {
            *value = self.byte(*value);
        }
    }

    /// One byte.
    pub(super) fn byte(&self, q: i8) -> i8 {
        scaled(self.multiplier, self.from.steps(q), self.to)
    }
}

/// The byte so many steps times a multiplier from 0, rounded twice.
pub(super) fn scaled(multiplier: Multiplier, steps: i32, to: Quantization) -> i8 {
    saturated_byte(multiplier.apply(Rounding::Tflm, steps).saturating_add(i32::from(to.zero_point())))
}

#[cfg(test)]
mod tests {
    use super::{Quantization, Requantization};

    #[test]
    fn between_equal_scales_bytes_move_with_the_zero_point() {
        let [from, to] = [-10, 20].map(|zero_point| Quantization::new(0.3, zero_point).unwrap());
        let mut values = [-128, -10, 0, 97, 98];
        Requantization::new(from, to).unwrap().apply(&mut values);
        assert_eq!(values, [-98, 20, 30, 127, 127]);
    }

    #[test]
    fn scales_that_are_too_far_apart_are_refused() {
        let [small, large] = [1e-30, 1e30].map(|scale| Quantization::new(scale, 3).unwrap());
        assert!(Requantization::new(large, small).is_err());
        let mut values = [-128, 127];
        Requantization::new(small, large).unwrap().apply(&mut values);
        assert_eq!(values, [3, 3]);
    }
}
