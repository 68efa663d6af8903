//! Adagrad (Duchi et al., 2011): s ← s + g², w ← w − η · g / √(s + ε).

use super::Rule;
use super::hyperparameters::rule;
use crate::math;

rule! {
    /// s ← s + g², w ← w − η · g / √(s + ε). What is kept of s is its growth over `initial_accumulator_value`, so that
    /// it starts at zero.
    ///
    /// ```
    /// use nn_core::optimizer::{Adagrad, Rule};
    /// let rule = Adagrad::new(0.5)?.with("initial_accumulator_value", 0.0)?;
    /// let (mut w, mut s) = ([1.0], [0.0]);
    /// Adagrad::update(rule.step(1), 1.0, &[4.0], &mut s, &mut w);
    /// assert_eq!((w, s), ([0.5], [16.0]));
    /// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
    /// ```
    pub struct Adagrad("adagrad") {
        learning_rate: positive = 0.001,
        initial_accumulator_value: not_negative = 0.1,
        epsilon: positive = 1e-7,
    }
}

impl Rule for Adagrad {
    type Slot = f32;
    type Step = Self;

    const ZERO_GRADIENT_IS_IDLE: bool = true;

    fn step(&self, _t: u32) -> Self {
        *self
    }

    #[inline]
    fn update(step: Self, scale: f32, g: &[f32], slots: &mut [f32], w: &mut [f32]) {
        for ((w, s), &g) in w.iter_mut().zip(slots).zip(g) {
            let g = g * scale;
            *s += g * g;
            *w -= step.learning_rate * g / math::sqrt((step.initial_accumulator_value + *s) + step.epsilon);
        }
    }
}
