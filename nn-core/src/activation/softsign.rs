//! Softsign, a = z / (1 + |z|), with slope (1 − |a|)².

use super::scalar::scalar;

scalar! {
    /// a = z / (1 + |z|). NaN for ±∞, and so is the slope.
    ///
    /// ```
    /// use nn_core::activation::{Activation, Softsign};
    /// let mut z = [1.0];
    /// Softsign.forward(&mut z);
    /// assert_eq!(z, [0.5]);
    /// ```
    pub struct Softsign;
    value(z) = z / (1.0 + z.abs());
    slope(output a) = (1.0 - a.abs()) * (1.0 - a.abs());
}
