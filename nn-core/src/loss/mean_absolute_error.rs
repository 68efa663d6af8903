//! Mean absolute error, L = 1/n · Σ |a − y|, with gradient sign(a − y)/n.

use super::mean::mean_loss;

mean_loss! {
    /// L = 1/n · Σ |a − y|; the gradient at a = y is 0, as in Keras.
    ///
    /// ```
    /// use nn_core::loss::{Loss, MeanAbsoluteError};
    /// assert_eq!(MeanAbsoluteError.value(&[1.0, 3.0], &[0.0, 1.0]), 1.5);
    /// ```
    pub struct MeanAbsoluteError;
    value(a, y) = (a - y).abs();
    slope(a, y) = sign(a - y);
}

/// −1, 0 or 1; NaN stays NaN.
fn sign(x: f32) -> f32 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}
