//! Hard hyperbolic tangent, a = z between −1 and 1, with slope 1 between them and 0 elsewhere.

use super::clip;
use super::scalar::scalar;

scalar! {
    /// a = z, cut off at −1 and 1.
    ///
    /// ```
    /// use nn_core::activation::{Activation, HardTanh};
    /// let mut z = [5.0];
    /// HardTanh.forward(&mut z);
    /// assert_eq!(z, [1.0]);
    /// ```
    pub struct HardTanh;
    value(z) = clip(z, -1.0, 1.0);
    slope(output a) = if a > -1.0 && a < 1.0 { 1.0 } else { 0.0 };
}
