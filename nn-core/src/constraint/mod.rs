//! Constraints, which put weights right after each step; the table below is the list of them.

mod columns;

mod max_norm;
mod min_max_norm;
mod non_negative;
mod unit_norm;

pub use max_norm::MaxNorm;
pub use min_max_norm::MinMaxNorm;
pub use non_negative::NonNegative;
pub use unit_norm::UnitNorm;

use crate::table::table;

/// What the weights of a tensor must fulfill; applied to them after each step of an optimizer.
pub trait Constraint {
    /// Moves the weights to where they may be. Norms are those of a unit's weights, a column of the kernel.
    ///
    /// A bias has no columns of inputs: as in Keras, its norm is that of the whole vector, so it is one unit with `[OUT]`
    /// weights.
    ///
    /// # Shapes
    /// - `w`: `[IN][units]`, a bias `[OUT][1]`
    fn apply(&self, units: usize, w: &mut [f32]);
}

table! {
    /// A constraint chosen at run time.
    ///
    /// ```
    /// use nn_core::constraint::{AnyConstraint, Constraint};
    /// let constraint = AnyConstraint::from_name("max_norm").unwrap().with("max_value", 5.0)?;
    /// let mut w = [6.0, 3.0, 8.0, 4.0]; // the units' norms are 10 and 5
    /// constraint.apply(2, &mut w);
    /// assert!((w[0] - 3.0).abs() < 1e-6 && (w[3] - 4.0).abs() < 1e-6);
    /// # Ok::<(), nn_core::SettingError>(())
    /// ```
    AnyConstraint as dyn Constraint {
        0 => MaxNorm, "max_norm";
        1 => NonNegative, "non_neg";
        2 => UnitNorm, "unit_norm";
        3 => MinMaxNorm, "min_max_norm";
    }
}

impl Constraint for AnyConstraint {
    fn apply(&self, units: usize, w: &mut [f32]) {
        self.kind().apply(units, w);
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use super::{AnyConstraint, Constraint, MaxNorm, MinMaxNorm, NonNegative, UnitNorm};

    /// A kernel `[2][3]` whose units have the norms 5, 0.5 and 0.
    const W: [f32; 6] = [3.0, -0.3, 0.0, -4.0, 0.4, 0.0];

    fn applied(constraint: impl Into<AnyConstraint>, units: usize, mut w: [f32; 6]) -> [f32; 6] {
        constraint.into().apply(units, &mut w);
        w
    }

    #[track_caller]
    fn assert_near(found: [f32; 6], expected: [f32; 6]) {
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-6), "{found:?}");
    }

    #[test]
    fn each_constraint_does_to_each_unit_what_it_says() {
        assert_near(applied(MaxNorm, 3, W), [1.2, -0.3, 0.0, -1.6, 0.4, 0.0]);
        assert_near(applied(NonNegative, 3, W), [3.0, 0.0, 0.0, 0.0, 0.4, 0.0]);
        assert_near(applied(UnitNorm, 3, W), [0.6, -0.6, 0.0, -0.8, 0.8, 0.0]);
        assert_near(applied(MinMaxNorm, 3, W), [0.6, -0.3, 0.0, -0.8, 0.4, 0.0]);
    }

    #[test]
    fn settings_move_the_limits() {
        assert_near(applied(MaxNorm.with("max_value", 0.0).unwrap(), 3, W), [0.0; 6]);
        // Half of the way: 5 to (5 + 2) / 2, 0.5 to (0.5 + 1) / 2.
        let half =
            MinMaxNorm.with("min_value", 1.0).unwrap().with("max_value", 2.0).unwrap().with("rate", 0.5).unwrap();
        assert_near(applied(half, 3, W), [2.1, -0.45, 0.0, -2.8, 0.6, 0.0]);
        assert_near(applied(half.with("rate", 0.0).unwrap(), 3, W), W);
        let crossed = MinMaxNorm.with("min_value", 3.0).unwrap();
        assert_near(applied(crossed, 3, W), [0.6, -0.6, 0.0, -0.8, 0.8, 0.0]);
        assert!(MaxNorm.with("max_value", -1.0).is_err() && MinMaxNorm.with("rate", 1.5).is_err());
    }

    #[test]
    fn a_bias_is_one_unit() {
        let whole = 1.0 / crate::math::sqrt(25.25);
        assert_near(applied(UnitNorm, 1, W), W.map(|w| w * whole));
    }

    #[test]
    fn wide_kernels_have_the_bits_of_one_unit_after_the_other() {
        const UNITS: usize = 37; // more than two blocks of columns
        let w: Vec<f32> = (0..5 * UNITS).map(|k| (k * k % 23) as f32 - 11.0).collect();
        for constraint in AnyConstraint::ALL {
            let mut together = w.clone();
            constraint.apply(UNITS, &mut together);
            for unit in 0..UNITS {
                let column = |w: &[f32]| w.iter().skip(unit).step_by(UNITS).copied().collect::<Vec<_>>();
                let mut alone = column(&w);
                constraint.apply(1, &mut alone);
                assert_eq!(column(&together), alone, "{constraint}, unit {unit}");
            }
            assert_ne!(together, w, "{constraint}");
        }
    }

    #[test]
    fn weights_that_are_not_numbers_stay_that() {
        for constraint in AnyConstraint::ALL {
            let found = applied(*constraint, 3, [f32::NAN, 0.25, 0.0, 1.0, 0.5, 0.0]);
            assert!(found[0].is_nan() && found[1].is_finite(), "{constraint} gives {found:?}");
        }
    }

    #[test]
    fn nothing_is_constrained_to_nothing() {
        for constraint in AnyConstraint::ALL {
            constraint.apply(0, &mut []);
            constraint.apply(3, &mut []);
            constraint.apply(0, &mut [1.0]);
        }
    }

    #[test]
    fn names_and_tags_lead_back_to_the_same_kind() {
        for &constraint in AnyConstraint::ALL {
            assert_eq!(AnyConstraint::from_tag(constraint.tag()), Some(constraint));
            assert_eq!(AnyConstraint::from_name(constraint.name()), Some(constraint));
        }
        let limited = AnyConstraint::from(MaxNorm).with("max_value", 3.0).unwrap();
        assert_eq!(limited.to_string(), "max_norm,max_value=3");
    }
}
