//! R², 1 − Σ (y − a)² / Σ (y − mean of y)²: the share of the targets' variance that the model explains.

use super::{Columns, Metric, Moments, Sample};

/// The coefficient of determination, `r2_score`: 1 if all is right, 0 as good as the mean of the targets, below 0 worse. Of
/// several outputs the mean. Where the targets are constant it is 1 or 0, as in scikit-learn.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// assert_eq!(R2Score.measure(Batch::new(1, &[1.0, 3.0], &[1.0, 4.0])), 1.0 - 1.0 / 4.5);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct R2Score;

impl Metric for R2Score {
    type Tally = Columns<Moments>;

    fn name(&self) -> String {
        "r2_score".into()
    }

    fn add(&self, tally: &mut Columns<Moments>, sample: Sample<'_>) {
        tally.add(sample);
    }

    fn value(&self, tally: &Columns<Moments>) -> f64 {
        tally.mean(|moments| share(moments.squared_error(), moments.variation_of_y()))
    }
}

/// 1 − rest / whole; where there is no whole, 1 if there is no rest.
pub(super) fn share(rest: f64, whole: f64) -> f64 {
    match (rest > 0.0, whole > 0.0) {
        (_, true) => 1.0 - rest / whole,
        (true, false) => 0.0,
        (false, false) => 1.0,
    }
}
