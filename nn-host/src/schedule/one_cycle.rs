//! One cycle (Smith and Topin 2017): up to the highest rate and down to nearly none, half a cosine wave each; PyTorch's
//! `OneCycleLR`.

use core::f32::consts::PI;

use nn_core::math;

use super::setting::settings;
use super::span::float;
use super::{Moment, Span};

settings! {
    /// One cycle of the learning rate: from η / d up to η, the optimizer's rate, then down to η / d / f. Momentum stays as
    /// it is.
    ///
    /// ```
    /// use nn_host::schedule::{Moment, OneCycle};
    /// let at = |step| Moment { step, epoch: 0, steps_per_epoch: 10, steps: 100 };
    /// let rate = |step| OneCycle::default().rate(0.5, at(step));
    /// assert!((rate(0) - 0.02).abs() < 1e-6 && rate(29) == 0.5 && rate(99) < 1e-5);
    /// ```
    pub struct OneCycle {
        /// the share of the steps in which the rate grows.
        pct_start: Share = 0.3,
        /// d, how many times the first rate the highest is.
        div_factor: Positive = 25.0,
        /// f, how many times the last rate the first is.
        final_div_factor: Positive = 1e4,
        spans:
        /// the steps of the cycle (the whole training); the last rate stays behind them.
        total, "total_steps", "total_epochs" = Span::Training,
    }
}

impl OneCycle {
    /// The learning rate of a step, from η.
    #[must_use]
    pub fn rate(&self, learning_rate: f32, moment: Moment) -> f32 {
        let steps = float(self.total.steps(moment));
        let step = float(moment.step);
        let (top, end) = ((self.pct_start * steps - 1.0).max(0.0), steps - 1.0);
        let first = learning_rate / self.div_factor;
        if step <= top && top > 0.0 {
            return wave(first, learning_rate, step / top);
        }
        let share = if end > top { ((step - top) / (end - top)).min(1.0) } else { 1.0 };
        wave(learning_rate, first / self.final_div_factor, share)
    }
}

/// Half a wave between two rates, to + (from − to) / 2 · (1 + cos(π · share)).
fn wave(from: f32, to: f32, share: f32) -> f32 {
    to + (from - to) / 2.0 * (1.0 + math::cos(PI * share))
}
