//! Adam (Kingma and Ba, 2015): m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − αₜ · m / (√v + ε),
//! with αₜ = η · √(1 − β₂ᵗ) / (1 − β₁ᵗ), in the order of operations that Keras uses.

use super::{HyperparameterError, Rule, fraction, positive};
use crate::{Zero, math};

/// Adaptive moment estimation.
///
/// ```
/// use nn_core::Zero;
/// use nn_core::optimizer::{Adam, Moments, Rule};
/// let mut w = [1.0];
/// Adam::update(Adam::default().step(1), 1.0, &[5.0], &mut [Moments::ZERO], &mut w);
/// assert!((w[0] - 0.999).abs() < 1e-6); // the first step has the length of the learning rate
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    learning_rate: f32,
    beta_1: f32,
    beta_2: f32,
    epsilon: f32,
}

/// What Adam remembers for each weight.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// The running mean of the gradient.
    m: f32,
    /// The running mean of the squared gradient.
    v: f32,
}

impl Zero for Moments {
    const ZERO: Self = Self { m: 0.0, v: 0.0 };
}

/// What one step of Adam shares among all weights.
#[derive(Clone, Copy, Debug)]
pub struct AdamStep {
    /// αₜ, the learning rate corrected for moments that start at zero.
    alpha: f32,
    /// 1 − β₁
    one_minus_beta_1: f32,
    /// 1 − β₂
    one_minus_beta_2: f32,
    epsilon: f32,
}

impl Adam {
    pub(super) const DEFAULT: Self = Self { learning_rate: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 };

    /// The rule with this learning rate η and Keras' defaults for the rest.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `learning_rate` is above 0 and finite.
    pub fn new(learning_rate: f32) -> Result<Self, HyperparameterError> {
        Self::DEFAULT.with("learning_rate", learning_rate)
    }

    /// This rule with another value of one hyperparameter, by its name in Keras.
    ///
    /// # Errors
    /// [`HyperparameterError`] if it has none of that name, or the value is outside its range.
    pub fn with(self, name: &str, value: f32) -> Result<Self, HyperparameterError> {
        match name {
            "learning_rate" => Ok(Self { learning_rate: positive("learning_rate", value)?, ..self }),
            "beta_1" => Ok(Self { beta_1: fraction("beta_1", value)?, ..self }),
            "beta_2" => Ok(Self { beta_2: fraction("beta_2", value)?, ..self }),
            "epsilon" => Ok(Self { epsilon: positive("epsilon", value)?, ..self }),
            _ => Err(HyperparameterError::Unknown {
                optimizer: "adam",
                known: &["learning_rate", "beta_1", "beta_2", "epsilon"],
            }),
        }
    }

    /// The learning rate η.
    #[must_use]
    pub const fn learning_rate(&self) -> f32 {
        self.learning_rate
    }
}

impl Default for Adam {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for Adam {
    type Slot = Moments;
    type Step = AdamStep;

    const ZERO_GRADIENT_IS_IDLE: bool = false;

    fn step(&self, t: u32) -> AdamStep {
        #[expect(clippy::cast_precision_loss, reason = "βᵗ has reached zero long before 2²⁴ steps")]
        let t = t as f32;
        let correction_1 = 1.0 - math::pow(self.beta_1, t);
        let correction_2 = 1.0 - math::pow(self.beta_2, t);
        AdamStep {
            alpha: self.learning_rate * math::sqrt(correction_2) / correction_1,
            one_minus_beta_1: 1.0 - self.beta_1,
            one_minus_beta_2: 1.0 - self.beta_2,
            epsilon: self.epsilon,
        }
    }

    #[inline]
    fn update(step: AdamStep, scale: f32, g: &[f32], slots: &mut [Moments], w: &mut [f32]) {
        for ((w, slot), &g) in w.iter_mut().zip(slots).zip(g) {
            let g = g * scale;
            slot.m += (g - slot.m) * step.one_minus_beta_1;
            slot.v += (g * g - slot.v) * step.one_minus_beta_2;
            *w -= step.alpha * slot.m / (math::sqrt(slot.v) + step.epsilon);
        }
    }
}
