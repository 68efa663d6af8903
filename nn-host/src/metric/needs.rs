//! What targets must be for a metric, and the refusal of others before anything is computed.

use core::fmt;

use nalgebra::DMatrix;

use super::AnyMetric;
use crate::data::Targets;

/// What targets must be for a metric.
///
/// ```
/// use nn_host::metric::AnyMetric;
/// use nn_host::prelude::*;
/// assert_eq!(AnyMetric::from(Auc).needs().to_string(), "targets of 0 and 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Any numbers; classes are numbers, too, one-hot.
    Numbers,
    /// A no or a yes for each output: 0 or 1 (or −1 and 1, as hinge losses have it).
    Binary,
    /// One class a sample: one-hot targets, or a single one that is 0 or 1 (or −1 and 1).
    Classes,
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Numbers => "targets that are numbers",
            Self::Binary => "targets of 0 and 1",
            Self::Classes => "one class a sample",
        })
    }
}

/// Targets that do not go with a metric.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{metric} needs {needs}; the targets of sample {sample} are {found}")]
pub struct TargetsError {
    /// The metric's name.
    pub metric: String,
    /// What it needs.
    pub needs: Needs,
    /// The first sample that has something else, from 0.
    pub sample: usize,
    /// What that sample has.
    pub found: String,
}

/// Checks that targets go with all metrics.
pub(crate) fn check_targets(metrics: &[AnyMetric], targets: &Targets) -> Result<(), TargetsError> {
    let Targets::Values(values) = targets else { return Ok(()) };
    metrics.iter().try_for_each(|metric| check(metric, values))
}

fn check(metric: &AnyMetric, values: &DMatrix<f32>) -> Result<(), TargetsError> {
    let needs = metric.needs();
    let mut samples = values.as_slice().chunks_exact(values.nrows().max(1)).enumerate();
    match samples.find(|(_, y)| !needs.are_met_by(y)) {
        None => Ok(()),
        Some((sample, y)) => Err(TargetsError { metric: metric.name(), needs, sample, found: listed(y) }),
    }
}

/// The first few values in words.
fn listed(y: &[f32]) -> String {
    let words: Vec<_> = y.iter().take(6).map(f32::to_string).collect();
    words.join(", ") + if y.len() > 6 { " …" } else { "" }
}

impl Needs {
    fn are_met_by(self, y: &[f32]) -> bool {
        match self {
            Self::Numbers => true,
            Self::Binary => y.iter().all(|&y| is_yes(y) || is_no(y)),
            Self::Classes => {
                let yes = y.iter().filter(|&&y| is_yes(y)).count();
                Self::Binary.are_met_by(y) && (yes == 1 || y.len() == 1)
            }
        }
    }
}

fn is_yes(y: f32) -> bool {
    y.to_bits() == 1_f32.to_bits()
}

fn is_no(y: f32) -> bool {
    y == 0.0 || y.to_bits() == (-1_f32).to_bits()
}

#[cfg(test)]
mod tests {
    use super::{Needs, check_targets};
    use crate::data::Targets;
    use crate::metric::{Auc, IntoMetrics, PearsonCorrelation, Precision};
    use nalgebra::DMatrix;

    #[test]
    fn targets_that_do_not_go_with_a_metric_are_refused_by_name_and_place() {
        let values =
            |rows, values: &[f32]| Targets::Values(DMatrix::from_column_slice(rows, values.len() / rows, values));
        let metrics = (PearsonCorrelation, Auc, Precision).into_metrics();
        let error = check_targets(&metrics, &values(1, &[0.0, 1.0, 0.7])).unwrap_err();
        assert_eq!(error.to_string(), "auc needs targets of 0 and 1; the targets of sample 2 are 0.7");
        let error = check_targets(&metrics, &values(2, &[0.0, 1.0, 1.0, 1.0])).unwrap_err();
        assert_eq!(error.to_string(), "precision needs one class a sample; the targets of sample 1 are 1, 1");
        let names = vec!["a".into(), "b".into()];
        for fine in [values(1, &[-1.0, 1.0]), values(2, &[0.0, 1.0]), Targets::Classes { classes: vec![1], names }] {
            assert_eq!(check_targets(&metrics, &fine), Ok(()));
        }
        assert!(!Needs::Classes.are_met_by(&[0.0, 0.0]) && Needs::Binary.are_met_by(&[0.0, 0.0]));
    }
}
