//! Pearson's correlation, cov(a, y) / (σ(a) · σ(y)).

use super::{Columns, Metric, Moments, Sample};

/// The correlation of outputs and targets over the samples, `pearson_correlation`, from −1 to 1. Of several outputs the mean.
/// NaN where outputs or targets are constant.
///
/// Keras' metric of this name correlates the outputs within each sample; this one, as scikit-learn and SciPy, the samples.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// assert_eq!(PearsonCorrelation.measure(Batch::new(1, &[1.0, 2.0, 3.0], &[5.0, 3.0, 1.0])), -1.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PearsonCorrelation;

impl Metric for PearsonCorrelation {
    type Tally = Columns<Moments>;

    fn name(&self) -> String {
        "pearson_correlation".into()
    }

    fn add(&self, tally: &mut Columns<Moments>, sample: Sample<'_>) {
        tally.add(sample);
    }

    fn value(&self, tally: &Columns<Moments>) -> f64 {
        tally.mean(|moments| moments.covariation() / (moments.variation_of_a() * moments.variation_of_y()).sqrt())
    }
}
