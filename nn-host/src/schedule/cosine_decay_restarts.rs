//! Cosine decay with warm restarts (SGDR, Loshchilov and Hutter 2016): Keras' `CosineDecayRestarts`.

use nn_core::math;

use super::cosine_decay::half_wave;
use super::setting::settings;
use super::span::float;
use super::{Moment, Span};

settings! {
    /// Cosine decay with restarts: decay number i lasts D · tⁱ steps and goes from η · ((1 − α) · mⁱ + α) down to η · α.
    ///
    /// ```
    /// use nn_host::schedule::{CosineDecayRestarts, Moment};
    /// let at = |step| Moment { step, epoch: 0, steps_per_epoch: 8, steps: 80 };
    /// let decay = CosineDecayRestarts::default().with("m_mul", 0.5)?; // 8 steps, 16 steps …
    /// assert_eq!([0, 8, 24].map(|step| decay.rate(0.5, at(step))), [0.5, 0.25, 0.125]);
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    pub struct CosineDecayRestarts {
        /// t, how many times as long as the one before a decay is.
        t_mul: AtLeastOne = 2.0,
        /// m, how many times as high as the one before a decay begins.
        m_mul: NotNegative = 1.0,
        /// α, the share of the rate that is left in the end of a decay.
        alpha: Share = 0.0,
        spans:
        /// D (1 epoch).
        first, "first_decay_steps", "first_decay_epochs" = Span::Epochs(1.0),
    }
}

impl CosineDecayRestarts {
    /// The learning rate of a step, from η.
    #[must_use]
    pub fn rate(&self, learning_rate: f32, moment: Moment) -> f32 {
        let steps = self.first.steps(moment).max(1);
        let (restarts, share) = if self.t_mul > 1.0 {
            self.place(float(moment.step) / float(steps))
        } else {
            (float(moment.step / steps), float(moment.step % steps) / float(steps))
        };
        learning_rate * half_wave(share, math::pow(self.m_mul, restarts), self.alpha)
    }

    /// The number of restarts, and the share of the decay since the last one, after so many times D steps.
    fn place(&self, lengths: f32) -> (f32, f32) {
        let begin = |restarts| (math::pow(self.t_mul, restarts) - 1.0) / (self.t_mul - 1.0);
        let mut restarts = (math::ln(1.0 + lengths * (self.t_mul - 1.0)) / math::ln(self.t_mul)).floor();
        // Where a decay begins, the rounding of the logarithms may have left it on the wrong side.
        if begin(restarts) > lengths {
            restarts -= 1.0;
        } else if begin(restarts + 1.0) <= lengths {
            restarts += 1.0;
        }
        (restarts, (lengths - begin(restarts)) / math::pow(self.t_mul, restarts))
    }
}
