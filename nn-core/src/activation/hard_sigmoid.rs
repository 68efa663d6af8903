//! Hard sigmoid, a = z/6 + 1/2 between 0 and 1, with slope 1/6 there and 0 elsewhere.

use super::clip;
use super::scalar::scalar;

scalar! {
    /// a = z/6 + 1/2, cut off at 0 and 1, as in Keras.
    ///
    /// ```
    /// use nn_core::activation::{Activation, HardSigmoid};
    /// let mut z = [0.0];
    /// HardSigmoid.forward(&mut z);
    /// assert_eq!(z, [0.5]);
    /// ```
    pub struct HardSigmoid;
    value(z) = clip(z / 6.0 + 0.5, 0.0, 1.0);
    slope(output a) = if a > 0.0 && a < 1.0 { 1.0 / 6.0 } else { 0.0 };
}
