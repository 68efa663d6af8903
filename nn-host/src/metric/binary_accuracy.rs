//! Binary accuracy: the share of outputs on the right side of a threshold, as Keras has it for one or several labels.

use nn_core::SettingError;

use super::settings::{Setting, at_least, named};
use super::{Mean, Metric, Needs, Sample};

/// The mean over samples of the share of outputs that are above the threshold exactly if their target is 1,
/// `binary_accuracy`.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// let batch = Batch::new(2, &[0.9, 0.45], &[1.0, 1.0]); // one sample with two labels
/// assert_eq!(BinaryAccuracy.measure(batch), 0.5);
/// assert_eq!(BinaryAccuracy::with_threshold(0.4)?.measure(batch), 1.0);
/// # Ok::<(), nn_core::SettingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinaryAccuracy {
    threshold: f32,
}

/// [`BinaryAccuracy`](struct@BinaryAccuracy) with a threshold of a half.
#[expect(non_upper_case_globals, reason = "the name of a kind stands for its defaults")]
pub const BinaryAccuracy: BinaryAccuracy = BinaryAccuracy { threshold: 0.5 };

impl BinaryAccuracy {
    /// With another threshold than a half.
    ///
    /// # Errors
    /// [`SettingError`] if it is not finite.
    pub fn with_threshold(threshold: f32) -> Result<Self, SettingError> {
        at_least("threshold", threshold, f32::MIN).map(|threshold| Self { threshold })
    }
}

impl Metric for BinaryAccuracy {
    type Tally = Mean;

    fn name(&self) -> String {
        named("binary_accuracy", &[Setting::number("threshold", self.threshold, 0.5)])
    }

    #[expect(clippy::cast_precision_loss, reason = "a count of outputs")]
    fn add(&self, tally: &mut Mean, sample: Sample<'_>) {
        let is_right = |(a, y): &(&f32, &f32)| !a.is_nan() && (**a > self.threshold) == (**y > 0.5);
        let right = sample.a.iter().zip(sample.y).filter(is_right).count();
        tally.add(right as f64 / sample.a.len() as f64, sample.weight);
    }

    fn value(&self, tally: &Mean) -> f64 {
        tally.value()
    }

    fn needs(&self) -> Needs {
        Needs::Binary
    }
}
