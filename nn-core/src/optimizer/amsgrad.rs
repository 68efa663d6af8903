//! AMSGrad (Reddi et al., 2018): Adam with the largest v so far, v̂ ← max(v̂, v), w ← w − αₜ · m / (√v̂ + ε).

use super::hyperparameters::rule;
use super::{AdamStep, Moments, Rule, Slot};
use crate::{Zero, math};

rule! {
    /// [`Adam`](super::Adam) with the largest v so far in the denominator; Keras' Adam with `amsgrad`.
    ///
    /// ```
    /// use nn_core::Zero;
    /// use nn_core::optimizer::{AmsGrad, Rule};
    /// let mut w = [1.0];
    /// AmsGrad::update(AmsGrad::default().step(1), 1.0, &[5.0], &mut [Zero::ZERO], &mut w);
    /// assert!((w[0] - 0.999).abs() < 1e-6);
    /// ```
    pub struct AmsGrad("amsgrad") {
        learning_rate: positive = 0.001,
        beta_1: fraction = 0.9,
        beta_2: fraction = 0.999,
        epsilon: positive = 1e-7,
    }
}

impl AmsGrad {
    /// The rule with settings that have been checked.
    pub(super) const fn of(learning_rate: f32, beta_1: f32, beta_2: f32, epsilon: f32) -> Self {
        Self { learning_rate, beta_1, beta_2, epsilon }
    }
}

/// What AMSGrad remembers for each weight.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AmsGradSlot {
    moments: Moments,
    /// The largest v so far.
    largest: f32,
}

impl Zero for AmsGradSlot {
    const ZERO: Self = Self { moments: Moments::ZERO, largest: 0.0 };
}

impl Slot for AmsGradSlot {
    type Numbers = [f32; 3];

    fn numbers(self) -> [f32; 3] {
        let Self { moments: Moments { m, v }, largest } = self;
        [m, v, largest]
    }

    fn of([m, v, largest]: [f32; 3]) -> Self {
        Self { moments: Moments { m, v }, largest }
    }
}

impl Rule for AmsGrad {
    type Slot = AmsGradSlot;
    type Step = AdamStep;

    const ZERO_GRADIENT_IS_IDLE: bool = false;

    fn step(&self, t: u32) -> AdamStep {
        AdamStep::new(self.learning_rate, self.beta_1, self.beta_2, self.epsilon, t)
    }

    #[inline]
    fn update(step: AdamStep, scale: f32, g: &[f32], slots: &mut [AmsGradSlot], w: &mut [f32]) {
        for ((w, slot), &g) in w.iter_mut().zip(slots).zip(g) {
            slot.moments.add(g * scale, &step);
            slot.largest = if slot.moments.v > slot.largest { slot.moments.v } else { slot.largest };
            *w -= step.alpha * slot.moments.m / (math::sqrt(slot.largest) + step.epsilon);
        }
    }
}
