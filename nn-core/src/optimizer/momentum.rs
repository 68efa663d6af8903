//! Gradient descent with momentum (Polyak, 1964), m ← μm − ηₜg, w ← w + m; in Nesterov's form as Bengio et al. (2013)
//! write it, w ← w + μm − ηₜg.

use super::Rule;
use super::hyperparameters::rule;
use super::sgd::{Sgd, decayed};

rule! {
    /// m ← μm − ηₜg, w ← w + m, or with `nesterov` w ← w + μm − ηₜg; ηₜ decays as in [`Sgd`](super::Sgd).
    ///
    /// ```
    /// use nn_core::optimizer::{Momentum, Rule};
    /// let rule = Momentum::new(0.5)?.with("momentum", 0.5)?;
    /// let (mut w, mut m) = ([0.0], [0.0]);
    /// Momentum::update(rule.step(1), 1.0, &[1.0], &mut m, &mut w);
    /// Momentum::update(rule.step(2), 1.0, &[1.0], &mut m, &mut w);
    /// assert_eq!(w, [-0.5 - 0.75]);
    /// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
    /// ```
    pub struct Momentum("momentum") {
        learning_rate: positive = 0.01,
        momentum: fraction = 0.9,
        nesterov: switch = 0.0,
        decay: not_negative = 0.0,
    }
}

impl From<Sgd> for Momentum {
    /// The same learning rate and decay, and no momentum yet.
    fn from(sgd: Sgd) -> Self {
        let (learning_rate, decay) = (sgd.learning_rate(), sgd.decay());
        Self { learning_rate, momentum: 0.0, nesterov: 0.0, decay }
    }
}

/// What one step shares among all weights.
#[derive(Clone, Copy, Debug)]
pub struct MomentumStep {
    learning_rate: f32,
    momentum: f32,
    is_nesterov: bool,
}

impl Rule for Momentum {
    type Slot = f32;
    type Step = MomentumStep;

    const ZERO_GRADIENT_IS_IDLE: bool = false;

    fn rate(&self, t: u32) -> f32 {
        decayed(self.learning_rate, self.decay, t)
    }

    fn step(&self, t: u32) -> MomentumStep {
        MomentumStep { learning_rate: self.rate(t), momentum: self.momentum, is_nesterov: self.nesterov > 0.0 }
    }

    #[inline]
    fn update(step: MomentumStep, scale: f32, g: &[f32], slots: &mut [f32], w: &mut [f32]) {
        for ((w, m), &g) in w.iter_mut().zip(slots).zip(g) {
            let down = step.learning_rate * (g * scale);
            *m = step.momentum * *m - down;
            *w += if step.is_nesterov { step.momentum * *m - down } else { *m };
        }
    }
}
