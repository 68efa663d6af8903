//! Exponential linear unit (Clevert et al., 2016), a = z for z > 0, eᶻ − 1 elsewhere, with slope 1, or a + 1.

use super::scalar::scalar;
use crate::math;

scalar! {
    /// a = z for z > 0, eᶻ − 1 elsewhere; Keras' `elu` with its default alpha of 1.
    ///
    /// ```
    /// use nn_core::activation::{Activation, Elu};
    /// let mut z = [2.0];
    /// Elu.forward(&mut z);
    /// assert_eq!(z, [2.0]);
    /// ```
    pub struct Elu;
    value(z) = if z > 0.0 { z } else { math::exp(z) - 1.0 };
    slope(output a) = if a > 0.0 { 1.0 } else { a + 1.0 };
}
