//! Accuracy: the share of samples whose largest output is that of their class.

use super::{Mean, Metric, Needs, Sample};

/// The share of samples that are right, `accuracy`: the largest output is that of the class; a single output is a
/// probability, of which a half decides. Keras' `categorical_accuracy` and `sparse_categorical_accuracy` are the same.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// let batch = Batch::new(2, &[0.9, 0.1, 0.6, 0.4], &[1.0, 0.0, 0.0, 1.0]);
/// assert_eq!(Accuracy.measure(batch), 0.5);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accuracy;

impl Metric for Accuracy {
    type Tally = Mean;

    fn name(&self) -> String {
        "accuracy".into()
    }

    fn add(&self, tally: &mut Mean, sample: Sample<'_>) {
        tally.add(f64::from(u8::from(is_correct(sample.a, sample.y))), sample.weight);
    }

    fn value(&self, tally: &Mean) -> f64 {
        tally.value()
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }
}

/// The place of the largest value, the first of equals; 0 for none. NaN is never the largest.
///
/// ```
/// assert_eq!(nn_host::metric::argmax(&[0.1, 0.7, 0.7]), 1);
/// ```
#[must_use]
pub fn argmax(values: &[f32]) -> usize {
    let start = (0, f32::NEG_INFINITY);
    let largest = |best: (usize, f32), (place, &value)| if value > best.1 { (place, value) } else { best };
    values.iter().enumerate().fold(start, largest).0
}

/// Whether the largest output is that of the class. A single output is a probability, of which a half decides. Outputs
/// that are not numbers are never right.
///
/// # Shapes
/// - `a`, `y`: `[OUT]`
///
/// ```
/// assert!(nn_host::metric::is_correct(&[0.2, 0.8], &[0.0, 1.0]));
/// assert!(nn_host::metric::is_correct(&[0.2], &[0.0]));
/// ```
#[must_use]
pub fn is_correct(a: &[f32], y: &[f32]) -> bool {
    match (a, y) {
        _ if a.iter().any(|a| a.is_nan()) => false,
        ([a], [y]) => (*a > 0.5) == (*y > 0.5),
        _ => argmax(a) == argmax(y),
    }
}
