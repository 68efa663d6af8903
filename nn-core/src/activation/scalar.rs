//! Activations of one number at a time: value and slope as two formulas, the loops over layers written once.

/// Makes an activation from the value a = f(z) and its slope ∂a/∂z, a formula of the `output` a where that is enough, so
/// that training keeps nothing else, or of the `input` z. One with settings names itself first in both formulas.
macro_rules! scalar {
    (
        $(#[$attribute:meta])*
        pub struct $kind:ident;
        value($value_z:ident) = $value:expr;
        slope(output $slope_a:ident) = $slope:expr;
    ) => {
        $crate::setting::settings! { $(#[$attribute])* pub struct $kind; }
        $crate::activation::scalar::scalar! {
            @make $kind as _kind, 0, $value_z => $value, (_z, a) of a: $slope_a => $slope
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $kind:ident;
        value($value_z:ident) = $value:expr;
        slope(input $slope_z:ident) = $slope:expr;
    ) => {
        $crate::setting::settings! { $(#[$attribute])* pub struct $kind; }
        $crate::activation::scalar::scalar! {
            @make $kind as _kind, OUT, $value_z => $value, (z, _a) of z: $slope_z => $slope
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $kind:ident { $($settings:tt)+ }
        value($this:ident, $value_z:ident) = $value:expr;
        slope($same:ident, output $slope_a:ident) = $slope:expr;
    ) => {
        $crate::setting::settings! { $(#[$attribute])* pub struct $kind { $($settings)+ } }
        $crate::activation::scalar::scalar! {
            @make $kind as $this, 0, $value_z => $value, (_z, a) of a: $slope_a => $slope
        }
    };
    (
        @make $kind:ident as $this:ident, $kept:tt, $value_z:ident => $value:expr,
        ($z:ident, $a:ident) of $source:ident: $slope_x:ident => $slope:expr
    ) => {
        impl $crate::activation::Kind for $kind {
            const DEFAULT: Self = Self::DEFAULT;

            type PreActivation<const OUT: usize> = [f32; $kept];
        }

        impl $crate::activation::Differentiable for $kind {}

        impl $crate::activation::Activation for $kind {
            #[inline]
            fn forward(&self, z: &mut [f32]) {
                let $this = self;
                for z in z {
                    let $value_z = *z;
                    *z = $value;
                }
            }

            #[inline]
            fn backward(&self, $z: &[f32], $a: &[f32], d: &mut [f32]) {
                let $this = self;
                for (d, &$slope_x) in d.iter_mut().zip($source) {
                    *d *= $slope;
                }
            }
        }
    };
}

pub(super) use scalar;
