//! Polynomial decay, (η − e) · (1 − k / D)^p + e: Keras' `PolynomialDecay`.

use nn_core::math;

use super::setting::settings;
use super::span::float;
use super::{Moment, Span};

settings! {
    /// Polynomial decay: from η to `end_learning_rate` = e in D steps, (η − e) · (1 − k / D)^p + e at step k, with
    /// p = `power`.
    ///
    /// ```
    /// use nn_host::schedule::{Moment, PolynomialDecay};
    /// let at = |step| Moment { step, epoch: 0, steps_per_epoch: 8, steps: 80 };
    /// let decay = PolynomialDecay::default().with("end_learning_rate", 0.0)?; // a line over the whole training
    /// assert_eq!([0, 40, 80, 100].map(|step| decay.rate(0.5, at(step))), [0.5, 0.25, 0.0, 0.0]);
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    pub struct PolynomialDecay {
        /// e, the rate in the end.
        end_learning_rate: NotNegative = 0.0001,
        /// p, above 0.
        power: Positive = 1.0,
        /// whether the next decay, from η again and twice, three times … as long, begins where one has ended.
        cycle: Switch = 0.0,
        spans:
        /// D (the whole training).
        decay, "decay_steps", "decay_epochs" = Span::Training,
    }
}

impl PolynomialDecay {
    /// The learning rate of a step, from η.
    #[must_use]
    pub fn rate(&self, learning_rate: f32, moment: Moment) -> f32 {
        let steps = self.decay.steps(moment).max(1);
        let share = if self.cycle == 0.0 {
            float(moment.step.min(steps)) / float(steps)
        } else {
            // As in Keras, a decay begins at step 0 and not where the one before has ended.
            float(moment.step) / (float(steps) * float(moment.step.div_ceil(steps).max(1)))
        };
        (learning_rate - self.end_learning_rate) * math::pow(1.0 - share, self.power) + self.end_learning_rate
    }
}
