//! Clipping by value, g ← min(max(g, −c), c).

use super::{Adjustment, Known, RowWise, Scope};
use crate::optimizer::hyperparameters::positive;
use crate::optimizer::{HyperparameterError, Weights};

/// Each gradient is clipped to [−c, c]; Keras' `clipvalue`. Not a number stays that.
///
/// ```
/// use nn_core::optimizer::{Adam, Adjust, Adjusted, ClipValue};
/// let optimizer: Adjusted<ClipValue, Adam> = Adam::default().clipped_by_value(0.5)?;
/// assert_eq!(ClipValue::new(0.0).unwrap_err().to_string(), "clipvalue is 0, it must be above 0 and finite");
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClipValue(f32);

impl ClipValue {
    /// Clips to [−`limit`, `limit`].
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `limit` is above 0 and finite.
    pub fn new(limit: f32) -> Result<Self, HyperparameterError> {
        positive("clipvalue", limit).map(Self)
    }
}

impl Adjustment for ClipValue {
    const SCOPE: Scope = Scope::Row;
    const KEEPS_ZEROS: bool = true;

    #[inline]
    fn adjust(&self, _known: &Known, weights: Weights<'_>) {
        let &Self(limit) = self;
        for g in weights.g {
            if *g > limit {
                *g = limit;
            } else if *g < -limit {
                *g = -limit;
            }
        }
    }
}

impl RowWise for ClipValue {}

#[cfg(test)]
mod tests {
    use super::super::tests::adjusted;
    use super::ClipValue;

    #[test]
    fn cuts_off_at_both_limits_and_nowhere_else() {
        let clip = ClipValue::new(0.5).unwrap();
        let g = adjusted(clip, &[0.5, -0.5, 0.500_001, -7.0, 0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY]);
        let expected: [f32; 8] = [0.5, -0.5, 0.5, -0.5, 0.0, -0.0, 0.5, -0.5];
        assert_eq!(g.map(f32::to_bits), expected.map(f32::to_bits));
        assert!(adjusted(clip, &[f32::NAN])[0].is_nan());
    }
}
