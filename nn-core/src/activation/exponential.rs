//! Exponential, a = eᶻ, with slope a.

use super::scalar::scalar;
use crate::math;

scalar! {
    /// a = eᶻ.
    ///
    /// ```
    /// use nn_core::activation::{Activation, Exponential};
    /// let mut z = [0.0];
    /// Exponential.forward(&mut z);
    /// assert_eq!(z, [1.0]);
    /// ```
    pub struct Exponential;
    value(z) = math::exp(z);
    slope(output a) = a;
}
