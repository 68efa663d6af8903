//! Balanced accuracy: the mean of the recalls of the classes that there are samples of.

use super::{Decisions, Mean, Metric, Needs, Sample};

/// The mean recall of the classes that there are samples of, `balanced_accuracy`: what is rare counts as much as what is not.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// let batch = Batch::new(1, &[0.1, 0.1, 0.1, 0.1], &[0.0, 0.0, 0.0, 1.0]); // always no
/// assert_eq!((Accuracy.measure(batch), BalancedAccuracy.measure(batch)), (0.75, 0.5));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BalancedAccuracy;

impl Metric for BalancedAccuracy {
    type Tally = Decisions;

    fn name(&self) -> String {
        "balanced_accuracy".into()
    }

    fn add(&self, tally: &mut Decisions, sample: Sample<'_>) {
        tally.add(sample, 0.5);
    }

    fn value(&self, tally: &Decisions) -> f64 {
        let occurring = tally.classes().iter().filter(|class| class.support > 0.0);
        let mut recalls = Mean::default();
        occurring.for_each(|class| recalls.add(class.hits / class.support, 1.0));
        recalls.value()
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }
}
