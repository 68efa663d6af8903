//! Decisions: of each class the weight of its samples, of those taken for it, and of those that are both. Most metrics of
//! classes follow from these.

use super::{Average, ConfusionMatrix, Sample, argmax};

/// What was decided on each class. Outputs that are not numbers are no answer: their samples are taken for no class.
///
/// ```
/// use nn_host::metric::{Batch, Decisions};
/// let mut decisions = Decisions::default();
/// let batch = Batch::new(1, &[0.9, 0.6, 0.2], &[1.0, 0.0, 0.0]).weighted(&[1.0, 2.0, 3.0]);
/// batch.samples().for_each(|sample| decisions.add(sample, 0.5));
/// let positive = decisions.classes()[1];
/// assert_eq!((positive.hits, positive.predicted, positive.support), (1.0, 3.0, 1.0));
/// assert_eq!((decisions.total(), decisions.hits()), (6.0, 4.0));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decisions {
    /// Outputs of a sample; a single one decides between two classes.
    outputs: usize,
    classes: Vec<ClassDecisions>,
    total: f64,
}

/// What was decided on one class, as weights; an example is at [`Decisions`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClassDecisions {
    /// Of the class, and taken for it.
    pub hits: f64,
    /// Taken for the class.
    pub predicted: f64,
    /// Of the class.
    pub support: f64,
}

impl Decisions {
    /// Adds a sample. Several outputs decide for the largest, a single one by the threshold.
    pub fn add(&mut self, sample: Sample<'_>, threshold: f32) {
        let Sample { a, y, weight } = sample;
        if self.classes.is_empty() {
            self.outputs = a.len();
            self.classes = vec![ClassDecisions::default(); a.len().max(2)];
        }
        let is_answer = !a.iter().any(|a| a.is_nan());
        self.count(class(y, 0.5), is_answer.then(|| class(a, threshold)), weight);
    }

    /// Counts samples of a class that were taken for another, or for none.
    fn count(&mut self, class: usize, taken: Option<usize>, weight: f64) {
        self.total += weight;
        if let Some(class) = self.classes.get_mut(class) {
            class.support += weight;
        }
        let is_hit = taken == Some(class);
        if let Some(taken) = taken.and_then(|taken| self.classes.get_mut(taken)) {
            taken.predicted += weight;
            taken.hits += if is_hit { weight } else { 0.0 };
        }
    }

    /// What was decided on each class; none before the first sample.
    #[must_use]
    pub fn classes(&self) -> &[ClassDecisions] {
        &self.classes
    }

    /// The weight of all samples.
    #[must_use]
    pub const fn total(&self) -> f64 {
        self.total
    }

    /// The weight of the samples that were taken for what they are.
    #[must_use]
    pub fn hits(&self) -> f64 {
        self.sum(|class| class.hits)
    }

    /// The sum over the classes of what follows from each.
    #[must_use]
    pub fn sum(&self, term: impl Fn(&ClassDecisions) -> f64) -> f64 {
        self.classes.iter().map(term).sum()
    }

    /// A ratio of each class, as an average over the classes; `ratio` gives dividend and divisor. Where the divisor is 0 the
    /// ratio is 0, as in scikit-learn.
    #[must_use]
    pub fn average(&self, average: Average, ratio: impl Fn(&ClassDecisions) -> (f64, f64)) -> f64 {
        let value = |(dividend, divisor): (f64, f64)| if divisor > 0.0 { dividend / divisor } else { 0.0 };
        let of_class = |class: usize| self.classes.get(class).map_or(f64::NAN, |class| value(ratio(class)));
        let mean = |weight: fn(&ClassDecisions) -> f64| {
            self.sum(|class| weight(class) * value(ratio(class))) / self.sum(weight)
        };
        match average {
            Average::Auto if self.outputs == 1 => of_class(1),
            Average::Auto | Average::Macro => mean(|class| f64::from(u8::from(class.support + class.predicted > 0.0))),
            Average::Weighted => mean(|class| class.support),
            Average::Class(class) => of_class(class),
            Average::Micro if self.classes.is_empty() => f64::NAN,
            Average::Micro => value((self.sum(|class| ratio(class).0), self.sum(|class| ratio(class).1))),
        }
    }
}

impl From<&ConfusionMatrix> for Decisions {
    fn from(matrix: &ConfusionMatrix) -> Self {
        let classes = matrix.rows().count();
        let mut decisions = Self { outputs: classes, classes: vec![ClassDecisions::default(); classes], total: 0.0 };
        for (class, row) in matrix.rows().enumerate() {
            for (taken, &count) in row.iter().enumerate() {
                decisions.count(class, Some(taken), f64::from(count));
            }
        }
        decisions
    }
}

/// The class of an output or a target.
fn class(values: &[f32], threshold: f32) -> usize {
    match values {
        [value] => usize::from(*value > threshold),
        values => argmax(values),
    }
}
