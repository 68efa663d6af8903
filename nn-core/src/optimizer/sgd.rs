//! Stochastic gradient descent, w ← w − ηₜ · g, with ηₜ = η / (1 + d · (t − 1)); ηₜ multiplies the errors, which make g.

use super::Rule;
use super::hyperparameters::rule;

rule! {
    /// w ← w − ηₜ · g, with the chapter's decay d of the learning rate, ηₜ = η / (1 + d · (t − 1)); none if 0.
    ///
    /// The rate multiplies the errors dz that gradients are made from: a product a unit instead of one a weight.
    ///
    /// ```
    /// use nn_core::optimizer::{Rule, Sgd};
    /// let rule = Sgd::new(0.1)?;
    /// let mut w = [1.0];
    /// let g = 5.0 * rule.error_factor(1).unwrap_or(1.0);
    /// Sgd::update((), 1.0, &[g], &mut [()], &mut w);
    /// assert_eq!(w, [0.5]);
    /// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
    /// ```
    pub struct Sgd("sgd") {
        learning_rate: positive = 0.01,
        decay: not_negative = 0.0,
    }
}

/// η / (1 + d · (t − 1)), the learning rate of step t = 1, 2 …
pub(super) fn decayed(learning_rate: f32, decay: f32, t: u32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "seven digits of a learning rate are enough")]
    let steps_before = t.saturating_sub(1) as f32;
    learning_rate / (1.0 + decay * steps_before)
}

impl Sgd {
    /// The decay d of the learning rate.
    pub(super) const fn decay(&self) -> f32 {
        self.decay
    }
}

impl Rule for Sgd {
    type Slot = ();
    type Step = ();

    const ZERO_GRADIENT_IS_IDLE: bool = true;
    const IS_PLAIN: bool = true;

    fn rate(&self, t: u32) -> f32 {
        decayed(self.learning_rate, self.decay, t)
    }

    fn step(&self, _t: u32) {}

    fn error_factor(&self, t: u32) -> Option<f32> {
        Some(self.rate(t))
    }

    #[inline]
    fn update(_step: (), scale: f32, g: &[f32], _slots: &mut [()], w: &mut [f32]) {
        for (w, &g) in w.iter_mut().zip(g) {
            *w -= g * scale;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Rule, Sgd};

    #[test]
    fn the_learning_rate_decays_with_the_steps() {
        let sgd = Sgd::new(1.0).unwrap().with("decay", 0.5).unwrap();
        assert_eq!([1, 2, 3].map(|t| sgd.error_factor(t)), [Some(1.0), Some(1.0 / 1.5), Some(0.5)]);
    }
}
