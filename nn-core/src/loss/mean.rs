//! Losses that are means over the outputs: value and slope of one output as two formulas, the loops written once.

/// Makes a loss L = 1/n · Σ value(a, y) from the value of one output and its slope ∂value/∂a.
macro_rules! mean_loss {
    (
        $(#[$attribute:meta])*
        pub struct $kind:ident;
        value($value_a:ident, $value_y:ident) = $value:expr;
        slope($slope_a:ident, $slope_y:ident) = $slope:expr;
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $kind;

        impl $kind {
            pub(super) const DEFAULT: Self = Self;
        }

        impl $crate::loss::Loss for $kind {
            #[inline]
            fn value(&self, a: &[f32], y: &[f32]) -> f32 {
                let sum = a.iter().zip(y).fold(0.0, |sum, (&$value_a, &$value_y)| sum + $value);
                sum / $crate::loss::mean::count(a)
            }

            #[inline]
            fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
                let factor = 1.0 / $crate::loss::mean::count(a);
                for ((da, &$slope_a), &$slope_y) in da.iter_mut().zip(a).zip(y) {
                    *da = factor * $slope;
                }
            }
        }
    };
}

pub(super) use mean_loss;

/// The number of outputs; one for none, so that nothing divides by zero.
#[expect(clippy::cast_precision_loss, reason = "layers have far fewer than 2²⁴ outputs")]
pub(super) fn count(a: &[f32]) -> f32 {
    a.len().max(1) as f32
}
