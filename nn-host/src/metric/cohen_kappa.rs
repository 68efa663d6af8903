//! Cohen's kappa, (p − e) / (1 − e): the accuracy p beyond e, that of guessing with the same frequencies.

use super::{Decisions, Metric, Needs, Sample};

/// How much of what guessing leaves open is right, `cohen_kappa_score`: 1 if all is right, 0 if no better than guessing;
/// NaN where guessing is always right.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// assert_eq!(CohenKappa.measure(Batch::new(1, &[0.9, 0.9, 0.1, 0.1], &[1.0, 1.0, 0.0, 1.0])), 0.5);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CohenKappa;

impl Metric for CohenKappa {
    type Tally = Decisions;

    fn name(&self) -> String {
        "cohen_kappa_score".into()
    }

    fn add(&self, tally: &mut Decisions, sample: Sample<'_>) {
        tally.add(sample, 0.5);
    }

    fn value(&self, tally: &Decisions) -> f64 {
        let (n, hits) = (tally.total(), tally.hits());
        let guessed = tally.sum(|class| class.support * class.predicted);
        (n * hits - guessed) / (n * n - guessed)
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }
}
