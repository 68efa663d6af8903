//! Nadam (Dozat, 2016), Adam with Nesterov's look ahead: m̂ = uₜ₊₁ · m / (1 − Πuᵢ · uₜ₊₁) + (1 − uₜ) · g / (1 − Πuᵢ),
//! v̂ = v / (1 − β₂ᵗ), w ← w − η · m̂ / (√v̂ + ε), with uₜ = β₁ · (1 − ½ · 0.96ᵗ) and the product up to t.

use super::Rule;
use super::adam::{Moments, bias_correction};
use super::hyperparameters::rule;
use crate::math;

rule! {
    /// Adam with Nesterov's look ahead.
    ///
    /// ```
    /// use nn_core::Zero;
    /// use nn_core::optimizer::{Nadam, Rule};
    /// let mut w = [1.0];
    /// Nadam::update(Nadam::default().step(1), 1.0, &[5.0], &mut [Zero::ZERO], &mut w);
    /// assert!(w[0] < 0.9995);
    /// ```
    pub struct Nadam("nadam") {
        learning_rate: positive = 0.001,
        beta_1: fraction = 0.9,
        beta_2: fraction = 0.999,
        epsilon: positive = 1e-7,
    }
}

/// After so many steps 1 − ½ · 0.96ᵗ is 1 in f32.
const WARM: u32 = 420;

/// What one step shares among all weights.
#[derive(Clone, Copy, Debug)]
pub struct NadamStep {
    rule: Nadam,
    /// What m is multiplied by: uₜ₊₁ / (1 − Πuᵢ · uₜ₊₁).
    of_mean: f32,
    /// What g is multiplied by: (1 − uₜ) / (1 − Πuᵢ).
    of_gradient: f32,
    /// 1 − β₂ᵗ
    correction_2: f32,
}

impl Nadam {
    /// uₜ = β₁ · (1 − ½ · 0.96ᵗ)
    fn u(&self, t: u32) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "0.96ᵗ has reached zero long before 2²⁴ steps")]
        let t = t as f32;
        self.beta_1 * (1.0 - 0.5 * math::pow(0.96, t))
    }

    /// u₁ · u₂ · … · uₜ; all factors after the warm-up are β₁.
    fn product(&self, t: u32) -> f32 {
        let warm = (1..=t.min(WARM)).fold(1.0, |product, i| product * self.u(i));
        warm * (1.0 - bias_correction(self.beta_1, t.saturating_sub(WARM)))
    }
}

impl Rule for Nadam {
    type Slot = Moments;
    type Step = NadamStep;

    const ZERO_GRADIENT_IS_IDLE: bool = false;

    fn step(&self, t: u32) -> NadamStep {
        let (now, next, product) = (self.u(t), self.u(t.saturating_add(1)), self.product(t));
        NadamStep {
            rule: *self,
            of_mean: next / (1.0 - product * next),
            of_gradient: (1.0 - now) / (1.0 - product),
            correction_2: bias_correction(self.beta_2, t),
        }
    }

    #[inline]
    fn update(step: NadamStep, scale: f32, g: &[f32], slots: &mut [Moments], w: &mut [f32]) {
        let rule = step.rule;
        for ((w, slot), &g) in w.iter_mut().zip(slots).zip(g) {
            let g = g * scale;
            slot.m += (g - slot.m) * (1.0 - rule.beta_1);
            slot.v += (g * g - slot.v) * (1.0 - rule.beta_2);
            let mean = step.of_mean * slot.m + step.of_gradient * g;
            *w -= rule.learning_rate * mean / (math::sqrt(slot.v / step.correction_2) + rule.epsilon);
        }
    }
}
