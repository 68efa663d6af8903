//! Sigmoid, a = 1 / (1 + e⁻ᶻ), with slope a · (1 − a).

use super::scalar::scalar;
use crate::math;

scalar! {
    /// a = 1 / (1 + e⁻ᶻ).
    ///
    /// ```
    /// use nn_core::activation::{Activation, Sigmoid};
    /// let mut z = [0.0];
    /// Sigmoid.forward(&mut z);
    /// assert_eq!(z, [0.5]);
    /// ```
    pub struct Sigmoid;
    value(z) = math::sigmoid(z);
    slope(output a) = a * (1.0 - a);
}

#[cfg(test)]
mod tests {
    use super::Sigmoid;
    use crate::activation::Activation;

    #[test]
    fn saturates_with_zero_slope() {
        let mut a = [-200.0, 200.0];
        Sigmoid.forward(&mut a);
        let mut d = [1.0, 1.0];
        Sigmoid.backward(&[], &a, &mut d);
        assert_eq!((a, d), ([0.0, 1.0], [0.0, 0.0]));
    }
}
