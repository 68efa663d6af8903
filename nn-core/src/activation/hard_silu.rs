//! Hard SiLU, hard swish, a = z · hard sigmoid(z), with slope z/3 + 1/2 for |z| < 3, else 0 or 1.

use super::clip;
use super::scalar::scalar;

scalar! {
    /// a = z · hard sigmoid(z); Keras' `hard_silu` and `hard_swish`. NaN for −∞.
    ///
    /// ```
    /// use nn_core::activation::{Activation, HardSilu};
    /// let mut z = [3.0];
    /// HardSilu.forward(&mut z);
    /// assert_eq!(z, [3.0]);
    /// ```
    pub struct HardSilu;
    value(z) = z * clip(z / 6.0 + 0.5, 0.0, 1.0);
    slope(input z) = if z > -3.0 && z < 3.0 { z / 3.0 + 0.5 } else { clip(z, 0.0, 1.0) };
}
