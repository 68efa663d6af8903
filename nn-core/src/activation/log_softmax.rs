//! Log-softmax, aᵢ = zᵢ − ln Σⱼ eᶻʲ, with the Jacobian ∂aᵢ/∂zⱼ = δᵢⱼ − eᵃʲ.

use super::{Activation, Differentiable, Kind};
use crate::math;

/// Logarithms of probabilities, aᵢ = zᵢ − ln Σⱼ eᶻʲ, without going through the probabilities.
///
/// ```
/// use nn_core::activation::{Activation, LogSoftmax};
/// let mut z = [1000.0, 1000.0];
/// LogSoftmax.forward(&mut z);
/// assert_eq!(z, [-core::f32::consts::LN_2; 2]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogSoftmax;

impl LogSoftmax {
    pub(super) const DEFAULT: Self = Self;
}

impl Kind for LogSoftmax {
    const DEFAULT: Self = Self::DEFAULT;

    type PreActivation<const OUT: usize> = [f32; 0];
}

impl Differentiable for LogSoftmax {}

impl Activation for LogSoftmax {
    #[inline]
    fn forward(&self, z: &mut [f32]) {
        let largest = z.iter().fold(f32::NEG_INFINITY, |largest, &z| if z > largest { z } else { largest });
        let sum = z.iter().fold(0.0, |sum, &z| sum + math::exp(z - largest));
        let logarithm = math::ln(sum);
        for z in z {
            *z = (*z - largest) - logarithm;
        }
    }

    /// dzᵢ = daᵢ − eᵃⁱ · Σⱼ daⱼ.
    #[inline]
    fn backward(&self, _z: &[f32], a: &[f32], d: &mut [f32]) {
        let sum = d.iter().fold(0.0, |sum, &da| sum + da);
        for (d, &a) in d.iter_mut().zip(a) {
            *d -= math::exp(a) * sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LogSoftmax;
    use crate::activation::Activation;

    #[test]
    fn stays_finite_where_softmax_is_zero() {
        let mut z = [0.0, -500.0];
        LogSoftmax.forward(&mut z);
        assert_eq!(z, [0.0, -500.0]);
    }
}
