//! Brier score, 1/N · Σ (a − y)²: the squared error of probabilities.

use super::{Mean, Metric, Needs, Sample};

/// The mean squared error of the probabilities, `brier_score_loss`, 0 at best. Of a single output (a − y)²; of several the sum
/// over the classes, halved for two, which then is that of a single one: as in scikit-learn.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// assert_eq!(BrierScore.measure(Batch::new(1, &[0.5], &[1.0])), 0.25);
/// assert_eq!(BrierScore.measure(Batch::new(2, &[0.5, 0.5], &[1.0, 0.0])), 0.25);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BrierScore;

impl Metric for BrierScore {
    type Tally = Mean;

    fn name(&self) -> String {
        "brier_score_loss".into()
    }

    fn add(&self, tally: &mut Mean, sample: Sample<'_>) {
        let square = |(&a, &y): (&f32, &f32)| {
            let error = f64::from(a) - f64::from(u8::from(y > 0.5));
            error * error
        };
        let sum: f64 = sample.a.iter().zip(sample.y).map(square).sum();
        tally.add(if sample.a.len() == 2 { sum / 2.0 } else { sum }, sample.weight);
    }

    fn value(&self, tally: &Mean) -> f64 {
        tally.value()
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }
}
