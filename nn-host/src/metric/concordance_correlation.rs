//! Lin's concordance correlation (1989), 2·cov(a, y) / (var(a) + var(y) + (mean a − mean y)²).

use super::{Columns, Metric, Moments, Sample};

/// How near outputs and targets are to the line a = y, `concordance_correlation`, from −1 to 1: a correlation that an offset
/// or another scale lowers. Of several outputs the mean. NaN where both are the same constant.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// assert_eq!(ConcordanceCorrelation.measure(Batch::new(1, &[1.0, 3.0], &[1.0, 3.0])), 1.0);
/// assert_eq!(ConcordanceCorrelation.measure(Batch::new(1, &[1.0, 3.0], &[2.0, 4.0])), 2.0 / 3.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConcordanceCorrelation;

impl Metric for ConcordanceCorrelation {
    type Tally = Columns<Moments>;

    fn name(&self) -> String {
        "concordance_correlation".into()
    }

    fn add(&self, tally: &mut Columns<Moments>, sample: Sample<'_>) {
        tally.add(sample);
    }

    fn value(&self, tally: &Columns<Moments>) -> f64 {
        tally.mean(|moments| {
            let apart = moments.variation_of_a() + moments.variation_of_y() + moments.offset();
            2.0 * moments.covariation() / apart
        })
    }
}
