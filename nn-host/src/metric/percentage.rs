//! Mean absolute percentage error, 100/N · Σ |a − y| / |y|.

use super::{Mean, Metric, Sample};

/// Keras' least divisor, where a target is 0.
const LEAST: f64 = 1e-7;

/// The mean over samples and outputs of 100 · |a − y| / max(|y|, 10⁻⁷), `mean_absolute_percentage_error`, in percent.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// assert_eq!(MeanAbsolutePercentageError.measure(Batch::new(1, &[3.0, 1.0], &[4.0, 2.0])), 37.5);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanAbsolutePercentageError;

impl Metric for MeanAbsolutePercentageError {
    type Tally = Mean;

    fn name(&self) -> String {
        "mean_absolute_percentage_error".into()
    }

    fn add(&self, tally: &mut Mean, sample: Sample<'_>) {
        let mut mean = Mean::default();
        for (&a, &y) in sample.a.iter().zip(sample.y) {
            let (a, y) = (f64::from(a), f64::from(y));
            mean.add(100.0 * (a - y).abs() / y.abs().max(LEAST), 1.0);
        }
        tally.add(mean.value(), sample.weight);
    }

    fn value(&self, tally: &Mean) -> f64 {
        tally.value()
    }
}
