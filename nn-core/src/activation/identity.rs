//! Identity, f(z) = z, with f′ = 1.

use super::Activation;

/// f(z) = z; Keras' `linear`.
///
/// ```
/// use nn_core::activation::{Activation, Identity};
/// let mut z = [-1.0, 2.0];
/// Identity.forward(&mut z);
/// assert_eq!(z, [-1.0, 2.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity;

impl Identity {
    pub(super) const DEFAULT: Self = Self;
}

impl Activation for Identity {
    #[inline]
    fn forward(&self, _z: &mut [f32]) {}

    #[inline]
    fn backward(&self, _a: &[f32], _d: &mut [f32]) {}
}
