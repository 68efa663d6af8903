//! Schedules: how the learning rate changes from step to step, one file each.

mod setting;
mod span;

mod inverse_time_decay;
mod piecewise_constant;
mod step_decay;

mod exponential_decay;
mod polynomial_decay;

mod cosine_decay;
mod cosine_decay_restarts;
mod one_cycle;

#[cfg(test)]
mod tests;

pub use cosine_decay::CosineDecay;
pub use cosine_decay_restarts::CosineDecayRestarts;
pub use exponential_decay::ExponentialDecay;
pub use inverse_time_decay::InverseTimeDecay;
pub use one_cycle::OneCycle;
pub use piecewise_constant::PiecewiseConstant;
pub use polynomial_decay::PolynomialDecay;
pub use span::Span;
pub use step_decay::StepDecay;

use nn_core::SettingError;

/// Where a training is when a step begins.
///
/// ```
/// use nn_host::schedule::{Moment, Schedule};
/// let moment = Moment { step: 10, epoch: 1, steps_per_epoch: 8, steps: 80 };
/// assert_eq!(Schedule::Constant.rate(0.1, moment), 0.1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Steps before this one.
    pub step: u32,
    /// Epochs before this one.
    pub epoch: u32,
    /// Steps of an epoch.
    pub steps_per_epoch: u32,
    /// Steps of the whole training.
    pub steps: u32,
}

/// Makes the run-time choice among schedules: a row is `Type, "name"`.
macro_rules! schedules {
    ($($schedule:ident, $name:literal;)+) => {
        /// How the learning rate changes from step to step.
        ///
        /// ```
        /// use nn_host::prelude::*;
        /// use nn_host::schedule::{CosineDecay, Schedule};
        /// let schedule = Schedule::from(CosineDecay::default().with("warmup_epochs", 1.0)?);
        /// assert_eq!(Schedule::from_name("cosine_decay").unwrap().with("warmup_epochs", 1.0)?, schedule);
        /// let options = FitOptions { epochs: 20, schedule, ..Default::default() };
        /// # Ok::<(), nn_core::SettingError>(())
        /// ```
        #[derive(Clone, Debug, Default, PartialEq)]
        pub enum Schedule {
            /// `constant`: not at all.
            #[default]
            Constant,
            $(
                #[doc = concat!("`", $name, "`")]
                $schedule($schedule),
            )+
        }

        impl Schedule {
            /// The names of all schedules.
            pub const NAMES: &'static [&'static str] = &["constant", "time_based_decay", $($name,)+];

            /// The schedule of this name with its default settings; `time_based_decay` is `inverse_time_decay` with one
            /// decay step, η / (1 + d · k).
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    "constant" => Some(Self::Constant),
                    "time_based_decay" => InverseTimeDecay::default().with("decay_steps", 1.0).ok().map(Self::from),
                    $($name => Some(Self::$schedule($schedule::default())),)+
                    _ => None,
                }
            }

            /// This schedule with another value of one setting; 0 and 1 are no and yes.
            ///
            /// # Errors
            /// [`SettingError`] if it has none of that name, or the value is outside its range.
            pub fn with(self, name: &str, value: f32) -> Result<Self, SettingError> {
                match self {
                    Self::Constant => Err(SettingError::Unknown { kind: "Constant", known: &[] }),
                    $(Self::$schedule(schedule) => schedule.with(name, value).map(Self::$schedule),)+
                }
            }

            /// The learning rate of a step, from the optimizer's own.
            #[must_use]
            pub fn rate(&self, learning_rate: f32, moment: Moment) -> f32 {
                match self {
                    Self::Constant => learning_rate,
                    $(Self::$schedule(schedule) => schedule.rate(learning_rate, moment),)+
                }
            }
        }

        $(
            impl From<$schedule> for Schedule {
                fn from(schedule: $schedule) -> Self {
                    Self::$schedule(schedule)
                }
            }
        )+
    };
}

schedules! {
    InverseTimeDecay, "inverse_time_decay";
    PiecewiseConstant, "piecewise_constant";
    StepDecay, "step_decay";
    ExponentialDecay, "exponential_decay";
    PolynomialDecay, "polynomial_decay";
    CosineDecay, "cosine_decay";
    CosineDecayRestarts, "cosine_decay_restarts";
    OneCycle, "one_cycle";
}

impl Schedule {
    /// The learning rate of a step after callbacks have changed the optimizer's rate from `own` to `learning_rate`: that
    /// of the schedule, times how much has changed, so that rates which a schedule names itself change with the others.
    pub(crate) fn changed_rate(&self, own: f32, learning_rate: f32, moment: Moment) -> f32 {
        // A product with the quotient would round what callbacks have set.
        if *self == Self::Constant || own.to_bits() == learning_rate.to_bits() {
            return self.rate(learning_rate, moment);
        }
        self.rate(own, moment) * (learning_rate / own)
    }
}
