//! Piecewise constant: a learning rate from each boundary to the next; Keras' `PiecewiseConstantDecay`.

use super::setting::Range;
use nn_core::SettingError;

use super::{Moment, Span};

/// A learning rate for each part of a training, the optimizer's own for the first.
///
/// By name a boundary is `step_N` or `epoch_N`, and its value the rate behind it: after the step with number N,
/// counted from 0 as in Keras, or after N epochs.
///
/// ```
/// use nn_host::schedule::{Moment, PiecewiseConstant};
/// let at = |step| Moment { step, epoch: 0, steps_per_epoch: 8, steps: 80 };
/// let rates = PiecewiseConstant::default().after_step(4, 0.05)?.after_epochs(2, 0.01)?;
/// assert_eq!([0, 4, 5, 15, 16].map(|step| rates.rate(0.1, at(step))), [0.1, 0.1, 0.05, 0.05, 0.01]);
/// assert_eq!(PiecewiseConstant::default().with("step_4", 0.05)?.with("epoch_2", 0.01)?, rates);
/// # Ok::<(), nn_core::SettingError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PiecewiseConstant {
    /// How many steps or epochs are before a part, and its rate.
    parts: Vec<(Span, f32)>,
}

impl PiecewiseConstant {
    /// The names of all settings, with N for a number.
    pub const SETTINGS: &'static [&'static str] = &["step_N", "epoch_N"];

    /// Another rate after the step with this number, from 0.
    ///
    /// # Errors
    /// [`SettingError`] unless `rate` is at least 0 and finite.
    pub fn after_step(self, step: u32, rate: f32) -> Result<Self, SettingError> {
        self.after(Span::Steps(step.saturating_add(1)), "step_N", rate)
    }

    /// Another rate after so many epochs.
    ///
    /// # Errors
    /// [`SettingError`] unless `rate` is at least 0 and finite.
    #[expect(clippy::cast_precision_loss, reason = "trainings have far fewer than 2²⁴ epochs")]
    pub fn after_epochs(self, epochs: u32, rate: f32) -> Result<Self, SettingError> {
        self.after(Span::Epochs(epochs as f32), "epoch_N", rate)
    }

    fn after(mut self, before: Span, name: &'static str, rate: f32) -> Result<Self, SettingError> {
        self.parts.push((before, Range::NotNegative.check(name, rate)?));
        Ok(self)
    }

    /// This schedule with one more boundary, `step_N` or `epoch_N`.
    ///
    /// # Errors
    /// [`SettingError`] if the name is none of these, or the rate is below 0 or not finite.
    pub fn with(self, name: &str, rate: f32) -> Result<Self, SettingError> {
        match name.split_once('_').map(|(unit, number)| (unit, number.parse())) {
            Some(("step", Ok(step))) => self.after_step(step, rate),
            Some(("epoch", Ok(epochs))) => self.after_epochs(epochs, rate),
            _ => Err(SettingError::Unknown { kind: "PiecewiseConstant", known: Self::SETTINGS }),
        }
    }

    /// The learning rate of a step, from η.
    #[must_use]
    pub fn rate(&self, learning_rate: f32, moment: Moment) -> f32 {
        let begun = self.parts.iter().map(|(before, rate)| (before.steps(moment), rate));
        let last = begun.filter(|(before, _)| *before <= moment.step).max_by_key(|(before, _)| *before);
        last.map_or(learning_rate, |(_, &rate)| rate)
    }
}

#[cfg(test)]
mod tests {
    use super::PiecewiseConstant;

    #[test]
    fn other_names_and_rates_are_refused() {
        for wrong in ["step_", "step", "steps_3", "epoch_-1", "epoch_1.5", "step_99999999999"] {
            let error = PiecewiseConstant::default().with(wrong, 0.1).unwrap_err().to_string();
            assert_eq!(error, "unknown setting; PiecewiseConstant has step_N, epoch_N", "{wrong}");
        }
        let error = PiecewiseConstant::default().with("step_3", -0.1).unwrap_err().to_string();
        assert_eq!(error, "step_N is -0.1, it must be at least 0 and finite");
    }
}
