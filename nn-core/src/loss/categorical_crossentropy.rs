//! Categorical cross-entropy, L = −Σ y · ln a, with gradient −y / a; by the logits dz = a · Σ y − y, a their softmax.

use super::categorical::{Categorical, Share, categorical_loss};
use crate::activation::AnyActivation;
use crate::setting::{is_on, settings};

settings! {
    /// L = −Σ y · ln a, for probabilities a and a target y that is one-hot or a distribution.
    ///
    /// ```
    /// use nn_core::loss::{CategoricalCrossentropy, Loss};
    /// let loss = CategoricalCrossentropy.value(&[0.5, 0.5], &[1.0, 0.0]);
    /// assert!((loss - 0.693_147).abs() < 1e-6);
    /// let loss = CategoricalCrossentropy::from_logits().value(&[3.0, 3.0], &[1.0, 0.0]);
    /// assert!((loss - 0.693_147).abs() < 1e-6);
    /// ```
    pub struct CategoricalCrossentropy {
        /// whether the outputs are logits: the softmax is then part of the loss.
        from_logits: Switch = 0.0,
        /// s from 0 to 1; targets become y(1 − s) + s/n.
        label_smoothing: Share = 0.0,
    }
}

impl CategoricalCrossentropy {
    /// The loss with these settings, which are in their ranges.
    pub(super) const fn of(from_logits: f32, label_smoothing: f32) -> Self {
        Self { from_logits, label_smoothing }
    }
}

impl Categorical for CategoricalCrossentropy {
    #[inline]
    fn is_from_logits(&self) -> bool {
        is_on(self.from_logits)
    }

    #[inline]
    fn label_smoothing(&self) -> f32 {
        self.label_smoothing
    }

    /// −ln p
    #[inline]
    fn cost(&self, share: Share) -> f32 {
        -share.ln()
    }

    /// −1
    #[inline]
    fn relative_slope(&self, _share: Share) -> f32 {
        -1.0
    }
}

categorical_loss!(CategoricalCrossentropy);

#[cfg(test)]
mod tests {
    use super::CategoricalCrossentropy;
    use crate::activation::{Activation, AnyActivation, Softmax};
    use crate::loss::Loss;

    #[test]
    fn a_certain_mistake_is_finite_and_nan_shows() {
        assert!((CategoricalCrossentropy.value(&[0.0, 1.0], &[1.0, 0.0]) - 16.118_095).abs() < 1e-5);
        assert!(CategoricalCrossentropy.value(&[f32::NAN], &[1.0]).is_nan());
    }

    #[test]
    fn after_softmax_the_error_is_the_difference() {
        let mut dz = [0.0; 2];
        assert!(CategoricalCrossentropy.fused_gradient(
            AnyActivation::Softmax(Softmax),
            &[0.75, 0.25],
            &[0.0, 1.0],
            &mut dz
        ));
        assert_eq!(dz, [0.75, -0.75]);
    }

    #[test]
    fn from_logits_it_has_the_gradient_of_the_pair_and_is_not_cut_off() {
        let (z, y) = ([1.5, -0.25, 100.0], [0.25, 0.75, 0.0]);
        let mut a = z;
        Softmax.forward(&mut a);
        let (mut of_pair, mut dz) = ([0.0; 3], [0.0; 3]);
        assert!(CategoricalCrossentropy.fused_gradient(Softmax.into(), &a, &y, &mut of_pair));
        CategoricalCrossentropy::from_logits().gradient(&z, &y, &mut dz);
        assert_eq!(dz, of_pair);
        assert_eq!(CategoricalCrossentropy::from_logits().value(&z, &[1.0, 0.0, 0.0]), 98.5);
    }
}
