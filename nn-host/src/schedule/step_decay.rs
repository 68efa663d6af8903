//! Step decay, η · f^⌊k / D⌋: PyTorch's `StepLR`.

use nn_core::math;

use super::setting::settings;
use super::span::float;
use super::{Moment, Span};

settings! {
    /// Step decay: the rate is multiplied by `factor` after every D steps; by default it is halved every ten epochs.
    ///
    /// ```
    /// use nn_host::schedule::{Moment, StepDecay};
    /// let at = |step| Moment { step, epoch: 0, steps_per_epoch: 8, steps: 80 };
    /// let decay = StepDecay::default().with("decay_epochs", 1.0)?;
    /// assert_eq!([0, 7, 8, 16].map(|step| decay.rate(0.1, at(step))), [0.1, 0.1, 0.05, 0.025]);
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    pub struct StepDecay {
        /// f, what the rate is multiplied by.
        factor: Positive = 0.5,
        spans:
        /// D (10 epochs).
        decay, "decay_steps", "decay_epochs" = Span::Epochs(10.0),
    }
}

impl StepDecay {
    /// The learning rate of a step, from η.
    #[must_use]
    pub fn rate(&self, learning_rate: f32, moment: Moment) -> f32 {
        learning_rate * math::pow(self.factor, float(moment.step / self.decay.steps(moment).max(1)))
    }
}
