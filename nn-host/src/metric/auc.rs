//! The ROC curve, true against false positives as the threshold falls, and the area under it.

use core::iter::once;

use super::ranking::ranked;
use super::{Batch, Ranking, RankingStep};

ranked! {
    /// The area under the ROC curve, `auc`: how probable it is that a positive sample scores higher than a negative one, ties
    /// counting a half. Of several outputs, each against the rest, the mean. NaN where all samples are positive or none is.
    ///
    /// Exact, as scikit-learn's `roc_auc_score`; Keras' `AUC` approximates it by 200 thresholds.
    ///
    /// ```
    /// use nn_host::metric::Batch;
    /// use nn_host::prelude::*;
    /// assert_eq!(Auc.measure(Batch::new(1, &[0.1, 0.4, 0.35, 0.8], &[0.0, 0.0, 1.0, 1.0])), 0.75);
    /// ```
    Auc, "auc", area
}

/// The area by trapezoids.
fn area(steps: &[RankingStep]) -> Option<f64> {
    let all = both_kinds(steps)?;
    let start = (0.0, 0.0, 0.0);
    let (doubled, ..) = steps.iter().fold(start, |(area, positives, negatives), step| {
        (area + (step.negatives - negatives) * (step.positives + positives), step.positives, step.negatives)
    });
    Some(doubled / 2.0 / (all.positives * all.negatives))
}

/// The last step, if there are samples of both kinds.
fn both_kinds(steps: &[RankingStep]) -> Option<&RankingStep> {
    steps.last().filter(|all| all.positives > 0.0 && all.negatives > 0.0)
}

/// A point of a curve; an example is at [`RocCurve`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RocPoint {
    /// Scores from here on count as yes; infinite at the first point.
    pub threshold: f32,
    /// The share of negative samples that count as yes.
    pub false_positive_rate: f64,
    /// The share of positive samples that count as yes.
    pub true_positive_rate: f64,
}

/// The ROC curve of one output, from (0, 0) to (1, 1), a point for each score that occurs.
///
/// ```
/// use nn_host::metric::{Batch, RocCurve};
/// let curve = RocCurve::of(Batch::new(1, &[0.1, 0.4, 0.35, 0.8], &[0.0, 0.0, 1.0, 1.0]), 0).unwrap();
/// let rates = curve.points.iter().map(|point| (point.false_positive_rate, point.true_positive_rate));
/// assert!(rates.eq([(0.0, 0.0), (0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (1.0, 1.0)]));
/// assert_eq!(curve.area, 0.75);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RocCurve {
    /// The points, by falling threshold.
    pub points: Vec<RocPoint>,
    /// The area under the curve.
    pub area: f64,
}

impl RocCurve {
    /// The curve of an output; `None` if there is no such output, a score is not a number, or all samples are of one kind.
    #[must_use]
    pub fn of(batch: Batch<'_>, output: usize) -> Option<Self> {
        let steps = Ranking::of(batch).steps(output)?;
        let (all, area) = (*both_kinds(&steps)?, area(&steps)?);
        let point = |step: RankingStep| RocPoint {
            threshold: step.threshold,
            false_positive_rate: step.negatives / all.negatives,
            true_positive_rate: step.positives / all.positives,
        };
        let start = RankingStep { threshold: f32::INFINITY, positives: 0.0, negatives: 0.0 };
        Some(Self { points: once(start).chain(steps).map(point).collect(), area })
    }
}
