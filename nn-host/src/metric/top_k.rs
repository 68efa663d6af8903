//! Top-k accuracy: the share of samples whose class is among the k largest outputs.

use nn_core::SettingError;

use super::settings::{Setting, named};
use super::{Mean, Metric, Needs, Sample, argmax};

/// The share of samples whose class is among the `k` largest outputs, `top_k_categorical_accuracy`. Of equal outputs the
/// first counts as the larger one.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// let batch = Batch::new(3, &[0.5, 0.3, 0.2], &[0.0, 1.0, 0.0]);
/// assert_eq!(TopKCategoricalAccuracy::new(1)?.measure(batch), 0.0);
/// assert_eq!(TopKCategoricalAccuracy::new(2)?.measure(batch), 1.0);
/// # Ok::<(), nn_core::SettingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopKCategoricalAccuracy {
    k: usize,
}

/// [`TopKCategoricalAccuracy`](struct@TopKCategoricalAccuracy) with Keras' k, 5.
#[expect(non_upper_case_globals, reason = "the name of a kind stands for its defaults")]
pub const TopKCategoricalAccuracy: TopKCategoricalAccuracy = TopKCategoricalAccuracy { k: 5 };

impl TopKCategoricalAccuracy {
    /// With this many outputs to choose from.
    ///
    /// # Errors
    /// [`SettingError`] if `k` is 0.
    pub const fn new(k: usize) -> Result<Self, SettingError> {
        match k {
            0 => Err(SettingError::OutOfRange { name: "k", value: 0.0, range: "at least 1" }),
            k => Ok(Self { k }),
        }
    }
}

impl Metric for TopKCategoricalAccuracy {
    type Tally = Mean;

    fn name(&self) -> String {
        named("top_k_categorical_accuracy", &[Setting::count("k", self.k, 5)])
    }

    fn add(&self, tally: &mut Mean, sample: Sample<'_>) {
        let class = argmax(sample.y);
        let of_class = sample.a.get(class).copied().unwrap_or(f32::NAN);
        let is_ahead = |&(place, &a): &(usize, &f32)| a > of_class || (place < class && a >= of_class);
        let ahead = sample.a.iter().enumerate().filter(is_ahead).count();
        let is_number = !sample.a.iter().any(|a| a.is_nan());
        tally.add(f64::from(u8::from(is_number && ahead < self.k)), sample.weight);
    }

    fn value(&self, tally: &Mean) -> f64 {
        tally.value()
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }
}
