//! Rectified linear unit, f(z) = max(z, 0), with f′ = 1 for z > 0 and 0 elsewhere.

use super::Activation;

/// f(z) = max(z, 0).
///
/// ```
/// use nn_core::activation::{Activation, Relu};
/// let mut z = [-1.0, 2.0];
/// Relu.forward(&mut z);
/// assert_eq!(z, [0.0, 2.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relu;

impl Relu {
    pub(super) const DEFAULT: Self = Self;
}

impl Activation for Relu {
    #[inline]
    fn forward(&self, z: &mut [f32]) {
        for z in z {
            // Keeps NaN, so that a broken network shows; -0.0 becomes 0.0.
            *z = if *z <= 0.0 { 0.0 } else { *z };
        }
    }

    #[inline]
    fn backward(&self, a: &[f32], d: &mut [f32]) {
        for (d, &a) in d.iter_mut().zip(a) {
            *d = if a > 0.0 { *d } else { 0.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Activation, Relu};

    #[test]
    fn keeps_nan_and_has_one_zero() {
        let mut z = [f32::NAN, -0.0, f32::INFINITY, f32::NEG_INFINITY];
        Relu.forward(&mut z);
        assert!(z[0].is_nan());
        assert_eq!(z[1].to_bits(), 0);
        assert_eq!(z[2..], [f32::INFINITY, 0.0]);
    }

    #[test]
    fn has_slope_zero_at_zero() {
        let mut d = [3.0];
        Relu.backward(&[0.0], &mut d);
        assert_eq!(d, [0.0]);
    }
}
