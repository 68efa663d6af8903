//! Binary cross-entropy, L = −1/n · Σ (y·ln a + (1 − y)·ln(1 − a)); by the logits dz = (σ(z) − y)/n.

use super::binary::{Binary, Chance, binary_loss};
use crate::activation::AnyActivation;
use crate::setting::{is_on, settings};

settings! {
    /// L = −1/n · Σ (y·ln a + (1 − y)·ln(1 − a)), for probabilities a and targets y from 0 to 1.
    ///
    /// ```
    /// use nn_core::loss::{BinaryCrossentropy, Loss};
    /// assert!((BinaryCrossentropy.value(&[0.5], &[1.0]) - core::f32::consts::LN_2).abs() < 1e-6);
    /// assert!((BinaryCrossentropy::from_logits().value(&[0.0], &[1.0]) - core::f32::consts::LN_2).abs() < 1e-6);
    /// ```
    pub struct BinaryCrossentropy {
        /// whether the outputs are logits: the sigmoid is then part of the loss.
        from_logits: Switch = 0.0,
        /// s from 0 to 1; targets become y(1 − s) + s/2.
        label_smoothing: Share = 0.0,
    }
}

impl Binary for BinaryCrossentropy {
    #[inline]
    fn is_from_logits(&self) -> bool {
        is_on(self.from_logits)
    }

    #[inline]
    fn label_smoothing(&self) -> f32 {
        self.label_smoothing
    }

    #[inline]
    fn cost(&self, chance: Chance, y: f32) -> f32 {
        chance.entropy(y)
    }

    /// σ(z) − y
    #[inline]
    fn error(&self, chance: Chance, y: f32) -> f32 {
        chance.yes() - y
    }
}

binary_loss!(BinaryCrossentropy);

#[cfg(test)]
mod tests {
    use super::BinaryCrossentropy;
    use crate::loss::Loss;

    #[test]
    fn a_certain_mistake_is_finite() {
        assert!((BinaryCrossentropy.value(&[0.0], &[1.0]) - 16.118_095).abs() < 1e-5);
        assert!(BinaryCrossentropy.value(&[1.0], &[0.0]) < 16.2);
    }

    #[test]
    fn a_logit_is_not_cut_off() {
        let loss = BinaryCrossentropy::from_logits();
        assert_eq!(loss.value(&[-100.0], &[1.0]), 100.0);
        assert!((loss.value(&[30.0], &[1.0]) / 9.357_623e-14 - 1.0).abs() < 1e-5);
    }
}
