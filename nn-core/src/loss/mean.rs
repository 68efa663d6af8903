//! Losses that are means over the outputs: value and slope of one output as two formulas, the loops written once.

/// Makes a loss L = 1/n · Σ value(a, y) from the value of one output and its slope ∂value/∂a. One with settings names
/// itself first in both formulas.
macro_rules! mean_loss {
    (
        $(#[$attribute:meta])*
        pub struct $kind:ident;
        value($value_a:ident, $value_y:ident) = $value:expr;
        slope($slope_a:ident, $slope_y:ident) = $slope:expr;
    ) => {
        $crate::setting::settings! { $(#[$attribute])* pub struct $kind; }
        $crate::loss::mean::mean_loss! {
            @make $kind as _loss, ($value_a, $value_y) => $value, ($slope_a, $slope_y) => $slope
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $kind:ident { $($settings:tt)+ }
        value($this:ident, $value_a:ident, $value_y:ident) = $value:expr;
        slope($same:ident, $slope_a:ident, $slope_y:ident) = $slope:expr;
    ) => {
        $crate::setting::settings! { $(#[$attribute])* pub struct $kind { $($settings)+ } }
        $crate::loss::mean::mean_loss! {
            @make $kind as $this, ($value_a, $value_y) => $value, ($slope_a, $slope_y) => $slope
        }
    };
    (
        @make $kind:ident as $this:ident,
        ($value_a:ident, $value_y:ident) => $value:expr,
        ($slope_a:ident, $slope_y:ident) => $slope:expr
    ) => {
        impl $crate::loss::Loss for $kind {
            type Target<V: $crate::Vector> = V;

            #[inline]
            fn value(&self, a: &[f32], y: &[f32]) -> f32 {
                let $this = self;
                let sum = a.iter().zip(y).fold(0.0, |sum, (&$value_a, &$value_y)| sum + $value);
                sum / $crate::loss::mean::count(a.len())
            }

            #[inline]
            fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
                let $this = self;
                let factor = 1.0 / $crate::loss::mean::count(a.len());
                for ((da, &$slope_a), &$slope_y) in da.iter_mut().zip(a).zip(y) {
                    *da = factor * $slope;
                }
            }
        }
    };
}

pub(super) use mean_loss;

/// A number of outputs; one for none, so that nothing divides by zero.
#[expect(clippy::cast_precision_loss, reason = "layers have far fewer than 2²⁴ outputs")]
pub(super) fn count(outputs: usize) -> f32 {
    outputs.max(1) as f32
}
