//! The logistic function, σ(x) = 1 / (1 + e⁻ˣ).

use super::exp;

/// The logistic function, within 2.5 ulp or 3e-39: below −88.73, where it is smaller than that, the result is 0.
///
/// NaN gives NaN; results are in [0, 1], above 17.33 the result is 1. A larger x never has a smaller result.
///
/// ```
/// assert_eq!(nn_core::math::sigmoid(0.0), 0.5);
/// ```
#[must_use]
#[inline]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

#[cfg(test)]
mod tests {
    use super::sigmoid;

    #[test]
    fn saturates_at_zero_and_one_and_keeps_nan() {
        assert_eq!(sigmoid(-200.0), 0.0);
        assert_eq!(sigmoid(200.0), 1.0);
        assert!(sigmoid(f32::NAN).is_nan());
    }
}
