//! Looks for a learning rate: a ladder of rates that are tried, and a sweep in which the rate grows.

mod ladder;
mod suggestion;
mod sweep;

pub use ladder::Trial;
pub use sweep::SweepPoint;

use super::FitError;
use crate::data::Dataset;
use crate::model::Model;

/// How to look for a learning rate.
///
/// ```
/// use nn_host::train::LearningRateOptions;
/// let ladder_alone = LearningRateOptions { from: 1e-3, sweep_steps: 0, ..Default::default() };
/// assert_eq!((ladder_alone.to, ladder_alone.batch_size), (10.0, 32));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LearningRateOptions {
    /// The lowest rate (10⁻⁷).
    pub from: f32,
    /// The highest rate (10).
    pub to: f32,
    /// Samples of a batch (32); the rate that is found is for this size.
    pub batch_size: usize,
    /// Batches of the sweep, each with a higher rate (100); 0 for no sweep.
    pub sweep_steps: u32,
    /// Epochs of a trial (3); 0 for no trials.
    pub trial_epochs: u32,
    /// Batches of an epoch of a trial (20), the same samples in each.
    pub trial_steps: usize,
}

impl Default for LearningRateOptions {
    fn default() -> Self {
        Self { from: 1e-7, to: 10.0, batch_size: 32, sweep_steps: 100, trial_epochs: 3, trial_steps: 20 }
    }
}

/// What the rates have done, and which of them are suggested; see [`find_learning_rate`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LearningRates {
    /// The sweep, one point a batch, until the loss has diverged.
    pub points: Vec<SweepPoint>,
    /// The ladder, one trial a rate, until the cost falls no more.
    pub trials: Vec<Trial>,
    /// Half of the highest rate of the ladder with which the cost falls in every epoch.
    pub halved: Option<f32>,
    /// The rate two thirds into the longest decrease of the smoothed loss.
    pub valley: Option<f32>,
    /// The rate at which the smoothed loss falls most from one point to the next. Where batches differ much that may be by
    /// chance, early in the sweep: then it is far below the others, and to be doubted.
    pub steep: Option<f32>,
}

/// Why no learning rate can be looked for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LearningRateError {
    /// Rates between which there is none.
    #[error("rates from {from} to {to}: both must be above 0 and finite, the second above the first")]
    Rates {
        /// The lowest rate.
        from: f32,
        /// The highest rate.
        to: f32,
    },
    /// The model cannot be fitted to the data.
    #[error(transparent)]
    Fit(#[from] FitError),
}

/// Looks for a learning rate with copies of a model; the model itself stays as it is.
///
/// The ladder is Nielsen's recipe (2015, chapter 3): from the same weights, a few epochs over a few samples at rates 1, 2, 5,
/// 10 … times a power of ten, and half of the highest rate with which the cost still falls. The sweep is Smith's (2017): one
/// run in which the rate grows exponentially from batch to batch until the smoothed loss is four times its best; its first
/// tenth and its last five points suggest nothing.
///
/// ```
/// use nn_host::prelude::*;
/// use nn_host::train::{LearningRateOptions, find_learning_rate};
/// # use nalgebra::DMatrix;
/// # use nn_host::data::{Features, Targets};
/// # let x = DMatrix::from_fn(1, 64, |_, sample| sample as f32 / 64.0);
/// # let data = Dataset::new(Features::Floats(x.clone()), Targets::Values(2.0 * x))?;
/// let model = Sequential::new(1).dense(1, Identity).compile(MeanSquaredError, Sgd::new(0.1)?, [])?;
/// let rates = find_learning_rate(&model, &data, &LearningRateOptions::default())?;
/// assert!(rates.halved.is_some_and(|rate| (0.01..5.0).contains(&rate)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`LearningRateError`] if the rates make no range, or the model cannot be fitted to the data. A loss that diverges is no
/// error.
pub fn find_learning_rate(
    model: &Model,
    data: &Dataset,
    options: &LearningRateOptions,
) -> Result<LearningRates, LearningRateError> {
    let LearningRateOptions { from, to, .. } = *options;
    if !(from > 0.0 && to > from && to.is_finite()) {
        return Err(LearningRateError::Rates { from, to });
    }
    let points = sweep::sweep(model, data, options)?;
    let trials = ladder::climb(model, data, options)?;
    let inner = suggestion::inner(&points, options.sweep_steps);
    Ok(LearningRates {
        halved: trials.iter().rev().find(|trial| trial.falls()).map(|trial| trial.learning_rate / 2.0),
        valley: suggestion::valley(inner),
        steep: suggestion::steep(inner),
        points,
        trials,
    })
}

/// A copy of a model whose optimizer has another learning rate.
fn at_rate(model: &Model, learning_rate: f32) -> Model {
    let mut copy = model.clone();
    // A rate above 0 is one that every optimizer takes.
    if let Ok(optimizer) = model.optimizer.clone().with("learning_rate", learning_rate) {
        copy.optimizer = optimizer;
    }
    copy
}

/// What a training has brought that may have diverged, which is no failure here.
fn unless_diverged<T>(result: Result<T, FitError>) -> Result<Option<T>, FitError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(FitError::Diverged { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
