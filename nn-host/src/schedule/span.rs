//! How long a part of a schedule lasts: steps, epochs, or what is left of the training.

use super::Moment;
use nn_core::SettingError;

/// The most steps that every f32 can tell apart from their neighbors.
const MOST_STEPS: f32 = 16_777_216.0;

/// How long a part of a schedule lasts.
///
/// ```
/// use nn_host::schedule::{Moment, Span};
/// let moment = Moment { step: 0, epoch: 0, steps_per_epoch: 8, steps: 80 };
/// let spans = [Span::Steps(5), Span::Epochs(1.5), Span::Training];
/// assert_eq!(spans.map(|span| span.steps(moment)), [5, 12, 80]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Span {
    /// As long as the training.
    Training,
    /// So many steps.
    Steps(u32),
    /// So many epochs, to the nearest whole step.
    Epochs(f32),
}

impl Span {
    /// The number of steps.
    #[must_use]
    pub fn steps(self, moment: Moment) -> u32 {
        match self {
            Self::Training => moment.steps,
            Self::Steps(steps) => steps,
            Self::Epochs(epochs) => whole_steps(epochs, moment.steps_per_epoch),
        }
    }

    /// So many steps, from the setting of this name.
    pub(super) fn of_steps(name: &'static str, value: f32) -> Result<Self, SettingError> {
        let range = "a whole number from 0 to 16,777,216";
        match value.fract() == 0.0 && (0.0..=MOST_STEPS).contains(&value) {
            true => Ok(Self::Steps(whole(value))),
            false => Err(SettingError::OutOfRange { name, value, range }),
        }
    }

    /// So many epochs, from the setting of this name.
    pub(super) fn of_epochs(name: &'static str, value: f32) -> Result<Self, SettingError> {
        match value >= 0.0 && value.is_finite() {
            true => Ok(Self::Epochs(value)),
            false => Err(SettingError::OutOfRange { name, value, range: "at least 0 and finite" }),
        }
    }
}

/// The steps of some epochs, rounded once: in f64 the product of an f32 and a number of steps is exact.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is too large becomes the largest")]
fn whole_steps(epochs: f32, steps_per_epoch: u32) -> u32 {
    (f64::from(epochs) * f64::from(steps_per_epoch)).round() as u32
}

/// A whole number without its fraction; the nearest that there is if it is too large or below 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast takes the nearest there is")]
pub(super) const fn whole(value: f32) -> u32 {
    value as u32
}

/// A number of steps to calculate with; above 16,777,216 the nearest f32.
#[expect(clippy::cast_precision_loss, reason = "a schedule's curve is no finer than an f32")]
pub(super) const fn float(steps: u32) -> f32 {
    steps as f32
}

#[cfg(test)]
mod tests {
    use super::{Moment, Span};

    #[test]
    fn spans_are_checked_by_name() {
        assert_eq!(Span::of_steps("decay_steps", 7.0), Ok(Span::Steps(7)));
        assert_eq!(Span::of_epochs("decay_epochs", 0.5), Ok(Span::Epochs(0.5)));
        for wrong in [-1.0, 0.5, 16_777_218.0, f32::NAN] {
            let error = Span::of_steps("decay_steps", wrong).unwrap_err().to_string();
            assert!(error.starts_with("decay_steps is ") && error.ends_with("from 0 to 16,777,216"), "{error}");
        }
        for wrong in [-1.0, f32::INFINITY, f32::NAN] {
            assert!(Span::of_epochs("decay_epochs", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn epochs_are_whole_steps_and_never_too_many() {
        let moment = Moment { step: 0, epoch: 0, steps_per_epoch: 10, steps: 30 };
        assert_eq!(
            [0.0, 0.1, 0.7, 2.0, 1e30].map(|epochs| Span::Epochs(epochs).steps(moment)),
            [0, 1, 7, 20, u32::MAX]
        );
    }
}
