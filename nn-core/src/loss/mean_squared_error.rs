//! Mean squared error, L = 1/n · Σ (a − y)², with gradient 2/n · (a − y).

use super::mean::mean_loss;

mean_loss! {
    /// L = 1/n · Σ (a − y)², the mean over the n outputs, as in Keras.
    ///
    /// ```
    /// use nn_core::loss::{Loss, MeanSquaredError};
    /// assert_eq!(MeanSquaredError.value(&[1.0, 3.0], &[0.0, 1.0]), 2.5);
    /// ```
    pub struct MeanSquaredError;
    value(a, y) = (a - y) * (a - y);
    slope(a, y) = 2.0 * (a - y);
}
