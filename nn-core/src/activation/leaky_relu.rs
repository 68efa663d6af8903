//! Leaky ReLU (Maas et al., 2013), a = z for z ≥ 0, s·z elsewhere, with slope 1, or s.

use super::scalar::scalar;
use crate::SettingError;

scalar! {
    /// a = z for z ≥ 0, `negative_slope` · z elsewhere.
    ///
    /// ```
    /// use nn_core::activation::{Activation, LeakyRelu};
    /// let mut z = [-1.0, 2.0];
    /// LeakyRelu::new(0.25)?.forward(&mut z);
    /// assert_eq!(z, [-0.25, 2.0]);
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    pub struct LeakyRelu {
        /// the slope s below 0, at least 0.
        negative_slope: NotNegative = 0.2,
    }
    value(leaky, z) = if z > 0.0 { z } else { leaky.negative_slope * z };
    slope(leaky, output a) = if a >= 0.0 { 1.0 } else { leaky.negative_slope };
}

impl LeakyRelu {
    /// The activation with this slope below 0; Keras' default is 0.2.
    ///
    /// # Errors
    /// [`SettingError`] unless the slope is at least 0 and finite.
    pub fn new(negative_slope: f32) -> Result<Self, SettingError> {
        Self::DEFAULT.with("negative_slope", negative_slope)
    }

    /// The slope below 0.
    #[must_use]
    pub const fn negative_slope(&self) -> f32 {
        self.negative_slope
    }
}

#[cfg(test)]
mod tests {
    use super::LeakyRelu;

    #[test]
    fn impossible_slopes_are_refused() {
        for slope in [-0.1, f32::INFINITY, f32::NAN] {
            assert!(LeakyRelu::new(slope).is_err(), "{slope}");
        }
        assert!(LeakyRelu::new(0.0).is_ok());
    }
}
