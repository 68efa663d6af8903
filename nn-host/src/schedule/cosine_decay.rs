//! Cosine decay with warm-up, η · ((1 − α) · (1 + cos(π · k / D)) / 2 + α): Keras' `CosineDecay`.

use nn_core::math;

use super::setting::settings;
use super::span::float;
use super::{Moment, Span};

settings! {
    /// Cosine decay: half a wave from η down to α · η in D steps (Loshchilov and Hutter 2016, without restarts),
    /// after a warm-up in which the rate grows along a line.
    ///
    /// The warm-up goes from 0 to the optimizer's rate η; with `warmup_target`, as in Keras, it goes from η to the target,
    /// from where the rate then decays.
    ///
    /// ```
    /// use nn_host::schedule::{CosineDecay, Moment};
    /// let at = |step| Moment { step, epoch: 0, steps_per_epoch: 8, steps: 88 };
    /// let decay = CosineDecay::default().with("warmup_epochs", 1.0)?;
    /// let percent = |step| (100.0 * decay.rate(0.5, at(step))).round();
    /// assert_eq!([0, 4, 8, 48, 88].map(percent), [0.0, 25.0, 50.0, 25.0, 0.0]);
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    pub struct CosineDecay {
        /// α, the share of the rate that is left in the end.
        alpha: Share = 0.0,
        /// the rate after the warm-up, if it is not the optimizer's; 0 is none.
        warmup_target: NotNegative = 0.0,
        spans:
        /// D, the steps behind the warm-up (all of them).
        decay, "decay_steps", "decay_epochs" = Span::Training,
        /// the steps of the warm-up (0).
        warmup, "warmup_steps", "warmup_epochs" = Span::Steps(0),
    }
}

impl CosineDecay {
    /// The learning rate of a step, from η.
    #[must_use]
    pub fn rate(&self, learning_rate: f32, moment: Moment) -> f32 {
        let warmup = self.warmup.steps(moment);
        let (from, to) =
            if self.warmup_target > 0.0 { (learning_rate, self.warmup_target) } else { (0.0, learning_rate) };
        match moment.step.checked_sub(warmup) {
            None => (to - from) * (float(moment.step) / float(warmup)) + from,
            Some(step) => {
                let steps = match self.decay {
                    Span::Training => moment.steps.saturating_sub(warmup),
                    decay => decay.steps(moment),
                };
                let steps = steps.max(1);
                to * half_wave(float(step.min(steps)) / float(steps), 1.0, self.alpha)
            }
        }
    }
}

/// (1 − α) · h · (1 + cos(π · share)) / 2 + α: from about the height h to α.
pub(super) fn half_wave(share: f32, height: f32, alpha: f32) -> f32 {
    (1.0 - alpha) * (0.5 * height * (1.0 + math::cos(core::f32::consts::PI * share))) + alpha
}
