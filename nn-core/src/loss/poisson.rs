//! Poisson loss, L = 1/n · Σ (a − y·ln a), with gradient (1 − y/a)/n.

use super::mean::mean_loss;
use super::probability::EPSILON;
use crate::math;

mean_loss! {
    /// L = 1/n · Σ (a − y·ln(a + 10⁻⁷)), for rates a above 0 and counts y, as in Keras.
    ///
    /// ```
    /// use nn_core::loss::{Loss, Poisson};
    /// assert_eq!(Poisson.value(&[1.0], &[0.0]), 1.0);
    /// ```
    pub struct Poisson;
    value(a, y) = a - y * math::ln(a + EPSILON);
    slope(a, y) = 1.0 - y / (a + EPSILON);
}
