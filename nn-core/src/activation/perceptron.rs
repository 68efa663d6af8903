//! Perceptron (Rosenblatt, 1958), a = 1 for z > 0 and 0 elsewhere; its slope is 0 wherever it has one.

use super::{Activation, Kind};
use crate::setting::settings;

settings! {
    /// a = 1 for z > 0, 0 elsewhere. It has no gradient to train with, so it is not
    /// [`Differentiable`](super::Differentiable).
    ///
    /// ```
    /// use nn_core::activation::{Activation, Perceptron};
    /// let mut z = [-0.5, 0.0, 0.5];
    /// Perceptron.forward(&mut z);
    /// assert_eq!(z, [0.0, 0.0, 1.0]);
    /// ```
    pub struct Perceptron;
}

impl Kind for Perceptron {
    const DEFAULT: Self = Self::DEFAULT;

    type PreActivation<const OUT: usize> = [f32; 0];
}

impl Activation for Perceptron {
    #[inline]
    fn forward(&self, z: &mut [f32]) {
        for z in z {
            *z = if *z > 0.0 { 1.0 } else { 0.0 };
        }
    }

    #[inline]
    fn backward(&self, _z: &[f32], _a: &[f32], d: &mut [f32]) {
        d.fill(0.0);
    }
}
