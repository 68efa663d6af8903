//! Curves of rankings as they are drawn: a metric's curve with a name, without the points that no eye would miss.

use crate::metric::{PrecisionRecallCurve, RocCurve};

/// A curve of one class against the others, with the area below it.
///
/// ```
/// use nn_host::metric::{Batch, RocCurve};
/// use nn_host::plot::RankingCurve;
/// let roc = RocCurve::of(Batch::new(1, &[0.9, 0.8, 0.3], &[1.0, 0.0, 1.0]), 0).unwrap();
/// let curve = RankingCurve::roc("cat", &roc);
/// assert_eq!(curve.points, [(0.0, 0.0), (0.0, 0.5), (1.0, 0.5), (1.0, 1.0)]);
/// assert_eq!(curve.area, 0.5);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RankingCurve {
    /// The name in the legend, such as the class.
    pub name: String,
    /// ROC: false positive rate and true positive rate; precision–recall: recall and precision. From 0 to 1.
    pub points: Vec<(f64, f64)>,
    /// ROC: the area under the curve; precision–recall: the average precision.
    pub area: f64,
}

impl RankingCurve {
    /// The receiver operating characteristic: the share of positives above each threshold over the share of negatives above it.
    pub fn roc(name: impl Into<String>, curve: &RocCurve) -> Self {
        let points: Vec<_> =
            curve.points.iter().map(|point| (point.false_positive_rate, point.true_positive_rate)).collect();
        Self { name: name.into(), points: corners(&points), area: curve.area }
    }

    /// Precision over recall at each threshold, to where all positives are found: from there on precision only falls.
    pub fn precision_recall(name: impl Into<String>, curve: &PrecisionRecallCurve) -> Self {
        let is_complete = |recall: f64| same(recall, 1.0);
        let drawn = curve.points.iter().take_while(|point| !is_complete(point.recall)).count() + 1;
        let points: Vec<_> = curve.points.iter().take(drawn).map(|point| (point.recall, point.precision)).collect();
        Self { name: name.into(), points: corners(&points), area: curve.area }
    }
}

/// A curve without the points inside of its vertical and horizontal parts.
fn corners(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let is_corner = |index: usize, (x, y): (f64, f64)| {
        let neighbors = index.checked_sub(1).and_then(|before| points.get(before)).zip(points.get(index + 1));
        neighbors.is_none_or(|(before, after)| {
            let is_vertical = same(before.0, x) && same(after.0, x);
            let is_horizontal = same(before.1, y) && same(after.1, y);
            !is_vertical && !is_horizontal
        })
    };
    points
        .iter()
        .copied()
        .enumerate()
        .filter(|&(index, point)| is_corner(index, point))
        .map(|(_, point)| point)
        .collect()
}

/// Whether two shares of the same count are the same.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits()
}

#[cfg(test)]
mod tests {
    use super::RankingCurve;
    use crate::metric::{Batch, PrecisionRecallCurve, RocCurve};

    #[test]
    fn straight_parts_have_no_points_inside() {
        let batch = Batch::new(1, &[0.1, 0.2, 0.8, 0.9], &[0.0, 0.0, 1.0, 1.0]);
        let roc = RankingCurve::roc("", &RocCurve::of(batch, 0).unwrap());
        assert_eq!((roc.points.as_slice(), roc.area), (&[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)][..], 1.0));
    }

    #[test]
    fn precision_ends_where_all_positives_are_found() {
        let batch = Batch::new(1, &[0.1, 0.4, 0.35, 0.8], &[0.0, 0.0, 1.0, 1.0]);
        let curve = PrecisionRecallCurve::of(batch, 0).unwrap();
        assert_eq!(curve.points.last().map(|point| point.precision), Some(0.5));
        let drawn = RankingCurve::precision_recall("", &curve);
        assert_eq!(drawn.points, [(0.0, 1.0), (0.5, 1.0), (0.5, 0.5), (1.0, 2.0 / 3.0)]);
        assert_eq!(drawn.area.to_bits(), curve.area.to_bits());
    }
}
