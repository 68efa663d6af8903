//! Softmax, aᵢ = eᶻⁱ / Σⱼ eᶻʲ, with the Jacobian ∂aᵢ/∂zⱼ = aᵢ · (δᵢⱼ − aⱼ).

use super::{Activation, Differentiable, Kind};
use crate::math;
use crate::setting::settings;

settings! {
    /// Probabilities from the whole vector of pre-activations, aᵢ = eᶻⁱ / Σⱼ eᶻʲ.
    ///
    /// The largest pre-activation is subtracted first, so that no exponential overflows.
    ///
    /// ```
    /// use nn_core::activation::{Activation, Softmax};
    /// let mut z = [1000.0, 1000.0];
    /// Softmax.forward(&mut z);
    /// assert_eq!(z, [0.5, 0.5]);
    /// ```
    pub struct Softmax;
}

impl Kind for Softmax {
    const DEFAULT: Self = Self::DEFAULT;

    type PreActivation<const OUT: usize> = [f32; 0];
}

impl Differentiable for Softmax {}

impl Activation for Softmax {
    #[inline]
    fn forward(&self, z: &mut [f32]) {
        let largest = z.iter().fold(f32::NEG_INFINITY, |largest, &z| if z > largest { z } else { largest });
        for z in z.iter_mut() {
            *z = math::exp(*z - largest);
        }
        let sum = z.iter().fold(0.0, |sum, &e| sum + e);
        for z in z {
            *z /= sum;
        }
    }

    /// dzᵢ = aᵢ · (daᵢ − Σⱼ aⱼ · daⱼ).
    #[inline]
    fn backward(&self, _z: &[f32], a: &[f32], d: &mut [f32]) {
        let mean = a.iter().zip(d.iter()).fold(0.0, |sum, (&a, &da)| sum + a * da);
        for (d, &a) in d.iter_mut().zip(a) {
            *d = a * (*d - mean);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Activation, Softmax};

    #[test]
    fn saturates_to_one_and_zero() {
        let mut z = [500.0, 0.0, -500.0];
        Softmax.forward(&mut z);
        assert_eq!(z, [1.0, 0.0, 0.0]);
    }

    #[test]
    fn does_not_change_when_all_inputs_shift() {
        let mut z = [1.0, 2.0, 3.0];
        let mut shifted = [65.0, 66.0, 67.0];
        Softmax.forward(&mut z);
        Softmax.forward(&mut shifted);
        assert_eq!(z, shifted);
    }

    #[test]
    fn nan_anywhere_shows_everywhere() {
        let mut z = [0.0, f32::NAN];
        Softmax.forward(&mut z);
        assert!(z.iter().all(|a| a.is_nan()));
    }
}
