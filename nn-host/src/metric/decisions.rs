//! Decisions: the weight of the samples of each class that were taken for each, which most metrics of classes follow from.

use super::{Average, ConfusionMatrix, Sample, argmax};

/// A confusion matrix of weights, and for each class the weight of what was no answer: outputs that are not numbers.
///
/// ```
/// use nn_host::metric::{Batch, Decisions};
/// let mut decisions = Decisions::default();
/// let batch = Batch::new(1, &[0.9, 0.6, 0.2], &[1.0, 0.0, 0.0]).weighted(&[1.0, 2.0, 3.0]);
/// batch.samples().for_each(|sample| decisions.add(sample, 0.5));
/// let positive = decisions.of_class(1);
/// assert_eq!((positive.hits, positive.predicted, positive.support, positive.total), (1.0, 3.0, 1.0, 6.0));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decisions {
    /// Classes; a single output decides between two.
    classes: usize,
    /// Outputs of a sample.
    outputs: usize,
    /// A row a true class: the weight taken for each class, then that without answer.
    weights: Vec<f64>,
}

/// What was decided on one class, as weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassDecisions {
    /// Of the class, and taken for it.
    pub hits: f64,
    /// Taken for the class.
    pub predicted: f64,
    /// Of the class.
    pub support: f64,
    /// All samples.
    pub total: f64,
}

impl Decisions {
    /// Adds a sample. Several outputs decide for the largest, a single one by the threshold.
    pub fn add(&mut self, sample: Sample<'_>, threshold: f32) {
        let Sample { a, y, weight } = sample;
        if self.weights.is_empty() {
            self.outputs = a.len();
            self.classes = a.len().max(2);
            self.weights = vec![0.0; self.classes * (self.classes + 1)];
        }
        let class = class(y, 0.5);
        let taken = if a.iter().any(|a| a.is_nan()) { self.classes } else { self::class(a, threshold) };
        if let Some(sum) = self.weights.get_mut(class * (self.classes + 1) + taken) {
            *sum += weight;
        }
    }

    /// The number of classes; 0 before the first sample.
    #[must_use]
    pub const fn classes(&self) -> usize {
        self.classes
    }

    /// The decisions on one class; zeros if there is none of that number.
    #[must_use]
    pub fn of_class(&self, class: usize) -> ClassDecisions {
        let column = |row: &[f64]| row.get(class).copied().unwrap_or_default();
        let row = || self.rows().nth(class).unwrap_or_default();
        ClassDecisions {
            hits: column(row()),
            predicted: self.rows().map(column).sum(),
            support: row().iter().sum(),
            total: self.total(),
        }
    }

    /// The decisions on every class.
    pub fn each_class(&self) -> impl Iterator<Item = ClassDecisions> {
        (0..self.classes).map(|class| self.of_class(class))
    }

    /// The weight of all samples.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.weights.iter().sum()
    }

    /// The weight of the samples that were taken for what they are.
    #[must_use]
    pub fn hits(&self) -> f64 {
        self.each_class().map(|class| class.hits).sum()
    }

    /// A ratio of each class, as an average over the classes. Where the divisor is 0 the ratio is 0, as in scikit-learn.
    ///
    /// `ratio` gives dividend and divisor.
    #[must_use]
    pub fn average(&self, average: Average, ratio: impl Fn(ClassDecisions) -> (f64, f64)) -> f64 {
        let value = |(dividend, divisor): (f64, f64)| if divisor > 0.0 { dividend / divisor } else { 0.0 };
        let of_class = |class| value(ratio(class));
        let mean = |weight: &dyn Fn(&ClassDecisions) -> f64| {
            let sums = self.each_class().fold((0.0, 0.0), |(sum, weights), class| {
                (sum + weight(&class) * of_class(class), weights + weight(&class))
            });
            sums.0 / sums.1
        };
        match average {
            _ if self.classes == 0 => f64::NAN,
            Average::Auto if self.outputs == 1 => of_class(self.of_class(1)),
            Average::Auto | Average::Macro => mean(&|class| f64::from(u8::from(class.support + class.predicted > 0.0))),
            Average::Weighted => mean(&|class| class.support),
            Average::Class(class) => of_class(self.of_class(class)),
            Average::Micro => {
                let ratios = self.each_class().map(&ratio);
                value(ratios.fold((0.0, 0.0), |sums, ratio| (sums.0 + ratio.0, sums.1 + ratio.1)))
            }
        }
    }

    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.weights.chunks_exact(self.classes + 1)
    }
}

impl From<&ConfusionMatrix> for Decisions {
    fn from(matrix: &ConfusionMatrix) -> Self {
        let row = |row: &[u32]| row.iter().map(|&count| f64::from(count)).chain([0.0]).collect::<Vec<_>>();
        let classes = matrix.rows().count();
        Self { classes, outputs: classes, weights: matrix.rows().flat_map(row).collect() }
    }
}

/// The class of an output or a target.
fn class(values: &[f32], threshold: f32) -> usize {
    match values {
        [value] => usize::from(*value > threshold),
        values => argmax(values),
    }
}
