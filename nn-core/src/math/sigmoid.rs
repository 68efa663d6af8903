//! The logistic function, σ(x) = 1 / (1 + e⁻ˣ).

use super::exp;

/// The logistic function, within 2.5 ulp.
///
/// NaN gives NaN; below −88.73 the result is 0, above 17.33 it is 1.
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
    use crate::math::ulp;

    #[test]
    fn stays_within_its_bound_of_the_f64_reference() {
        for bits in (0..=u32::MAX).step_by(97) {
            let x = f32::from_bits(bits);
            if (-88.0..100.0).contains(&x) {
                let reference = 1.0 / (1.0 + libm::exp(-f64::from(x)));
                let error = ulp(sigmoid(x), reference);
                assert!(error < 2.5, "{error} ulp at {x}");
            }
        }
    }

    #[test]
    fn saturates_at_zero_and_one_and_keeps_nan() {
        assert_eq!(sigmoid(-200.0), 0.0);
        assert_eq!(sigmoid(200.0), 1.0);
        assert!(sigmoid(f32::NAN).is_nan());
    }
}
