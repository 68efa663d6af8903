//! Exponential decay, η · r^(k / D): Keras' `ExponentialDecay`.

use nn_core::math;

use super::inverse_time_decay::share;
use super::setting::settings;
use super::{Moment, Span};

settings! {
    /// Exponential decay: η · r^(k / D) at step k, with D the steps after which the rate is multiplied by
    /// `decay_rate` = r.
    ///
    /// ```
    /// use nn_host::schedule::{ExponentialDecay, Moment};
    /// let at = |step| Moment { step, epoch: 0, steps_per_epoch: 8, steps: 80 };
    /// let decay = ExponentialDecay::default().with("decay_rate", 0.25)?; // over the whole training
    /// assert_eq!([0, 40, 80].map(|step| decay.rate(0.1, at(step))), [0.1, 0.05, 0.025]);
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    pub struct ExponentialDecay {
        /// r, above 0; above 1 the rate grows.
        decay_rate: Positive = 0.1,
        /// whether k / D is rounded down.
        staircase: Switch = 0.0,
        spans:
        /// D (the whole training).
        decay, "decay_steps", "decay_epochs" = Span::Training,
    }
}

impl ExponentialDecay {
    /// From η to `decay_rate` times η in so many steps; the rate is above 0.
    pub(crate) fn over(steps: u32, decay_rate: f32) -> Self {
        Self { decay: Span::Steps(steps), decay_rate, ..Self::default() }
    }

    /// The learning rate of a step, from η.
    #[must_use]
    pub fn rate(&self, learning_rate: f32, moment: Moment) -> f32 {
        learning_rate * math::pow(self.decay_rate, share(moment, self.decay, self.staircase))
    }
}
