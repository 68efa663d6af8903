//! Matthews' correlation of true and predicted classes, in the form of Gorodkin (2004) for any number of classes.

use super::{Decisions, Metric, Needs, Sample};

/// The correlation of true and predicted classes, `matthews_corrcoef`: 1 if all are right, 0 if no better than guessing, and
/// 0 where all samples are of one class or taken for one.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// assert_eq!(MatthewsCorrelation.measure(Batch::new(1, &[0.9, 0.1], &[0.0, 1.0])), -1.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatthewsCorrelation;

impl Metric for MatthewsCorrelation {
    type Tally = Decisions;

    fn name(&self) -> String {
        "matthews_corrcoef".into()
    }

    fn add(&self, tally: &mut Decisions, sample: Sample<'_>) {
        tally.add(sample, 0.5);
    }

    fn value(&self, tally: &Decisions) -> f64 {
        let (n, hits) = (tally.total(), tally.hits());
        let both = n * hits - tally.sum(|class| class.support * class.predicted);
        let truth = n * n - tally.sum(|class| class.support * class.support);
        let answers = n * n - tally.sum(|class| class.predicted * class.predicted);
        if truth * answers == 0.0 { 0.0 } else { both / (truth * answers).sqrt() }
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }
}
