//! The curve of precision and recall as the threshold falls, and the area under it, Σ (rise of recall) · precision.

use core::iter::once;

use super::ranking::ranked;
use super::{Batch, Ranking, RankingStep};

ranked! {
    /// The area under the precision–recall curve without interpolation, `average_precision`: the mean of the precisions at
    /// which another positive sample is found. Of several outputs, each against the rest, the mean. NaN where no sample is
    /// positive.
    ///
    /// ```
    /// use nn_host::metric::Batch;
    /// use nn_host::prelude::*;
    /// let batch = Batch::new(1, &[0.1, 0.4, 0.35, 0.8], &[0.0, 0.0, 1.0, 1.0]);
    /// assert_eq!(AveragePrecision.measure(batch), (1.0 + 2.0 / 3.0) / 2.0);
    /// ```
    AveragePrecision, "average_precision", area
}

fn area(steps: &[RankingStep]) -> Option<f64> {
    let all = steps.last().filter(|all| all.positives > 0.0)?;
    let sum = steps
        .iter()
        .fold((0.0, 0.0), |(area, found), step| (area + (step.positives - found) * precision(step), step.positives));
    Some(sum.0 / all.positives)
}

/// The precision at a threshold; 1 where nothing counts as yes.
fn precision(step: &RankingStep) -> f64 {
    let yes = step.positives + step.negatives;
    if yes > 0.0 { step.positives / yes } else { 1.0 }
}

/// A point of a curve; an example is at [`PrecisionRecallCurve`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrecisionRecallPoint {
    /// Scores from here on count as yes; infinite at the first point.
    pub threshold: f32,
    /// Of what counts as yes, the share that is positive.
    pub precision: f64,
    /// Of what is positive, the share that counts as yes.
    pub recall: f64,
}

/// The precision–recall curve of one output, from recall 0 to 1, a point for each score that occurs.
///
/// ```
/// use nn_host::metric::{Batch, PrecisionRecallCurve};
/// let curve = PrecisionRecallCurve::of(Batch::new(1, &[0.1, 0.4, 0.35, 0.8], &[0.0, 0.0, 1.0, 1.0]), 0).unwrap();
/// let points = curve.points.iter().map(|point| (point.recall, point.precision));
/// assert!(points.eq([(0.0, 1.0), (0.5, 1.0), (0.5, 0.5), (1.0, 2.0 / 3.0), (1.0, 0.5)]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PrecisionRecallCurve {
    /// The points, by falling threshold.
    pub points: Vec<PrecisionRecallPoint>,
    /// The average precision.
    pub area: f64,
}

impl PrecisionRecallCurve {
    /// The curve of an output; `None` if there is no such output, a score is not a number, or no sample is positive.
    #[must_use]
    pub fn of(batch: Batch<'_>, output: usize) -> Option<Self> {
        let steps = Ranking::of(batch).steps(output)?;
        let (area, all) = (area(&steps)?, steps.last()?.positives);
        let point = |step: RankingStep| PrecisionRecallPoint {
            threshold: step.threshold,
            precision: precision(&step),
            recall: step.positives / all,
        };
        let start = RankingStep { threshold: f32::INFINITY, positives: 0.0, negatives: 0.0 };
        Some(Self { points: once(start).chain(steps).map(point).collect(), area })
    }
}
