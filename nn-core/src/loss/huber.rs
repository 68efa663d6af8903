//! Huber loss with δ = 1 (Huber, 1964), L = 1/n · Σ ½e² for |e| ≤ 1, |e| − ½ beyond, e = a − y.

use super::mean::mean_loss;

mean_loss! {
    /// L = 1/n · Σ ½e² for |e| ≤ 1, |e| − ½ beyond, with e = a − y: Keras' `huber` with its default delta of 1.
    ///
    /// ```
    /// use nn_core::loss::{Loss, Huber};
    /// assert_eq!(Huber.value(&[0.5, 3.0], &[0.0, 0.0]), 1.3125);
    /// ```
    pub struct Huber;
    value(a, y) = huber(a - y);
    slope(a, y) = (a - y).clamp(-1.0, 1.0);
}

/// ½e² near zero, |e| − ½ beyond.
fn huber(e: f32) -> f32 {
    if e.abs() <= 1.0 { 0.5 * e * e } else { e.abs() - 0.5 }
}
