//! The focal factor (Lin et al., 2017), mᵞ for a probability m of a miss: what is answered well counts less.

use crate::math;

/// mᵞ
#[inline]
pub(super) fn factor(miss: f32, gamma: f32) -> f32 {
    math::pow(miss, gamma)
}

/// ∂mᵞ/∂m = γ·mᵞ⁻¹; 0 where nothing is missed, so that it stays finite for γ below 1.
#[inline]
pub(super) fn factor_slope(miss: f32, gamma: f32) -> f32 {
    if miss > f32::MIN_POSITIVE { gamma * math::pow(miss, gamma - 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{factor, factor_slope};

    #[test]
    fn a_gamma_of_zero_makes_no_difference() {
        for miss in [0.0, 1e-39, 0.5, 1.0] {
            assert_eq!((factor(miss, 0.0), factor_slope(miss, 0.0)), (1.0, 0.0), "{miss}");
        }
    }

    #[test]
    fn the_slope_is_finite_for_every_gamma() {
        for gamma in [0.0, 0.1, 1.0, 2.0, 5.0] {
            assert!([0.0, 1e-45, 1e-38, 1.0].into_iter().all(|miss| factor_slope(miss, gamma).is_finite()), "{gamma}");
        }
        assert_eq!((factor(0.5, 2.0), factor_slope(0.5, 2.0)), (0.25, 1.0));
    }
}
