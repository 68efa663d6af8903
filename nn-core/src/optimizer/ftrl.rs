//! Follow the regularized leader (McMahan et al., 2013): n ← n + g², z ← z + g + 2λₛw − (n⁻ᵖ − n₀⁻ᵖ)/η · w, n₀ the n before,
//! w ← (clip(z, −λ₁, λ₁) − z) / (n⁻ᵖ/η + 2λ₂ + β/η).

use super::Rule;
use super::hyperparameters::rule;
use super::slot::slot;
use crate::math;

rule! {
    /// Follow the regularized leader, with p the `learning_rate_power`, λ₁, λ₂ and λₛ the strengths of L1, L2 and shrinkage. What is
    /// kept of n is its growth over `initial_accumulator_value`, so that it starts at zero.
    ///
    /// ```
    /// use nn_core::Zero;
    /// use nn_core::optimizer::{Ftrl, Rule};
    /// let rule = Ftrl::new(0.5)?.with("l1_regularization_strength", 100.0)?;
    /// let (mut w, mut slots) = ([0.25], [Zero::ZERO]);
    /// Ftrl::update(rule.step(1), 1.0, &[1.0], &mut slots, &mut w);
    /// assert_eq!(w, [0.0]); // weights that matter less than λ₁ are exactly zero
    /// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
    /// ```
    pub struct Ftrl("ftrl") {
        learning_rate: positive = 0.001,
        learning_rate_power: power = -0.5,
        initial_accumulator_value: not_negative = 0.1,
        l1_regularization_strength: not_negative = 0.0,
        l2_regularization_strength: not_negative = 0.0,
        l2_shrinkage_regularization_strength: not_negative = 0.0,
        beta: not_negative = 0.0,
    }
}

slot! {
    /// What FTRL remembers for each weight.
    pub struct FtrlSlot {
        /// The growth of n, the sum of the squared gradients.
        growth: f32,
        /// z, the linear term.
        z: f32,
    }
}

impl Ftrl {
    /// n⁻ᵖ
    fn root(&self, n: f32) -> f32 {
        let is_square_root = self.learning_rate_power.to_bits() == (-0.5_f32).to_bits();
        if is_square_root { math::sqrt(n) } else { math::pow(n, -self.learning_rate_power) }
    }
}

impl Rule for Ftrl {
    type Slot = FtrlSlot;
    type Step = Self;

    const ZERO_GRADIENT_IS_IDLE: bool = false;

    fn step(&self, _t: u32) -> Self {
        *self
    }

    #[inline]
    fn update(step: Self, scale: f32, g: &[f32], slots: &mut [FtrlSlot], w: &mut [f32]) {
        let (rate, l1) = (step.learning_rate, step.l1_regularization_strength);
        if rate == 0.0 {
            return; // the formula divides by it
        }
        let l2 = step.l2_regularization_strength + step.beta / (2.0 * rate);
        for ((w, slot), &g) in w.iter_mut().zip(slots).zip(g) {
            let g = g * scale;
            let before = step.root(step.initial_accumulator_value + slot.growth);
            slot.growth += g * g;
            let after = step.root(step.initial_accumulator_value + slot.growth);
            slot.z += (g + 2.0 * step.l2_shrinkage_regularization_strength * *w) - (after - before) / rate * *w;
            let clipped = if slot.z > l1 {
                l1
            } else if slot.z < -l1 {
                -l1
            } else {
                slot.z
            };
            *w = (clipped - slot.z) / (after / rate + 2.0 * l2);
        }
    }
}
