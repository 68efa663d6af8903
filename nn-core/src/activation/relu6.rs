//! ReLU with a ceiling, a = min(max(z, 0), 6), with slope 1 for 0 < a < 6 and 0 elsewhere.

use super::clip;
use super::scalar::scalar;

scalar! {
    /// a = min(max(z, 0), 6).
    ///
    /// ```
    /// use nn_core::activation::{Activation, Relu6};
    /// let mut z = [9.0];
    /// Relu6.forward(&mut z);
    /// assert_eq!(z, [6.0]);
    /// ```
    pub struct Relu6;
    value(z) = clip(z, 0.0, 6.0);
    slope(output a) = if a > 0.0 && a < 6.0 { 1.0 } else { 0.0 };
}
