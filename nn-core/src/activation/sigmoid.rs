//! Sigmoid, f(z) = 1 / (1 + e⁻ᶻ), with f′ = a · (1 − a).

use super::Activation;
use crate::math;

/// f(z) = 1 / (1 + e⁻ᶻ).
///
/// ```
/// use nn_core::activation::{Activation, Sigmoid};
/// let mut z = [0.0];
/// Sigmoid.forward(&mut z);
/// assert_eq!(z, [0.5]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sigmoid;

impl Sigmoid {
    pub(super) const DEFAULT: Self = Self;
}

impl Activation for Sigmoid {
    #[inline]
    fn forward(&self, z: &mut [f32]) {
        for z in z {
            *z = math::sigmoid(*z);
        }
    }

    #[inline]
    fn backward(&self, a: &[f32], d: &mut [f32]) {
        for (d, &a) in d.iter_mut().zip(a) {
            *d *= a * (1.0 - a);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Activation, Sigmoid};

    #[test]
    fn saturates_with_zero_slope() {
        let mut a = [-200.0, 200.0];
        Sigmoid.forward(&mut a);
        let mut d = [1.0, 1.0];
        Sigmoid.backward(&a, &mut d);
        assert_eq!((a, d), ([0.0, 1.0], [0.0, 0.0]));
    }
}
