//! Early stopping: the training ends when a value has not become better for some epochs.

use core::ops::ControlFlow;

use super::{Callback, EpochEnd, Monitor, State, StateError};
use crate::model::Model;

/// Ends a training when the watched value has not become better for `patience` epochs; Keras' `EarlyStopping`.
///
/// ```
/// use nn_host::callback::{EarlyStopping, Monitor};
/// let stop = EarlyStopping::of(Monitor::of("val_accuracy")).patience(10).restoring_best_weights();
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct EarlyStopping {
    monitor: Monitor,
    patience: u32,
    baseline: Option<f32>,
    start_from_epoch: u32,
    restore_best_weights: bool,
    best: f32,
    wait: u32,
    /// Epochs seen.
    seen: u32,
    weights: Vec<Vec<f32>>,
}

impl Default for EarlyStopping {
    fn default() -> Self {
        Self::of(Monitor::default())
    }
}

impl EarlyStopping {
    /// Watches a value, without patience.
    #[must_use]
    pub fn of(monitor: Monitor) -> Self {
        let best = monitor.worst();
        Self {
            monitor,
            patience: 0,
            baseline: None,
            start_from_epoch: 0,
            restore_best_weights: false,
            best,
            wait: 0,
            seen: 0,
            weights: Vec::new(),
        }
    }

    /// What is watched.
    #[must_use]
    pub const fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// Waits so many epochs without a better value; 0, as in Keras, ends the training after the first of them.
    #[must_use]
    pub fn patience(self, epochs: u32) -> Self {
        Self { patience: epochs, ..self }
    }

    /// Waits no longer than that for a value better than `baseline`.
    #[must_use]
    pub fn baseline(self, baseline: f32) -> Self {
        Self { baseline: Some(baseline), ..self }
    }

    /// Begins to watch after so many epochs.
    #[must_use]
    pub fn start_from_epoch(self, epochs: u32) -> Self {
        Self { start_from_epoch: epochs, ..self }
    }

    /// Gives the model the weights of its best epoch in the end.
    #[must_use]
    pub fn restoring_best_weights(self) -> Self {
        Self { restore_best_weights: true, ..self }
    }

    /// The best value so far.
    #[must_use]
    pub const fn best(&self) -> f32 {
        self.best
    }

    fn keep(&mut self, model: &Model) {
        if self.restore_best_weights {
            self.weights = model.weights().iter().map(|tensor| tensor.values.to_vec()).collect();
        }
    }
}

impl Callback for EarlyStopping {
    fn epoch(&mut self, end: &mut EpochEnd<'_>) -> ControlFlow<()> {
        self.seen += 1;
        let Some(value) = self.monitor.value(end.record).filter(|_| self.seen > self.start_from_epoch) else {
            return ControlFlow::Continue(());
        };
        if self.weights.is_empty() {
            self.keep(end.model);
        }
        self.wait += 1;
        if self.monitor.is_better(value, self.best) {
            self.best = value;
            self.keep(end.model);
            if self.baseline.is_none_or(|baseline| self.monitor.is_better(value, baseline)) {
                self.wait = 0;
            }
            return ControlFlow::Continue(());
        }
        if self.wait >= self.patience.max(1) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn end(&mut self, model: &mut Model) {
        if self.restore_best_weights {
            model.restore_weights(&self.weights);
        }
    }

    fn save(&self, state: &mut State) {
        state.put("best", &[self.best]);
        state.put_count("wait", self.wait);
        state.put_count("seen", self.seen);
        state.put_count("tensors", u32::try_from(self.weights.len()).unwrap_or(u32::MAX));
        for (tensor, values) in self.weights.iter().enumerate() {
            state.put(format!("weights/{tensor}"), values);
        }
    }

    fn restore(&mut self, state: &State) -> Result<(), StateError> {
        self.best = state.number("best")?;
        self.wait = state.count("wait")?;
        self.seen = state.count("seen")?;
        let names = (0..state.count("tensors")?).map(|tensor| format!("weights/{tensor}"));
        let tensor = |name: String| state.tensor(&name).map(<[f32]>::to_vec).ok_or(StateError { name, expected: 1 });
        self.weights = names.map(tensor).collect::<Result<_, _>>()?;
        Ok(())
    }
}
