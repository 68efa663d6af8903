//! Categorical focal cross-entropy (Lin et al., 2017), L = −α · Σ y · (1 − a)ᵞ · ln a.

use super::categorical::{Categorical, Share, categorical_loss};
use super::focal::{factor, factor_slope};
use crate::activation::AnyActivation;
use crate::setting::{is_on, settings};

settings! {
    /// L = −α · Σ y · (1 − a)ᵞ · ln a, for probabilities a.
    ///
    /// ```
    /// use nn_core::loss::{CategoricalFocalCrossentropy, Loss};
    /// assert!(CategoricalFocalCrossentropy.value(&[0.0, 1.0], &[0.0, 1.0]).abs() < 1e-6);
    /// ```
    pub struct CategoricalFocalCrossentropy {
        /// α, at least 0: what the whole loss is multiplied by.
        alpha: NotNegative = 0.25,
        /// γ, at least 0: how much less counts what is answered well.
        gamma: NotNegative = 2.0,
        /// whether the outputs are logits: the softmax is then part of the loss.
        from_logits: Switch = 0.0,
        /// s from 0 to 1; targets become y(1 − s) + s/n.
        label_smoothing: Share = 0.0,
    }
}

impl Categorical for CategoricalFocalCrossentropy {
    #[inline]
    fn is_from_logits(&self) -> bool {
        is_on(self.from_logits)
    }

    #[inline]
    fn label_smoothing(&self) -> f32 {
        self.label_smoothing
    }

    /// −α · (1 − p)ᵞ · ln p
    #[inline]
    fn cost(&self, share: Share) -> f32 {
        -(self.alpha * factor(1.0 - share.probability(), self.gamma) * share.ln())
    }

    /// α · (γ·(1 − p)ᵞ⁻¹ · p·ln p − (1 − p)ᵞ)
    #[inline]
    fn relative_slope(&self, share: Share) -> f32 {
        let p = share.probability();
        let of_factor = factor_slope(1.0 - p, self.gamma) * (p * share.ln());
        self.alpha * (of_factor - factor(1.0 - p, self.gamma))
    }
}

categorical_loss!(CategoricalFocalCrossentropy);

#[cfg(test)]
mod tests {
    use super::CategoricalFocalCrossentropy;
    use crate::loss::{CategoricalCrossentropy, Loss};

    #[test]
    fn without_focus_and_balance_it_is_the_cross_entropy() {
        let (a, y) = ([0.2, 0.3, 0.5], [0.1, 0.7, 0.2]);
        let loss = CategoricalFocalCrossentropy.with("gamma", 0.0).unwrap().with("alpha", 1.0).unwrap();
        assert_eq!(loss.value(&a, &y), CategoricalCrossentropy.value(&a, &y));
    }
}
