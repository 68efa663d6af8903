//! Metrics: what people want to know of a model besides its loss.

mod accuracy;
mod confusion;

pub use accuracy::{argmax, is_correct};
pub use confusion::ConfusionMatrix;

/// A metric chosen at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// The share of samples whose largest output is that of their class.
    Accuracy,
}

impl Metric {
    /// Every metric once.
    pub const ALL: &'static [Self] = &[Self::Accuracy];

    /// The name, as in Keras.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
        }
    }

    /// The metric with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|metric| metric.name() == name)
    }

    /// What one sample adds to the metric, which is a mean over samples.
    ///
    /// # Shapes
    /// - `a`, `y`: `[OUT]`
    #[must_use]
    pub fn of_sample(self, a: &[f32], y: &[f32]) -> f32 {
        match self {
            Self::Accuracy => f32::from(u8::from(is_correct(a, y))),
        }
    }
}

/// The mean loss and metrics of a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// The mean loss.
    pub loss: f32,
    /// Each metric with its value.
    pub metrics: Vec<(Metric, f32)>,
}

impl Scores {
    /// The value of a metric, if it was asked for.
    #[must_use]
    pub fn get(&self, metric: Metric) -> Option<f32> {
        self.metrics.iter().find(|(asked, _)| *asked == metric).map(|&(_, value)| value)
    }

    /// Names and values, the loss first, as in Keras.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, f32)> {
        core::iter::once(("loss", self.loss)).chain(self.metrics.iter().map(|&(metric, value)| (metric.name(), value)))
    }
}

/// Sums that become [`Scores`]: f32, in the order of the samples, batch by batch.
#[derive(Clone, Debug)]
pub struct ScoreSums {
    loss: f32,
    metrics: Vec<(Metric, f32)>,
    samples: usize,
}

impl ScoreSums {
    /// Nothing summed up.
    #[must_use]
    pub fn new(metrics: &[Metric]) -> Self {
        Self { loss: 0.0, metrics: metrics.iter().map(|&metric| (metric, 0.0)).collect(), samples: 0 }
    }

    /// Adds a batch: its summed loss, and its samples one by one.
    ///
    /// # Shapes
    /// - `a`, `y`: one sample a chunk of `outputs` values
    pub fn add(&mut self, loss: f32, outputs: usize, a: &[f32], y: &[f32]) {
        self.loss += loss;
        for (metric, sum) in &mut self.metrics {
            let samples = a.chunks_exact(outputs.max(1)).zip(y.chunks_exact(outputs.max(1)));
            *sum += samples.fold(0.0, |sum, (a, y)| sum + metric.of_sample(a, y));
        }
        self.samples += a.len() / outputs.max(1);
    }

    /// The means so far.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a count of samples, for a mean of seven digits")]
    pub fn scores(&self) -> Scores {
        let count = self.samples.max(1) as f32;
        let metrics = self.metrics.iter().map(|&(metric, sum)| (metric, sum / count)).collect();
        Scores { loss: self.loss / count, metrics }
    }
}
