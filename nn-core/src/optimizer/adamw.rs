//! AdamW (Loshchilov and Hutter, 2019): w ← w − η · λ · w, then a step of Adam.

use super::hyperparameters::rule;
use super::{AdamStep, Moments, Rule};
use crate::math;

rule! {
    /// Weights decay by η · `weight_decay` before each step of [`Adam`](super::Adam), whatever their gradient.
    ///
    /// ```
    /// use nn_core::Zero;
    /// use nn_core::optimizer::{AdamW, Rule};
    /// let mut w = [1.0];
    /// AdamW::update(AdamW::default().step(1), 1.0, &[0.0], &mut [Zero::ZERO], &mut w);
    /// assert_eq!(w, [1.0 - 0.001 * 0.004]);
    /// ```
    pub struct AdamW("adamw") {
        learning_rate: positive = 0.001,
        weight_decay: not_negative = 0.004,
        beta_1: fraction = 0.9,
        beta_2: fraction = 0.999,
        epsilon: positive = 1e-7,
    }
}

/// What one step shares among all weights.
#[derive(Clone, Copy, Debug)]
pub struct AdamWStep {
    adam: AdamStep,
    /// η · λ
    decay: f32,
}

impl Rule for AdamW {
    type Slot = Moments;
    type Step = AdamWStep;

    const ZERO_GRADIENT_IS_IDLE: bool = false;

    fn step(&self, t: u32) -> AdamWStep {
        let adam = AdamStep::new(self.learning_rate, self.beta_1, self.beta_2, self.epsilon, t);
        AdamWStep { adam, decay: self.learning_rate * self.weight_decay }
    }

    #[inline]
    fn update(step: AdamWStep, scale: f32, g: &[f32], slots: &mut [Moments], w: &mut [f32]) {
        for ((w, slot), &g) in w.iter_mut().zip(slots).zip(g) {
            *w -= step.decay * *w;
            slot.add(g * scale, &step.adam);
            *w -= step.adam.alpha * slot.m / (math::sqrt(slot.v) + step.adam.epsilon);
        }
    }
}
