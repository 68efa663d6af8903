//! Rectified linear unit, a = max(z, 0), with slope 1 for a > 0 and 0 elsewhere.

use super::scalar::scalar;

scalar! {
    /// a = max(z, 0).
    ///
    /// ```
    /// use nn_core::activation::{Activation, Relu};
    /// let mut z = [-1.0];
    /// Relu.forward(&mut z);
    /// assert_eq!(z, [0.0]);
    /// ```
    pub struct Relu;
    // Written so that it keeps NaN, so that a broken network shows.
    value(z) = if z <= 0.0 { 0.0 } else { z };
    slope(output a) = if a > 0.0 { 1.0 } else { 0.0 };
}

#[cfg(test)]
mod tests {
    use super::Relu;
    use crate::activation::Activation;

    #[test]
    fn keeps_nan_and_has_one_zero() {
        let mut z = [f32::NAN, -0.0, f32::INFINITY, f32::NEG_INFINITY];
        Relu.forward(&mut z);
        assert!(z[0].is_nan());
        assert_eq!(z[1].to_bits(), 0);
        assert_eq!(z[2..], [f32::INFINITY, 0.0]);
    }

    #[test]
    fn has_slope_zero_at_zero() {
        let mut d = [3.0];
        Relu.backward(&[], &[0.0], &mut d);
        assert_eq!(d, [0.0]);
    }
}
