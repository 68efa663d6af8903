//! One run in which the learning rate grows exponentially from batch to batch (Smith 2017).

use core::ops::ControlFlow;

use super::{FitError, LearningRateOptions, at_rate, unless_diverged};
use crate::callback::{Callback, EpochEnd};
use crate::data::Dataset;
use crate::model::Model;
use crate::schedule::ExponentialDecay;
use crate::train::FitOptions;

/// How much of the smoothed loss stays from batch to batch.
const STAYS: f32 = 0.98;

/// How many times its best the smoothed loss is when it counts as diverged.
const DIVERGED: f32 = 4.0;

/// A batch of a sweep, to be printed or plotted.
///
/// ```
/// use nn_host::train::SweepPoint;
/// let lowest = |points: &[SweepPoint]| points.iter().map(|point| point.smoothed).fold(f32::INFINITY, f32::min);
/// let point = |learning_rate, loss| SweepPoint { learning_rate, loss, smoothed: loss };
/// assert_eq!(lowest(&[point(0.1, 2.0), point(0.2, 1.0), point(0.4, 3.0)]), 1.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SweepPoint {
    /// The learning rate of its step.
    pub learning_rate: f32,
    /// Its mean loss, before the step.
    pub loss: f32,
    /// The mean of the losses so far, in which each counts 0.98 times as much as the next.
    pub smoothed: f32,
}

/// The points of a sweep until it diverges.
pub(super) fn sweep(model: &Model, data: &Dataset, options: &LearningRateOptions) -> Result<Vec<SweepPoint>, FitError> {
    let LearningRateOptions { from, to, batch_size, sweep_steps, .. } = *options;
    let growth = ExponentialDecay::over(sweep_steps.saturating_sub(1), to / from);
    let mut losses = Losses::default();
    // An epoch is one batch, so that the loss of each is heard of.
    let options = FitOptions {
        epochs: sweep_steps,
        steps_per_epoch: Some(1),
        batch_size,
        schedule: growth.into(),
        callbacks: vec![Box::new(&mut losses)],
        ..FitOptions::default()
    };
    unless_diverged(at_rate(model, from).fit(data, options))?;
    Ok(losses.points)
}

/// Listens to the losses, and ends the run when they have diverged.
#[derive(Debug)]
struct Losses {
    points: Vec<SweepPoint>,
    /// The sum of the losses, each times 1 − 0.98 and 0.98 for each batch since.
    sum: f32,
    /// 0.98 for each batch so far.
    stays: f32,
    best: f32,
}

impl Default for Losses {
    fn default() -> Self {
        Self { points: Vec::new(), sum: 0.0, stays: 1.0, best: f32::INFINITY }
    }
}

impl Callback for Losses {
    fn epoch(&mut self, end: &mut EpochEnd<'_>) -> ControlFlow<()> {
        let loss = end.record.train.loss;
        self.sum = STAYS * self.sum + (1.0 - STAYS) * loss;
        self.stays *= STAYS;
        let smoothed = self.sum / (1.0 - self.stays);
        self.points.push(SweepPoint { learning_rate: end.record.learning_rate, loss, smoothed });
        self.best = self.best.min(smoothed);
        if smoothed > DIVERGED * self.best { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
