//! Activations of one number at a time: value and slope as two formulas, the loops over layers written once.

/// Makes an activation from the value a = f(z) and its slope ∂a/∂z, a formula of the `output` a where that is enough, so
/// that training keeps nothing else, or of the `input` z.
macro_rules! scalar {
    (
        $(#[$attribute:meta])*
        pub struct $kind:ident;
        value($value_z:ident) = $value:expr;
        slope(output $slope_a:ident) = $slope:expr;
    ) => {
        $crate::activation::scalar::scalar! { @kind $(#[$attribute])* $kind 0 }

        impl $crate::activation::Activation for $kind {
            #[inline]
            fn forward(&self, z: &mut [f32]) {
                for z in z {
                    let $value_z = *z;
                    *z = $value;
                }
            }

            #[inline]
            fn backward(&self, _z: &[f32], a: &[f32], d: &mut [f32]) {
                for (d, &$slope_a) in d.iter_mut().zip(a) {
                    *d *= $slope;
                }
            }
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $kind:ident;
        value($value_z:ident) = $value:expr;
        slope(input $slope_z:ident) = $slope:expr;
    ) => {
        $crate::activation::scalar::scalar! { @kind $(#[$attribute])* $kind OUT }

        impl $crate::activation::Activation for $kind {
            #[inline]
            fn forward(&self, z: &mut [f32]) {
                for z in z {
                    let $value_z = *z;
                    *z = $value;
                }
            }

            #[inline]
            fn backward(&self, z: &[f32], _a: &[f32], d: &mut [f32]) {
                for (d, &$slope_z) in d.iter_mut().zip(z) {
                    *d *= $slope;
                }
            }
        }
    };
    (@kind $(#[$attribute:meta])* $kind:ident $kept:tt) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $kind;

        impl $kind {
            pub(super) const DEFAULT: Self = Self;
        }

        impl $crate::activation::Kind for $kind {
            type PreActivation<const OUT: usize> = [f32; $kept];
        }

        impl $crate::activation::Differentiable for $kind {}
    };
}

pub(super) use scalar;
