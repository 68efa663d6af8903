//! Adadelta (Zeiler, 2012): v ← ρv + (1−ρ)g², Δ = −√(u + ε) / √(v + ε) · g, u ← ρu + (1−ρ)Δ², w ← w + η · Δ.

use super::Rule;
use super::hyperparameters::rule;
use super::slot::slot;
use crate::math;

rule! {
    /// v ← ρv + (1−ρ)g², Δ = −√(u + ε) / √(v + ε) · g, u ← ρu + (1−ρ)Δ², w ← w + η · Δ. The paper's η is 1, Keras' 0.001.
    ///
    /// ```
    /// use nn_core::Zero;
    /// use nn_core::optimizer::{Adadelta, Rule};
    /// let (mut w, mut slots) = ([1.0], [Zero::ZERO]);
    /// Adadelta::update(Adadelta::new(1.0)?.step(1), 1.0, &[5.0], &mut slots, &mut w);
    /// assert!(w[0] < 1.0);
    /// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
    /// ```
    pub struct Adadelta("adadelta") {
        learning_rate: positive = 0.001,
        rho: fraction = 0.95,
        epsilon: positive = 1e-7,
    }
}

slot! {
    /// What Adadelta remembers for each weight.
    pub struct AdadeltaSlot {
        /// The running mean of the squared gradient.
        v: f32,
        /// The running mean of the squared step.
        u: f32,
    }
}

impl Rule for Adadelta {
    type Slot = AdadeltaSlot;
    type Step = Self;

    const ZERO_GRADIENT_IS_IDLE: bool = false;

    fn step(&self, _t: u32) -> Self {
        *self
    }

    #[inline]
    fn update(step: Self, scale: f32, g: &[f32], slots: &mut [AdadeltaSlot], w: &mut [f32]) {
        let keep = 1.0 - step.rho;
        for ((w, slot), &g) in w.iter_mut().zip(slots).zip(g) {
            let g = g * scale;
            slot.v = step.rho * slot.v + keep * (g * g);
            let delta = -math::sqrt(slot.u + step.epsilon) * g / math::sqrt(slot.v + step.epsilon);
            slot.u = step.rho * slot.u + keep * (delta * delta);
            *w += step.learning_rate * delta;
        }
    }
}
