//! `[compile]`: what a model is trained for, and how its weights move.

use nn_core::loss::AnyLoss;

use super::entries::{At, Entries, Entry};
use super::{MetricList, Solver, TrainingMethod};
use crate::metric::AnyMetric;
use crate::optimizer::Optimizer;
use crate::prelude::Adam;
use crate::schedule::Schedule;

/// What a model is trained for; Keras' arguments of `compile`.
///
/// ```
/// use nn_host::config::Config;
/// use nn_host::prelude::*;
/// let config = Config::parse("[compile.optimizer]\nname = 'adam'\nlearning_rate = 0.01")?;
/// assert_eq!(config.compile.optimizer, Adam::new(0.01)?.into());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CompileConfig {
    /// The loss; cross-entropy for classes, the squared error for values (`None`).
    pub loss: Option<AnyLoss>,
    /// The metrics; accuracy for classes, none for values (`None`).
    pub metrics: Option<Vec<AnyMetric>>,
    /// The optimizer (Adam); a model that a solver trains has one, too, in case that it is trained on in batches.
    pub optimizer: Optimizer,
    /// What trains on all samples at once instead of the optimizer (nothing); in a file it is told as the optimizer.
    pub solver: Option<Solver>,
    /// How the learning rate changes (not).
    pub lr_schedule: Schedule,
}

impl Default for CompileConfig {
    fn default() -> Self {
        Self {
            loss: None,
            metrics: None,
            optimizer: Adam::default().into(),
            solver: None,
            lr_schedule: Schedule::Constant,
        }
    }
}

/// The keys of the table.
pub(super) const KEYS: &[&str] = &["loss", "metrics", "optimizer", "lr_schedule"];

impl CompileConfig {
    pub(super) fn read(entries: &Entries<'_>) -> Result<Self, At> {
        let mut compile = Self {
            loss: entries.spoken("loss")?,
            metrics: entries.get("metrics").as_ref().map(metrics).transpose()?,
            ..Self::default()
        };
        if let Some(method) = entries.spoken("optimizer")? {
            compile.train_by(method);
        }
        if let Some(schedule) = entries.spoken("lr_schedule")? {
            compile.lr_schedule = schedule;
        }
        Ok(compile)
    }

    /// Lets an optimizer or a solver move the weights.
    ///
    /// ```
    /// use nn_host::config::{Chosen, Config, TrainingMethod};
    /// let mut config = Config::parse("compile.optimizer = 'lbfgs'")?;
    /// let Chosen(method) = "sgd".parse::<Chosen<TrainingMethod>>()?;
    /// config.compile.train_by(method);
    /// assert_eq!(config.compile.solver, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn train_by(&mut self, method: TrainingMethod) {
        match method {
            TrainingMethod::Optimizer(optimizer) => (self.optimizer, self.solver) = (optimizer, None),
            TrainingMethod::Solver(solver) => self.solver = Some(solver),
        }
    }
}

/// A text, or an array of texts.
fn metrics(entry: &Entry<'_>) -> Result<Vec<AnyMetric>, At> {
    if entry.is_text() {
        return Ok(entry.parsed::<MetricList>()?.0);
    }
    let each = entry.elements()?.iter().map(Entry::parsed::<MetricList>).collect::<Result<Vec<_>, _>>()?;
    Ok(each.into_iter().flat_map(|list| list.0).collect())
}
