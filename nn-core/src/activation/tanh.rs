//! Hyperbolic tangent, a = tanh z, with slope 1 − a².

use super::scalar::scalar;
use crate::math;

scalar! {
    /// a = tanh z.
    ///
    /// ```
    /// use nn_core::activation::{Activation, Tanh};
    /// let mut z = [0.0];
    /// Tanh.forward(&mut z);
    /// assert_eq!(z, [0.0]);
    /// ```
    pub struct Tanh;
    value(z) = math::tanh(z);
    slope(output a) = 1.0 - a * a;
}

#[cfg(test)]
mod tests {
    use super::Tanh;
    use crate::activation::Activation;

    #[test]
    fn saturates_with_zero_slope() {
        let mut a = [-20.0, 20.0];
        Tanh.forward(&mut a);
        let mut d = [1.0, 1.0];
        Tanh.backward(&[], &a, &mut d);
        assert_eq!((a, d), ([-1.0, 1.0], [0.0, 0.0]));
    }
}
