//! The iterations of a second-order training, each with what an epoch of any other training has: scores, validation,
//! callbacks, a record.

use core::ops::ControlFlow;

use super::objective::Objective;
use crate::callback::{Callback, EpochEnd, Progress};
use crate::metric::{Batch, ScoreSums, Scores};
use crate::model::Model;
use crate::train::{Ending, EpochRecord, FitError, History, Validation};

/// What moves the weights.
pub(super) trait Solver {
    /// Moves the weights of the model once. The objective's last value is that at the weights that the model has then.
    fn iterate(&mut self, model: &mut Model) -> Iteration;

    /// What is minimized.
    fn objective(&self) -> &Objective;
}

/// What an iteration has brought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Iteration {
    /// The objective's value.
    pub(super) loss: f64,
    /// What stands for the learning rate.
    pub(super) rate: f64,
    /// Whether no further iteration would be worth it.
    pub(super) is_last: bool,
}

/// What surrounds the iterations.
pub(super) struct Iterations<'o> {
    /// How many, at most.
    pub(super) epochs: u32,
    /// What to validate with after each.
    pub(super) validation: Validation<'o>,
    /// What happens between them.
    pub(super) callbacks: Vec<Box<dyn Callback + 'o>>,
}

impl Iterations<'_> {
    /// All iterations.
    pub(super) fn run(mut self, model: &mut Model, solver: &mut impl Solver) -> Result<History, FitError> {
        let mut history = History::default();
        while history.epochs.len() < self.epochs as usize && history.ending == Ending::Complete {
            let layers = model.layers.clone();
            history.ending = self.iteration(model, solver, &mut history)?;
            if history.ending == Ending::Interrupted {
                model.layers = layers;
            }
        }
        self.callbacks.iter_mut().for_each(|callback| callback.end(model));
        Ok(history)
    }

    fn iteration(
        &mut self,
        model: &mut Model,
        solver: &mut impl Solver,
        history: &mut History,
    ) -> Result<Ending, FitError> {
        let epoch = model.epochs;
        let Iteration { loss, rate, is_last } = solver.iterate(model);
        let train = scores(model, solver.objective(), loss);
        if !train.loss.is_finite() || !model.is_finite() {
            return Err(self.diverged(epoch, "loss"));
        }
        let samples = solver.objective().x().ncols();
        if self.tell_all(&Progress { epoch, samples, samples_per_epoch: samples, scores: &train }).is_break() {
            return Ok(Ending::Interrupted);
        }
        solver.objective().settle(&mut model.layers);
        model.epochs = epoch.saturating_add(1);
        let validation = self.validation(model, epoch)?;
        let record = EpochRecord { epoch, train, validation, learning_rate: to_f32(rate) };
        history.epochs.push(record);
        let flow = self.end(history, model);
        Ok(if flow.is_break() {
            Ending::Stopped
        } else if is_last {
            Ending::Converged
        } else {
            Ending::Complete
        })
    }

    /// Tells all callbacks of the samples, even if one of them wants to end.
    fn tell_all(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        let wishes = self.callbacks.iter_mut().map(|callback| callback.batch(progress));
        wishes.fold(ControlFlow::Continue(()), either)
    }

    /// Tells all callbacks of the iteration's end.
    fn end(&mut self, history: &History, model: &mut Model) -> ControlFlow<()> {
        let Some(record) = history.epochs.last() else { return ControlFlow::Continue(()) };
        let mut learning_rate = record.learning_rate;
        let wishes = self.callbacks.iter_mut().map(|callback| {
            callback.epoch(&mut EpochEnd { record, history, model: &mut *model, learning_rate: &mut learning_rate })
        });
        wishes.fold(ControlFlow::Continue(()), either)
    }

    fn validation(&self, model: &Model, epoch: u32) -> Result<Option<Scores>, FitError> {
        let Validation::Data(data) = self.validation else { return Ok(None) };
        let scores = model.evaluate(data).map_err(FitError::Validation)?;
        if scores.loss.is_finite() { Ok(Some(scores)) } else { Err(self.diverged(epoch, "validation loss")) }
    }

    const fn diverged(&self, epoch: u32, what: &'static str) -> FitError {
        FitError::Diverged { epoch, epochs: self.epochs, what }
    }
}

/// Break if one of them is.
fn either(flow: ControlFlow<()>, wish: ControlFlow<()>) -> ControlFlow<()> {
    if wish.is_break() { wish } else { flow }
}

/// The objective's value and all metrics.
fn scores(model: &Model, objective: &Objective, loss: f64) -> Scores {
    let mut sums = ScoreSums::new(&model.metrics);
    let (a, y) = (objective.outputs().as_slice(), objective.y().as_slice());
    sums.add(0.0, Batch::new(model.outputs(), a, y));
    Scores { loss: to_f32(loss), ..sums.scores() }
}

#[expect(clippy::cast_possible_truncation, reason = "values are reported with seven digits")]
const fn to_f32(value: f64) -> f32 {
    value as f32
}
