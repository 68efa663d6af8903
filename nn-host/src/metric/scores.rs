//! Loss and metrics of a data set, and the sums that become them.

use std::sync::Arc;

use super::{AnyMetric, Batch, Tally};

/// The mean loss and metrics of a data set.
///
/// ```
/// use nn_host::metric::{Batch, IntoMetrics, ScoreSums};
/// use nn_host::prelude::*;
/// let mut sums = ScoreSums::new(&(Accuracy, Auc).into_metrics());
/// sums.add(1.5, Batch::new(1, &[0.9, 0.8, 0.7], &[1.0, 0.0, 1.0]));
/// let scores = sums.scores();
/// assert_eq!((scores.loss, scores.get("auc"), scores.get("recall")), (0.5, Some(0.5), None));
/// assert_eq!(scores.named().map(|(name, _)| name).collect::<Vec<_>>(), ["loss", "accuracy", "auc"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// The mean loss.
    pub loss: f32,
    /// Each metric's name with its value.
    pub metrics: Vec<(Arc<str>, f32)>,
}

impl Scores {
    /// The value of the metric of this name, if it was asked for.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f32> {
        self.metrics.iter().find(|(asked, _)| **asked == *name).map(|&(_, value)| value)
    }

    /// Names and values, the loss first, as in Keras.
    pub fn named(&self) -> impl Iterator<Item = (&str, f32)> {
        core::iter::once(("loss", self.loss)).chain(self.metrics.iter().map(|(name, value)| (&**name, *value)))
    }
}

/// Sums that become [`Scores`]: of the loss f32, in the order of the samples, batch by batch.
#[derive(Clone, Debug)]
pub struct ScoreSums {
    loss: f32,
    samples: usize,
    metrics: Vec<Running>,
}

#[derive(Clone, Debug)]
struct Running {
    name: Arc<str>,
    is_cheap: bool,
    tally: Tally,
}

impl ScoreSums {
    /// Nothing summed up.
    #[must_use]
    pub fn new(metrics: &[AnyMetric]) -> Self {
        let start = |metric: &AnyMetric| Running {
            name: metric.name().into(),
            is_cheap: metric.is_cheap(),
            tally: metric.tally(),
        };
        Self { loss: 0.0, samples: 0, metrics: metrics.iter().map(start).collect() }
    }

    /// Adds a batch: the sum of its samples' losses, and its samples one by one.
    pub fn add(&mut self, loss: f32, batch: Batch<'_>) {
        self.loss += loss;
        self.samples += batch.len();
        self.metrics.iter_mut().for_each(|metric| metric.tally.add(batch));
    }

    /// The means so far.
    #[must_use]
    pub fn scores(&self) -> Scores {
        let mut scores = Scores::default();
        self.put_scores(self.metrics.iter(), &mut scores);
        scores
    }

    /// Puts the means so far into `scores`, without metrics that are too dear to be computed after every batch.
    pub fn put_cheap_scores(&self, scores: &mut Scores) {
        self.put_scores(self.metrics.iter().filter(|metric| metric.is_cheap), scores);
    }

    #[expect(clippy::cast_precision_loss, reason = "a count of samples, for a mean of seven digits")]
    #[expect(clippy::cast_possible_truncation, reason = "values are reported with seven digits")]
    fn put_scores<'m>(&self, metrics: impl Iterator<Item = &'m Running>, scores: &mut Scores) {
        scores.loss = self.loss / self.samples.max(1) as f32;
        scores.metrics.clear();
        scores.metrics.extend(metrics.map(|metric| (Arc::clone(&metric.name), metric.tally.value() as f32)));
    }
}
