//! RMSprop (Hinton, 2012): v ← ρv + (1−ρ)g², w ← w − η · g / √(v + ε); centered, v − ḡ² in place of v; with momentum,
//! the steps are summed up as m ← μm + step.

use super::Rule;
use super::hyperparameters::rule;
use super::slot::slot;
use crate::math;

rule! {
    /// v ← ρv + (1−ρ)g², w ← w − η · g / √(v + ε). With `centered`, the variance v − ḡ² in place of v, ḡ the running mean of
    /// g; with `momentum` μ, m ← μm + η · g / √(v + ε), w ← w − m.
    ///
    /// ```
    /// use nn_core::Zero;
    /// use nn_core::optimizer::{Rmsprop, Rule};
    /// let rule = Rmsprop::new(0.5)?.with("rho", 0.75)?;
    /// let (mut w, mut slots) = ([2.0], [Zero::ZERO]);
    /// Rmsprop::update(rule.step(1), 1.0, &[4.0], &mut slots, &mut w);
    /// assert!((w[0] - 1.0).abs() < 1e-6); // 4 / √(16 / 4) steps of 0.5
    /// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
    /// ```
    pub struct Rmsprop("rmsprop") {
        learning_rate: positive = 0.001,
        rho: fraction = 0.9,
        momentum: fraction = 0.0,
        epsilon: positive = 1e-7,
        centered: switch = 0.0,
    }
}

slot! {
    /// What RMSprop remembers for each weight.
    pub struct RmspropSlot {
        /// The running mean of the squared gradient.
        v: f32,
        /// The running mean of the gradient, if centered.
        mean: f32,
        /// The running step, with momentum.
        m: f32,
    }
}

impl Rule for Rmsprop {
    type Slot = RmspropSlot;
    type Step = Self;

    const ZERO_GRADIENT_IS_IDLE: bool = false;

    fn step(&self, _t: u32) -> Self {
        *self
    }

    #[inline]
    fn update(step: Self, scale: f32, g: &[f32], slots: &mut [RmspropSlot], w: &mut [f32]) {
        let keep = 1.0 - step.rho;
        for ((w, slot), &g) in w.iter_mut().zip(slots).zip(g) {
            let g = g * scale;
            slot.v = step.rho * slot.v + keep * (g * g);
            let mut denominator = slot.v + step.epsilon;
            if step.centered > 0.0 {
                slot.mean = step.rho * slot.mean + keep * g;
                denominator = (slot.v - slot.mean * slot.mean) + step.epsilon;
            }
            slot.m = step.momentum * slot.m + step.learning_rate * g / math::sqrt(denominator);
            *w -= slot.m;
        }
    }
}
