//! Squared hinge loss, L = 1/n · Σ max(1 − y·a, 0)², with gradient −2y/n · max(1 − y·a, 0).

use super::above_zero;
use super::mean::mean_loss;

mean_loss! {
    /// L = 1/n · Σ max(1 − y·a, 0)², for targets y of −1 or 1.
    ///
    /// ```
    /// use nn_core::loss::{Loss, SquaredHinge};
    /// assert_eq!(SquaredHinge.value(&[0.5], &[1.0]), 0.25);
    /// ```
    pub struct SquaredHinge;
    value(a, y) = above_zero(1.0 - y * a) * above_zero(1.0 - y * a);
    slope(a, y) = -2.0 * y * above_zero(1.0 - y * a);
}
