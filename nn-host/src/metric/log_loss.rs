//! Log loss, −1/N · Σ ln(a of the true class), as scikit-learn names what Keras calls cross-entropy.

use nn_core::loss::{BinaryCrossentropy, CategoricalCrossentropy, Loss};

use super::{Mean, Metric, Needs, Sample};

/// The cross-entropy, `log_loss`: binary for a single output, categorical for several.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// let half = f64::from(core::f32::consts::LN_2);
/// assert_eq!(LogLoss.measure(Batch::new(1, &[0.5], &[1.0])), half);
/// assert_eq!(LogLoss.measure(Batch::new(2, &[0.5, 0.5], &[1.0, 0.0])), half);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogLoss;

impl Metric for LogLoss {
    type Tally = Mean;

    fn name(&self) -> String {
        "log_loss".into()
    }

    fn add(&self, tally: &mut Mean, Sample { a, y, weight }: Sample<'_>) {
        let loss = match a.len() {
            1 => BinaryCrossentropy.value(a, y),
            _ => CategoricalCrossentropy.value(a, y),
        };
        tally.add(f64::from(loss), weight);
    }

    fn value(&self, tally: &Mean) -> f64 {
        tally.value()
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }
}
