//! Binary focal cross-entropy (Lin et al., 2017), L = 1/n · Σ w · mᵞ · H, m the probability of a miss, H the cross-entropy.

use super::binary::{Binary, Chance, binary_loss};
use super::focal::{factor, factor_slope};
use crate::activation::AnyActivation;
use crate::setting::{is_on, settings};

settings! {
    /// L = 1/n · Σ w · mᵞ · H(a, y), with H the binary cross-entropy, m = y(1 − a) + (1 − y)a, and w = 1 or, with class
    /// balancing, yα + (1 − y)(1 − α).
    ///
    /// ```
    /// use nn_core::loss::{BinaryFocalCrossentropy, Loss};
    /// assert!(BinaryFocalCrossentropy.value(&[1.0], &[1.0]).abs() < 1e-6);
    /// let balanced = BinaryFocalCrossentropy.with("apply_class_balancing", 1.0)?;
    /// assert_eq!(balanced.value(&[0.5], &[1.0]), 0.25 * BinaryFocalCrossentropy.value(&[0.5], &[1.0]));
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    pub struct BinaryFocalCrossentropy {
        /// whether yes counts α and no 1 − α.
        apply_class_balancing: Switch = 0.0,
        /// α from 0 to 1, for class balancing.
        alpha: Share = 0.25,
        /// γ, at least 0: how much less counts what is answered well.
        gamma: NotNegative = 2.0,
        /// whether the outputs are logits: the sigmoid is then part of the loss.
        from_logits: Switch = 0.0,
        /// s from 0 to 1; targets become y(1 − s) + s/2.
        label_smoothing: Share = 0.0,
    }
}

impl BinaryFocalCrossentropy {
    /// w
    #[inline]
    fn weight(&self, y: f32) -> f32 {
        if is_on(self.apply_class_balancing) { y * self.alpha + (1.0 - y) * (1.0 - self.alpha) } else { 1.0 }
    }
}

/// m = y(1 − p) + (1 − y)p
#[inline]
fn miss(chance: Chance, y: f32) -> f32 {
    y * chance.no() + (1.0 - y) * chance.yes()
}

impl Binary for BinaryFocalCrossentropy {
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
        self.weight(y) * factor(miss(chance, y), self.gamma) * chance.entropy(y)
    }

    /// w · (mᵞ · (p − y) + γ·mᵞ⁻¹ · (1 − 2y)·p(1 − p) · H)
    #[inline]
    fn error(&self, chance: Chance, y: f32) -> f32 {
        let miss = miss(chance, y);
        let miss_slope = (1.0 - 2.0 * y) * (chance.yes() * chance.no());
        let of_entropy = factor(miss, self.gamma) * (chance.yes() - y);
        let of_factor = factor_slope(miss, self.gamma) * miss_slope * chance.entropy(y);
        self.weight(y) * (of_entropy + of_factor)
    }
}

binary_loss!(BinaryFocalCrossentropy);

#[cfg(test)]
mod tests {
    use super::BinaryFocalCrossentropy;
    use crate::loss::{BinaryCrossentropy, Loss};

    #[test]
    fn without_focus_it_is_the_cross_entropy() {
        let (a, y) = ([0.2, 0.9], [1.0, 0.25]);
        let loss = BinaryFocalCrossentropy.with("gamma", 0.0).unwrap();
        assert_eq!(loss.value(&a, &y), BinaryCrossentropy.value(&a, &y));
    }

    #[test]
    fn a_certain_logit_has_no_gradient() {
        let mut dz = [9.0; 2];
        BinaryFocalCrossentropy::from_logits().gradient(&[200.0, -200.0], &[1.0, 0.0], &mut dz);
        assert_eq!(dz, [0.0; 2]);
    }
}
