//! Softplus, a = ln(1 + eᶻ), with slope σ(z).

use super::scalar::scalar;
use crate::math;

scalar! {
    /// a = ln(1 + eᶻ).
    ///
    /// ```
    /// use nn_core::activation::{Activation, Softplus};
    /// let mut z = [100.0];
    /// Softplus.forward(&mut z);
    /// assert_eq!(z, [100.0]);
    /// ```
    pub struct Softplus;
    value(z) = math::softplus(z);
    slope(input z) = math::sigmoid(z);
}
