//! Root mean squared error, √(1/N · Σ mean squared error of a sample).

use nn_core::loss::{Loss, MeanSquaredError};

use super::{Mean, Metric, Sample};

/// The root of the mean over all samples and outputs of (a − y)², `root_mean_squared_error`.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// assert_eq!(RootMeanSquaredError.measure(Batch::new(1, &[3.0, 1.0], &[0.0, 2.0])), 5.0_f64.sqrt());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RootMeanSquaredError;

impl Metric for RootMeanSquaredError {
    type Tally = Mean;

    fn name(&self) -> String {
        "root_mean_squared_error".into()
    }

    fn add(&self, tally: &mut Mean, sample: Sample<'_>) {
        tally.add(f64::from(MeanSquaredError.value(sample.a, sample.y)), sample.weight);
    }

    fn value(&self, tally: &Mean) -> f64 {
        tally.value().sqrt()
    }
}
