//! Constraints: each row of the table, chosen at run time.

use nn_core::constraint::{AnyConstraint, Constraint};

entries! {
    fn apply(constraint: &AnyConstraint, units: usize, w: &mut [f32]) { constraint.apply(units, w) }
    fn from_name(name: &str) -> Option<AnyConstraint> { AnyConstraint::from_name(name) }
}
