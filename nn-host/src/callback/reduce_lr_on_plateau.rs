//! Reduces the learning rate when a value has not become better for some epochs.

use core::ops::ControlFlow;

use nn_core::SettingError;

use super::{Callback, EpochEnd, Monitor, State, StateError};

/// Multiplies the learning rate by `factor` when the watched value has not become better for `patience` epochs; Keras'
/// `ReduceLROnPlateau`.
///
/// ```
/// use nn_host::callback::ReduceLrOnPlateau;
/// let reduce = ReduceLrOnPlateau::default().factor(0.5)?.patience(5).min_lr(1e-5);
/// # Ok::<(), nn_core::SettingError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ReduceLrOnPlateau {
    monitor: Monitor,
    factor: f32,
    patience: u32,
    cooldown: u32,
    min_lr: f32,
    best: f32,
    wait: u32,
    cooling: u32,
}

/// Watches `val_loss`, whose least difference is 0.0001.
impl Default for ReduceLrOnPlateau {
    fn default() -> Self {
        Self::of(Monitor { min_delta: 1e-4, ..Monitor::default() })
    }
}

impl ReduceLrOnPlateau {
    /// Watches a value, otherwise with Keras' defaults.
    #[must_use]
    pub fn of(monitor: Monitor) -> Self {
        let best = monitor.worst();
        Self { monitor, factor: 0.1, patience: 10, cooldown: 0, min_lr: 0.0, best, wait: 0, cooling: 0 }
    }

    /// What is watched.
    #[must_use]
    pub const fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// Sets what the rate is multiplied by, instead of 0.1.
    ///
    /// # Errors
    /// [`SettingError`] unless it is at least 0 and below 1.
    pub fn factor(self, factor: f32) -> Result<Self, SettingError> {
        match (0.0..1.0).contains(&factor) {
            true => Ok(Self { factor, ..self }),
            false => Err(SettingError::OutOfRange { name: "factor", value: factor, range: "at least 0 and below 1" }),
        }
    }

    /// Waits so many epochs without a better value, instead of 10.
    #[must_use]
    pub fn patience(self, epochs: u32) -> Self {
        Self { patience: epochs, ..self }
    }

    /// Counts nothing for so many epochs after the rate was reduced.
    #[must_use]
    pub fn cooldown(self, epochs: u32) -> Self {
        Self { cooldown: epochs, ..self }
    }

    /// Reduces the rate no further than that.
    #[must_use]
    pub fn min_lr(self, learning_rate: f32) -> Self {
        Self { min_lr: learning_rate, ..self }
    }
}

impl Callback for ReduceLrOnPlateau {
    fn epoch(&mut self, end: &mut EpochEnd<'_>) -> ControlFlow<()> {
        let Some(value) = self.monitor.value(end.record) else { return ControlFlow::Continue(()) };
        if self.cooling > 0 {
            self.cooling -= 1;
            self.wait = 0;
        }
        if self.monitor.is_better(value, self.best) {
            self.best = value;
            self.wait = 0;
        } else if self.cooling == 0 {
            self.wait += 1;
            if self.wait >= self.patience && *end.learning_rate > self.min_lr {
                *end.learning_rate = (*end.learning_rate * self.factor).max(self.min_lr);
                self.cooling = self.cooldown;
                self.wait = 0;
            }
        }
        ControlFlow::Continue(())
    }

    fn save(&self, state: &mut State) {
        state.put("best", &[self.best]);
        state.put_count("wait", self.wait);
        state.put_count("cooling", self.cooling);
    }

    fn restore(&mut self, state: &State) -> Result<(), StateError> {
        self.best = state.number("best")?;
        self.wait = state.count("wait")?;
        self.cooling = state.count("cooling")?;
        Ok(())
    }
}
