//! Schedules: how the learning rate changes from step to step.

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

/// How the learning rate changes from step to step.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Schedule {
    /// Not at all.
    #[default]
    Constant,
}

impl Schedule {
    /// The learning rate of a step, from the optimizer's own.
    #[must_use]
    pub fn rate(&self, learning_rate: f32, moment: Moment) -> f32 {
        let _ = moment;
        match self {
            Self::Constant => learning_rate,
        }
    }
}
