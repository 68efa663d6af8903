//! Hinge loss, L = 1/n · Σ max(1 − y·a, 0), with gradient −y/n where it is above 0.

use super::above_zero;
use super::mean::mean_loss;

mean_loss! {
    /// L = 1/n · Σ max(1 − y·a, 0), for targets y of −1 or 1.
    ///
    /// ```
    /// use nn_core::loss::{Loss, Hinge};
    /// assert_eq!(Hinge.value(&[0.5], &[1.0]), 0.5);
    /// ```
    pub struct Hinge;
    value(a, y) = above_zero(1.0 - y * a);
    slope(a, y) = if y * a < 1.0 { -y } else { 0.0 };
}
