//! Log-softmax, aᵢ = zᵢ − ln Σⱼ eᶻʲ, with the Jacobian ∂aᵢ/∂zⱼ = δᵢⱼ − eᵃʲ.

use super::{Activation, Differentiable, Kind};
use crate::math;
use crate::setting::settings;

settings! {
    /// Logarithms of probabilities, aᵢ = zᵢ − ln Σⱼ eᶻʲ, without going through the probabilities.
    ///
    /// ```
    /// use nn_core::activation::{Activation, LogSoftmax};
    /// let mut z = [1000.0, 1000.0];
    /// LogSoftmax.forward(&mut z);
    /// assert_eq!(z, [-core::f32::consts::LN_2; 2]);
    /// ```
    pub struct LogSoftmax;
}

impl Kind for LogSoftmax {
    const DEFAULT: Self = Self::DEFAULT;

    type PreActivation<const OUT: usize> = [f32; 0];
}

impl Differentiable for LogSoftmax {}

/// What log-softmax subtracts from every pre-activation of a sample, ln Σⱼ eᶻʲ, in two parts.
#[derive(Clone, Copy)]
pub(crate) struct LogSumExp {
    /// The largest z, subtracted first so that no exponential overflows.
    largest: f32,
    /// ln Σⱼ e^(zⱼ − largest)
    logarithm: f32,
}

impl LogSumExp {
    #[inline]
    pub(crate) fn of(z: &[f32]) -> Self {
        let largest = z.iter().fold(f32::NEG_INFINITY, |largest, &z| if z > largest { z } else { largest });
        let sum = z.iter().fold(0.0, |sum, &z| sum + math::exp(z - largest));
        Self { largest, logarithm: math::ln(sum) }
    }

    /// The logarithm of the probability whose pre-activation is z.
    #[inline]
    pub(crate) fn log_probability(self, z: f32) -> f32 {
        (z - self.largest) - self.logarithm
    }
}

impl Activation for LogSoftmax {
    #[inline]
    fn forward(&self, z: &mut [f32]) {
        let of_all = LogSumExp::of(z);
        for z in z {
            *z = of_all.log_probability(*z);
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
