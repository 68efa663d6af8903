//! Lion (Chen et al., 2023): w ← w − η · sign(β₁m + (1 − β₁)g), m ← β₂m + (1 − β₂)g.

use super::Rule;
use super::hyperparameters::rule;

rule! {
    /// Steps of one length, the learning rate, in the direction of a running mean's sign.
    ///
    /// ```
    /// use nn_core::optimizer::{Lion, Rule};
    /// let (mut w, mut m) = ([1.0], [0.0]);
    /// Lion::update(Lion::new(0.5)?.step(1), 1.0, &[0.001], &mut m, &mut w);
    /// assert_eq!(w, [0.5]);
    /// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
    /// ```
    pub struct Lion("lion") {
        learning_rate: positive = 0.001,
        beta_1: fraction = 0.9,
        beta_2: fraction = 0.99,
    }
}

impl Rule for Lion {
    type Slot = f32;
    type Step = Self;

    const ZERO_GRADIENT_IS_IDLE: bool = false;

    fn step(&self, _t: u32) -> Self {
        *self
    }

    #[inline]
    fn update(step: Self, scale: f32, g: &[f32], slots: &mut [f32], w: &mut [f32]) {
        for ((w, m), &g) in w.iter_mut().zip(slots).zip(g) {
            let g = g * scale;
            let direction = step.beta_1 * *m + (1.0 - step.beta_1) * g;
            *m = step.beta_2 * *m + (1.0 - step.beta_2) * g;
            *w -= if direction > 0.0 {
                step.learning_rate
            } else if direction < 0.0 {
                -step.learning_rate
            } else {
                0.0
            };
        }
    }
}
