//! Time-based decay, η / (1 + d · k / D): Keras' `InverseTimeDecay`, and with D = 1 the η / (1 + d · k) of textbooks.

use super::setting::settings;
use super::span::float;
use super::{Moment, Span};

settings! {
    /// Time-based decay: η / (1 + d · k / D) at step k, with D the steps after which `decay_rate` = d counts once.
    ///
    /// ```
    /// use nn_host::schedule::{InverseTimeDecay, Moment};
    /// let at = |step| Moment { step, epoch: 0, steps_per_epoch: 8, steps: 80 };
    /// let decay = InverseTimeDecay::of_steps(0.5)?; // η / (1 + 0.5 · k)
    /// assert_eq!([0, 2, 6].map(|step| decay.rate(0.1, at(step))), [0.1, 0.05, 0.025]);
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    pub struct InverseTimeDecay {
        /// d, at least 0.
        decay_rate: NotNegative = 1.0,
        /// whether k / D is rounded down.
        staircase: Switch = 0.0,
        spans:
        /// D (the whole training).
        decay, "decay_steps", "decay_epochs" = Span::Training,
    }
}

impl InverseTimeDecay {
    /// η / (1 + d · k) at step k.
    ///
    /// # Errors
    /// [`SettingError`](nn_core::SettingError) unless d is at least 0 and finite.
    pub fn of_steps(decay_rate: f32) -> Result<Self, nn_core::SettingError> {
        Self { decay: Span::Steps(1), ..Self::default() }.with("decay_rate", decay_rate)
    }

    /// The learning rate of a step, from η.
    #[must_use]
    pub fn rate(&self, learning_rate: f32, moment: Moment) -> f32 {
        learning_rate / (1.0 + self.decay_rate * share(moment, self.decay, self.staircase))
    }
}

/// k / D, rounded down for a staircase.
pub(super) fn share(moment: Moment, decay: Span, staircase: f32) -> f32 {
    let steps = decay.steps(moment).max(1);
    if staircase == 0.0 { float(moment.step) / float(steps) } else { float(moment.step / steps) }
}
