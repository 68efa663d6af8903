//! Adam (Kingma and Ba, 2015): m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − αₜ · m / (√v + ε),
//! with αₜ = η · √(1 − β₂ᵗ) / (1 − β₁ᵗ), in the order of operations that Keras uses.

use super::hyperparameters::rule;
use super::slot::slot;
use super::{AmsGrad, Rule};
use crate::math;

rule! {
    /// Adaptive moment estimation.
    ///
    /// ```
    /// use nn_core::Zero;
    /// use nn_core::optimizer::{Adam, Moments, Rule};
    /// let mut w = [1.0];
    /// Adam::update(Adam::default().step(1), 1.0, &[5.0], &mut [Moments::ZERO], &mut w);
    /// assert!((w[0] - 0.999).abs() < 1e-6); // the first step has the length of the learning rate
    /// ```
    pub struct Adam("adam") {
        learning_rate: positive = 0.001,
        beta_1: fraction = 0.9,
        beta_2: fraction = 0.999,
        epsilon: positive = 1e-7,
    }
}

impl From<Adam> for AmsGrad {
    fn from(Adam { learning_rate, beta_1, beta_2, epsilon }: Adam) -> Self {
        Self::of(learning_rate, beta_1, beta_2, epsilon)
    }
}

slot! {
    /// What Adam remembers for each weight.
    pub struct Moments {
        /// The running mean of the gradient.
        pub(super) m: f32,
        /// The running mean of the squared gradient.
        pub(super) v: f32,
    }
}

impl Moments {
    /// m ← m + (g − m)(1 − β₁), v ← v + (g² − v)(1 − β₂)
    #[inline]
    pub(super) fn add(&mut self, g: f32, step: &AdamStep) {
        self.m += (g - self.m) * step.one_minus_beta_1;
        self.v += (g * g - self.v) * step.one_minus_beta_2;
    }
}

/// What one step of Adam shares among all weights.
#[derive(Clone, Copy, Debug)]
pub struct AdamStep {
    /// αₜ, the learning rate corrected for moments that start at zero.
    pub(super) alpha: f32,
    /// 1 − β₁
    one_minus_beta_1: f32,
    /// 1 − β₂
    one_minus_beta_2: f32,
    pub(super) epsilon: f32,
}

impl Rule for Adam {
    type Slot = Moments;
    type Step = AdamStep;

    const ZERO_GRADIENT_IS_IDLE: bool = false;

    fn step(&self, t: u32) -> AdamStep {
        AdamStep::new(self.learning_rate, self.beta_1, self.beta_2, self.epsilon, t)
    }

    #[inline]
    fn update(step: AdamStep, scale: f32, g: &[f32], slots: &mut [Moments], w: &mut [f32]) {
        for ((w, slot), &g) in w.iter_mut().zip(slots).zip(g) {
            slot.add(g * scale, &step);
            *w -= step.alpha * slot.m / (math::sqrt(slot.v) + step.epsilon);
        }
    }
}

/// 1 − βᵗ, by which a running mean that starts at zero is too small.
pub(super) fn bias_correction(beta: f32, t: u32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "βᵗ has reached zero long before 2²⁴ steps")]
    let t = t as f32;
    1.0 - math::pow(beta, t)
}

impl AdamStep {
    /// Step t = 1, 2 … of the rules that share Adam's moments.
    pub(super) fn new(learning_rate: f32, beta_1: f32, beta_2: f32, epsilon: f32, t: u32) -> Self {
        let (correction_1, correction_2) = (bias_correction(beta_1, t), bias_correction(beta_2, t));
        Self {
            alpha: learning_rate * math::sqrt(correction_2) / correction_1,
            one_minus_beta_1: 1.0 - beta_1,
            one_minus_beta_2: 1.0 - beta_2,
            epsilon,
        }
    }
}
