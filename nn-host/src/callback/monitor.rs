//! Which value of an epoch is watched, and what counts as better.

use crate::train::EpochRecord;

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Down for losses and errors, up for the rest.
    #[default]
    Auto,
    /// Down.
    Min,
    /// Up.
    Max,
}

/// A value of an epoch that is watched: by default `val_loss`, which should go down.
///
/// ```
/// use nn_host::callback::Monitor;
/// let accuracy = Monitor::of("val_accuracy");
/// assert!(accuracy.is_better(0.9, 0.8) && !accuracy.is_better(0.8, 0.8));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Monitor {
    /// The name, as in the history.
    pub name: String,
    /// Which way is better.
    pub mode: Mode,
    /// By how much a value must be better (0).
    pub min_delta: f32,
}

impl Default for Monitor {
    fn default() -> Self {
        Self::of("val_loss")
    }
}

impl Monitor {
    /// Watches the value of this name.
    #[must_use]
    pub fn of(name: impl Into<String>) -> Self {
        Self { name: name.into(), mode: Mode::Auto, min_delta: 0.0 }
    }

    /// The value of an epoch; none if the training does not have it.
    #[must_use]
    pub fn value(&self, record: &EpochRecord) -> Option<f32> {
        record.named().find(|(name, _)| *name == self.name).map(|(_, value)| value)
    }

    /// Whether up is better.
    fn goes_up(&self) -> bool {
        match self.mode {
            Mode::Min => false,
            Mode::Max => true,
            Mode::Auto => {
                let name = self.name.strip_prefix("val_").unwrap_or(&self.name);
                !(name.contains("loss")
                    || name.contains("error")
                    || ["mae", "mse", "rmse", "mape", "brier"].contains(&name))
            }
        }
    }

    /// The worst value that there is.
    pub(super) fn worst(&self) -> f32 {
        if self.goes_up() { f32::NEG_INFINITY } else { f32::INFINITY }
    }

    /// Whether a value is better than another by more than the least difference.
    #[must_use]
    pub fn is_better(&self, value: f32, than: f32) -> bool {
        if self.goes_up() { value - self.min_delta > than } else { value + self.min_delta < than }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mode, Monitor};

    #[test]
    fn losses_and_errors_go_down_and_the_rest_up() {
        for (name, up) in [("loss", false), ("val_mse", false), ("mean_absolute_error", false), ("val_pearson", true)] {
            assert_eq!(Monitor::of(name).is_better(2.0, 1.0), up, "{name}");
        }
        let down = Monitor { mode: Mode::Min, min_delta: 0.5, ..Monitor::of("accuracy") };
        assert!(down.is_better(0.4, 1.0) && !down.is_better(0.6, 1.0));
        assert!(!down.is_better(f32::NAN, 1.0) && down.is_better(1.0, down.worst()));
    }
}
