//! Explained variance, 1 − var(y − a) / var(y): R² that forgives a constant offset.

use super::r2::share;
use super::{Columns, Metric, Moments, Sample};

/// The share of the targets' variance that is not in the errors, `explained_variance_score`. Of several outputs the mean. Where
/// the targets are constant it is 1 or 0, as in scikit-learn.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// assert_eq!(ExplainedVariance.measure(Batch::new(1, &[1.0, 2.0], &[4.0, 5.0])), 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExplainedVariance;

impl Metric for ExplainedVariance {
    type Tally = Columns<Moments>;

    fn name(&self) -> String {
        "explained_variance_score".into()
    }

    fn add(&self, tally: &mut Columns<Moments>, sample: Sample<'_>) {
        tally.add(sample);
    }

    fn value(&self, tally: &Columns<Moments>) -> f64 {
        tally.mean(|moments| share(moments.variation_of_error(), moments.variation_of_y()))
    }
}
