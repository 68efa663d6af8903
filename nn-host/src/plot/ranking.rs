//! Curves of a ranking: how well a score orders samples of a class before the others, at every threshold.

use core::cmp::Ordering;

/// A curve of one class against the others, with the area below it.
///
/// ```
/// use nn_host::plot::RankingCurve;
/// let (scores, is_positive) = ([0.9, 0.8, 0.3], [true, false, true]);
/// let curve = RankingCurve::roc("cat", &scores, &is_positive).unwrap();
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

/// Samples above a threshold.
#[derive(Clone, Copy, Default)]
struct Above {
    positives: u32,
    negatives: u32,
}

impl RankingCurve {
    /// The receiver operating characteristic: the share of positives above each threshold over the share of negatives
    /// above it, with the trapezoidal area. Equal scores are one threshold. `None` if there is no positive sample or
    /// no negative one, or a score is not a number.
    ///
    /// # Shapes
    /// - `scores`, `is_positive`: one a sample
    #[must_use]
    pub fn roc(name: impl Into<String>, scores: &[f32], is_positive: &[bool]) -> Option<Self> {
        let steps = thresholds(scores, is_positive)?;
        let all = steps.last().filter(|all| all.positives > 0 && all.negatives > 0)?;
        let point = |above: Above| (share(above.negatives, all.negatives), share(above.positives, all.positives));
        let points: Vec<(f64, f64)> =
            core::iter::once(Above::default()).chain(steps.iter().copied()).map(point).collect();
        let pairs = points.iter().zip(points.iter().skip(1));
        let area = pairs.map(|(from, to)| (to.0 - from.0) * f64::midpoint(from.1, to.1)).sum();
        Some(Self { name: name.into(), points: corners(&points), area })
    }

    /// Precision over recall at each threshold, with the average precision Σ (Rᵢ − Rᵢ₋₁) · Pᵢ. Equal scores are one
    /// threshold, and the curve ends where all positives are found. `None` if there is no positive sample, or a score is not a number.
    ///
    /// # Shapes
    /// - `scores`, `is_positive`: one a sample
    #[must_use]
    pub fn precision_recall(name: impl Into<String>, scores: &[f32], is_positive: &[bool]) -> Option<Self> {
        let thresholds = thresholds(scores, is_positive)?;
        let all = thresholds.last().filter(|all| all.positives > 0)?;
        let point = |above: &Above| {
            (share(above.positives, all.positives), share(above.positives, above.positives + above.negatives))
        };
        // Below the threshold that has all positives, precision only falls.
        let steps = thresholds.iter().take_while(|above| above.positives < all.positives).count() + 1;
        // Where nothing is above the threshold, nothing above it is wrong.
        let points: Vec<(f64, f64)> =
            core::iter::once((0.0, 1.0)).chain(thresholds.iter().take(steps).map(point)).collect();
        let area = points.iter().zip(points.iter().skip(1)).map(|(from, to)| (to.0 - from.0) * to.1).sum();
        Some(Self { name: name.into(), points: corners(&points), area })
    }
}

fn share(count: u32, of: u32) -> f64 {
    f64::from(count) / f64::from(of)
}

/// The samples above each threshold, from the highest one; the last has all.
fn thresholds(scores: &[f32], is_positive: &[bool]) -> Option<Vec<Above>> {
    let mut ranking: Vec<(f32, bool)> = scores.iter().copied().zip(is_positive.iter().copied()).collect();
    if ranking.iter().any(|(score, _)| score.is_nan()) {
        return None;
    }
    ranking.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut above = Above::default();
    let mut steps = Vec::new();
    for equal in ranking.chunk_by(|(a, _), (b, _)| a.partial_cmp(b) == Some(Ordering::Equal)) {
        for &(_, is_positive) in equal {
            above.positives += u32::from(is_positive);
            above.negatives += u32::from(!is_positive);
        }
        steps.push(above);
    }
    Some(steps)
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

    #[test]
    fn a_perfect_ranking_has_area_one() {
        let (scores, is_positive) = ([0.1, 0.2, 0.8, 0.9], [false, false, true, true]);
        let roc = RankingCurve::roc("", &scores, &is_positive).unwrap();
        assert_eq!((roc.points.as_slice(), roc.area), (&[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)][..], 1.0));
        let precision = RankingCurve::precision_recall("", &scores, &is_positive).unwrap();
        assert_eq!((precision.points.as_slice(), precision.area), (&[(0.0, 1.0), (1.0, 1.0)][..], 1.0));
    }

    #[test]
    fn equal_scores_are_one_threshold() {
        for is_positive in [[true, false, true, false], [false, true, false, true]] {
            let roc = RankingCurve::roc("", &[0.5; 4], &is_positive).unwrap();
            assert_eq!((roc.points.as_slice(), roc.area), (&[(0.0, 0.0), (1.0, 1.0)][..], 0.5));
        }
    }

    /// Values of scikit-learn's documentation: `roc_auc_score` and `average_precision_score` of these scores.
    #[test]
    fn areas_are_those_of_others() {
        let (scores, is_positive) = ([0.1, 0.4, 0.35, 0.8], [false, false, true, true]);
        assert!((RankingCurve::roc("", &scores, &is_positive).unwrap().area - 0.75).abs() < 1e-12);
        let precision = RankingCurve::precision_recall("", &scores, &is_positive).unwrap();
        assert!((precision.area - 5.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn one_class_alone_has_no_curve() {
        assert_eq!(RankingCurve::roc("", &[0.1, 0.2], &[true, true]), None);
        assert_eq!(RankingCurve::roc("", &[0.1, 0.2], &[false, false]), None);
        assert_eq!(RankingCurve::precision_recall("", &[0.1], &[false]), None);
        assert_eq!(RankingCurve::roc("", &[0.1, f32::NAN], &[true, false]), None);
        assert_eq!(RankingCurve::roc("", &[], &[]), None);
    }
}
