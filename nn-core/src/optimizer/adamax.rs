//! Adamax (Kingma and Ba, 2015): m ← m + (g − m)(1 − β₁), u ← max(β₂u, |g|), w ← w − η / (1 − β₁ᵗ) · m / (u + ε).

use super::Rule;
use super::adam::bias_correction;
use super::hyperparameters::rule;
use super::slot::slot;

rule! {
    /// Adam with the largest recent gradient in place of the root of the mean square.
    ///
    /// ```
    /// use nn_core::Zero;
    /// use nn_core::optimizer::{Adamax, Rule};
    /// let mut w = [1.0];
    /// Adamax::update(Adamax::default().step(1), 1.0, &[5.0], &mut [Zero::ZERO], &mut w);
    /// assert!((w[0] - 0.999).abs() < 1e-6);
    /// ```
    pub struct Adamax("adamax") {
        learning_rate: positive = 0.001,
        beta_1: fraction = 0.9,
        beta_2: fraction = 0.999,
        epsilon: positive = 1e-7,
    }
}

slot! {
    /// What Adamax remembers for each weight.
    pub struct AdamaxSlot {
        /// The running mean of the gradient.
        m: f32,
        /// The largest recent gradient.
        u: f32,
    }
}

/// What one step shares among all weights.
#[derive(Clone, Copy, Debug)]
pub struct AdamaxStep {
    rule: Adamax,
    /// η / (1 − β₁ᵗ)
    alpha: f32,
}

impl Rule for Adamax {
    type Slot = AdamaxSlot;
    type Step = AdamaxStep;

    const ZERO_GRADIENT_IS_IDLE: bool = false;

    fn step(&self, t: u32) -> AdamaxStep {
        AdamaxStep { rule: *self, alpha: self.learning_rate / bias_correction(self.beta_1, t) }
    }

    #[inline]
    fn update(AdamaxStep { rule, alpha }: AdamaxStep, scale: f32, g: &[f32], slots: &mut [AdamaxSlot], w: &mut [f32]) {
        for ((w, slot), &g) in w.iter_mut().zip(slots).zip(g) {
            let g = g * scale;
            slot.m += (g - slot.m) * (1.0 - rule.beta_1);
            let decayed = rule.beta_2 * slot.u;
            slot.u = if g.abs() > decayed { g.abs() } else { decayed };
            *w -= alpha * slot.m / (slot.u + rule.epsilon);
        }
    }
}
