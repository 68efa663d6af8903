//! Leaky ReLU (Maas et al., 2013), a = z for z ≥ 0, s·z elsewhere, with slope 1, or s.

use super::{Activation, Differentiable, Kind};

/// a = z for z ≥ 0, `negative_slope` · z elsewhere.
///
/// ```
/// use nn_core::activation::{Activation, LeakyRelu};
/// let mut z = [-1.0, 2.0];
/// LeakyRelu::new(0.25)?.forward(&mut z);
/// assert_eq!(z, [-0.25, 2.0]);
/// # Ok::<(), nn_core::activation::SlopeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeakyRelu {
    negative_slope: f32,
}

/// A slope that is not at least 0 and finite.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("negative slope is {0}, it must be at least 0 and finite")]
pub struct SlopeError(pub f32);

impl LeakyRelu {
    pub(super) const DEFAULT: Self = Self { negative_slope: 0.2 };

    /// The activation with this slope below 0; Keras' default is 0.2.
    ///
    /// # Errors
    /// [`SlopeError`] unless the slope is at least 0 and finite.
    pub fn new(negative_slope: f32) -> Result<Self, SlopeError> {
        let ok = negative_slope >= 0.0 && negative_slope.is_finite();
        if ok { Ok(Self { negative_slope }) } else { Err(SlopeError(negative_slope)) }
    }

    /// The slope below 0.
    #[must_use]
    pub const fn negative_slope(&self) -> f32 {
        self.negative_slope
    }
}

impl Default for LeakyRelu {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Kind for LeakyRelu {
    const DEFAULT: Self = Self::DEFAULT;

    type PreActivation<const OUT: usize> = [f32; 0];
}

impl Differentiable for LeakyRelu {}

impl Activation for LeakyRelu {
    #[inline]
    fn forward(&self, z: &mut [f32]) {
        for z in z {
            *z = if *z > 0.0 { *z } else { self.negative_slope * *z };
        }
    }

    #[inline]
    fn backward(&self, _z: &[f32], a: &[f32], d: &mut [f32]) {
        for (d, &a) in d.iter_mut().zip(a) {
            *d *= if a >= 0.0 { 1.0 } else { self.negative_slope };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LeakyRelu, SlopeError};

    #[test]
    fn impossible_slopes_are_refused() {
        assert_eq!(LeakyRelu::new(-0.1), Err(SlopeError(-0.1)));
        assert!(LeakyRelu::new(f32::INFINITY).is_err());
        assert!(LeakyRelu::new(f32::NAN).is_err());
        assert!(LeakyRelu::new(0.0).is_ok());
    }
}
