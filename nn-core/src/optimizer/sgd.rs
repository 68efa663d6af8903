//! Stochastic gradient descent, w ← w − η · g.

use super::{HyperparameterError, Rule, positive};

/// w ← w − η · g.
///
/// ```
/// use nn_core::optimizer::{Rule, Sgd};
/// let mut w = [1.0];
/// Sgd::update(Sgd::new(0.1)?.step(1), 1.0, &[5.0], &mut [()], &mut w);
/// assert_eq!(w, [0.5]);
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    learning_rate: f32,
}

impl Sgd {
    pub(super) const DEFAULT: Self = Self { learning_rate: 0.01 };

    /// The rule with this learning rate η.
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
            "learning_rate" => Ok(Self { learning_rate: positive("learning_rate", value)? }),
            _ => Err(HyperparameterError::Unknown { optimizer: "sgd", known: &["learning_rate"] }),
        }
    }

    /// The learning rate η.
    #[must_use]
    pub const fn learning_rate(&self) -> f32 {
        self.learning_rate
    }
}

impl Default for Sgd {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Rule for Sgd {
    type Slot = ();
    type Step = f32;

    const ZERO_GRADIENT_IS_IDLE: bool = true;

    fn step(&self, _t: u32) -> f32 {
        self.learning_rate
    }

    #[inline]
    fn update(learning_rate: f32, scale: f32, g: &[f32], _slots: &mut [()], w: &mut [f32]) {
        for (w, &g) in w.iter_mut().zip(g) {
            *w -= learning_rate * (g * scale);
        }
    }
}
