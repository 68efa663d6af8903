//! A search under way: trial after trial, each a training or one a fold, those in the journal taken as they are.

use core::ops::ControlFlow;
use std::path::Path;

use toml::Value;

use super::journal::Journal;
use super::pruning::best;
use super::{JournalError, Sampler, Trial, TrialState, Tuning};
use crate::callback::{Callback, EpochEnd, Monitor, Progress};
use crate::config::{Config, ModelError};
use crate::data::Split;
use crate::second_order::SecondOrderError;
use crate::train::{Ending, FitError};

/// Why a search cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TuneError {
    /// Its journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Values that no configuration can have together.
    #[error("trial {trial}: {reason}")]
    Values {
        /// The number of the trial, from 0.
        trial: u32,
        /// What is wrong.
        reason: String,
    },
    /// Settings that cannot make a model.
    #[error("trial {trial}")]
    Build {
        /// The number of the trial, from 0.
        trial: u32,
        /// Why.
        source: ModelError,
    },
    /// A model that cannot be fitted to the data.
    #[error("trial {trial}")]
    Fit {
        /// The number of the trial, from 0.
        trial: u32,
        /// Why.
        source: SecondOrderError,
    },
    /// A range of a grid that has no points.
    #[error("a grid over a range needs points or a step")]
    Grid,
    /// An objective that the trainings do not have.
    #[error("the trainings have no {name}; they have {known}")]
    Objective {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// No data to try on.
    #[error("there is no data to train and validate with")]
    NoData,
    /// Somebody has ended it; it goes on from its journal.
    #[error("interrupted after {trials} trials")]
    Interrupted {
        /// Trials that have ended.
        trials: usize,
    },
}

/// Somebody who watches a search.
///
/// ```
/// use nn_host::tune::{Trial, Watcher};
/// struct Count(usize);
/// impl Watcher for Count {
///     fn trial(&mut self, _: &Trial) {
///         self.0 += 1;
///     }
/// }
/// ```
pub trait Watcher: Send {
    /// Called after each batch; `Break` ends the search, and the trial does not count.
    fn batch(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        let _ = progress;
        ControlFlow::Continue(())
    }

    /// Called after each trial, those of the journal included.
    fn trial(&mut self, trial: &Trial) {
        let _ = trial;
    }
}

/// Nobody.
impl Watcher for () {}

impl Tuning {
    /// Runs the search, or what is left of it, and returns all trials in their order.
    ///
    /// A split is a part to train with and one to validate with: one for all trials, or one a fold. What the values of a
    /// trial are follows from the seed and the trials before it alone; a search that goes on from its journal is the same
    /// as one that was never interrupted.
    ///
    /// # Errors
    /// [`TuneError`] if a trial cannot be trained, the journal is of another search, or the watcher ends it.
    pub fn run(&self, splits: &[Split], journal: &Path, watcher: &mut dyn Watcher) -> Result<Vec<Trial>, TuneError> {
        if splits.is_empty() {
            return Err(TuneError::NoData);
        }
        let mut sampler = Sampler::new(self.method, self.space(), self.config().seed).ok_or(TuneError::Grid)?;
        let (mut journal, known) = Journal::open(journal, &self.sha256(splits))?;
        let mut known = known.into_iter();
        let mut trials: Vec<Trial> = Vec::new();
        for number in 0..self.count(&sampler) {
            let values = sampler.values(number);
            let trial = match known.next() {
                Some(trial) if trial.values.iter().map(|(_, value)| value).eq(&values) => trial,
                Some(_) => return Err(journal.other_trial(number).into()),
                None => {
                    let trial = Running { tuning: self, splits, trials: &trials, number }.run(&values, watcher)?;
                    journal.add(&trial)?;
                    trial
                }
            };
            sampler.observe(cost(&self.objective, trial.objective));
            watcher.trial(&trial);
            trials.push(trial);
        }
        Ok(trials)
    }

    /// The complete trials, the best first.
    #[must_use]
    pub fn ranking<'t>(&self, trials: &'t [Trial]) -> Vec<&'t Trial> {
        let mut complete: Vec<&Trial> = trials.iter().filter(|trial| trial.state == TrialState::Complete).collect();
        complete.sort_by(|one, other| {
            cost(&self.objective, one.objective).total_cmp(&cost(&self.objective, other.objective))
        });
        complete
    }
}

/// What is to become small.
fn cost(monitor: &Monitor, objective: Option<f32>) -> f64 {
    let goes_up = monitor.is_better(f32::MAX, f32::MIN);
    objective.map_or(f64::INFINITY, |value| f64::from(if goes_up { -value } else { value }))
}

/// A trial under way.
struct Running<'r> {
    tuning: &'r Tuning,
    splits: &'r [Split],
    /// Those before it.
    trials: &'r [Trial],
    number: u32,
}

impl Running<'_> {
    fn run(&self, values: &[Value], watcher: &mut dyn Watcher) -> Result<Trial, TuneError> {
        let trial = self.number;
        let config = self.tuning.config_of(values).map_err(|reason| TuneError::Values { trial, reason })?;
        let (mut curves, mut state) = (Vec::new(), TrialState::Complete);
        for (fold, split) in self.splits.iter().enumerate() {
            let (curve, of_fold) = self.fold(&config, (fold, split), watcher)?;
            curves.push(curve);
            state = of_fold;
            if state != TrialState::Complete {
                break;
            }
        }
        let keys = self.tuning.space().parameters().iter().map(|parameter| parameter.key.clone());
        let objective = if state == TrialState::Diverged { None } else { self.mean_of_best(&curves) };
        Ok(Trial { number: trial, values: keys.zip(values.iter().cloned()).collect(), state, objective, curves })
    }

    /// The objective after each epoch of one fold, and how that has ended.
    fn fold(
        &self,
        config: &Config,
        (fold, split): (usize, &Split),
        watcher: &mut dyn Watcher,
    ) -> Result<(Vec<f32>, TrialState), TuneError> {
        let trial = self.number;
        let mut model = config.model(&split.train).map_err(|source| TuneError::Build { trial, source })?;
        let mut watch = Watch { running: self, fold, watcher, curve: Vec::new(), names: Vec::new(), is_pruned: false };
        let mut options = config.fit_options(Some(&split.test));
        options.callbacks.push(Box::new(&mut watch));
        let result = config.fit(&mut model, &split.train, options);
        let Watch { curve, names, is_pruned, .. } = watch;
        match result {
            Err(SecondOrderError::Fit(FitError::Diverged { .. })) => Ok((curve, TrialState::Diverged)),
            Err(source) => Err(TuneError::Fit { trial, source }),
            Ok(history) if history.ending == Ending::Interrupted => {
                Err(TuneError::Interrupted { trials: self.trials.len() })
            }
            Ok(_) if curve.is_empty() => {
                let (name, known) = (self.tuning.objective.name.clone(), names.join(", "));
                Err(TuneError::Objective { name, known })
            }
            Ok(_) if is_pruned => Ok((curve, TrialState::Pruned)),
            Ok(_) => Ok((curve, TrialState::Complete)),
        }
    }

    /// The mean of the best values of all folds.
    #[expect(clippy::cast_precision_loss, reason = "there are few folds")]
    fn mean_of_best(&self, curves: &[Vec<f32>]) -> Option<f32> {
        let each = curves.iter().map(|curve| best(&self.tuning.objective, curve)).collect::<Option<Vec<_>>>()?;
        Some(each.iter().sum::<f32>() / each.len() as f32)
    }
}

/// Notes the objective of each epoch, and ends what goes badly.
struct Watch<'w> {
    running: &'w Running<'w>,
    fold: usize,
    watcher: &'w mut dyn Watcher,
    curve: Vec<f32>,
    /// The names of the values that there are.
    names: Vec<String>,
    is_pruned: bool,
}

impl Callback for Watch<'_> {
    fn batch(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        self.watcher.batch(progress)
    }

    fn epoch(&mut self, end: &mut EpochEnd<'_>) -> ControlFlow<()> {
        let Tuning { objective, pruning, .. } = self.running.tuning;
        if self.names.is_empty() {
            self.names = end.record.named().map(|(name, _)| name).collect();
        }
        let Some(value) = objective.value(end.record) else {
            // Nothing of later epochs would help, unless they are validated.
            let is_hopeless = end.record.validation.is_some();
            return if is_hopeless { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        };
        self.curve.push(value);
        self.is_pruned = pruning.is_some_and(|rule| rule.ends(objective, self.running.trials, self.fold, &self.curve));
        if self.is_pruned { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
