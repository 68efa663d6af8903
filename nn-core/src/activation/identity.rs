//! Identity, a = z, with slope 1.

use super::{Activation, Differentiable, Kind};
use crate::setting::settings;

settings! {
    /// a = z; Keras' `linear`.
    ///
    /// ```
    /// use nn_core::activation::{Activation, Identity};
    /// let mut z = [-1.5];
    /// Identity.forward(&mut z);
    /// assert_eq!(z, [-1.5]);
    /// ```
    pub struct Identity;
}

impl Kind for Identity {
    const DEFAULT: Self = Self::DEFAULT;

    type PreActivation<const OUT: usize> = [f32; 0];
}

impl Differentiable for Identity {}

impl Activation for Identity {
    #[inline]
    fn forward(&self, _z: &mut [f32]) {}

    #[inline]
    fn backward(&self, _z: &[f32], _a: &[f32], _d: &mut [f32]) {}
}
