//! Initializers that do not look at the layer's size: zeros, ones, uniform, normal, truncated normal; and identity.

use super::{Initializer, normal, truncated_normal};
use crate::random::Stream;

/// Half the range of Keras' uniform initializer, and the standard deviation of its normal ones.
const SMALL: f32 = 0.05;

/// Makes an initializer from one weight's value.
macro_rules! plain {
    ($(#[$attribute:meta])* $kind:ident: |$stream:ident| $value:expr) => {
        $(#[$attribute])*
        #[doc = concat!(
            "\n```\nuse nn_core::init::{", stringify!($kind), ", Initializer};\n",
            "use nn_core::random::{Purpose, Stream};\n",
            "let mut w = [9.0; 6];\n",
            stringify!($kind), ".fill(2, 3, &mut Stream::new(0, Purpose::Initialize { layer: 0 }, 0, 0), &mut w);\n",
            "assert!(w.iter().all(|w| w.abs() < 3.0));\n```"
        )]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $kind;

        impl $kind {
            pub(super) const DEFAULT: Self = Self;
        }

        impl Initializer for $kind {
            fn fill(&self, _fan_in: usize, _fan_out: usize, $stream: &mut Stream, w: &mut [f32]) {
                for w in w {
                    *w = $value;
                }
            }
        }
    };
}

plain! {
    /// All weights 0.
    Zeros: |_stream| 0.0
}

plain! {
    /// All weights 1.
    Ones: |_stream| 1.0
}

plain! {
    /// Uniform in [−0.05, 0.05).
    RandomUniform: |stream| (2.0 * stream.uniform() - 1.0) * SMALL
}

plain! {
    /// Normal with mean 0 and standard deviation 0.05.
    RandomNormal: |stream| SMALL * normal(stream)
}

plain! {
    /// Normal with mean 0 and standard deviation 0.05, cut off at ±0.1.
    TruncatedNormal: |stream| SMALL * truncated_normal(stream)
}

/// 1 where input and output have the same number, else 0.
///
/// ```
/// use nn_core::init::{IdentityMatrix, Initializer};
/// use nn_core::random::{Purpose, Stream};
///
/// let mut w = [9.0; 6];
/// IdentityMatrix.fill(2, 3, &mut Stream::new(0, Purpose::Initialize { layer: 0 }, 0, 0), &mut w);
/// assert_eq!(w, [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IdentityMatrix;

impl IdentityMatrix {
    pub(super) const DEFAULT: Self = Self;
}

impl Initializer for IdentityMatrix {
    fn fill(&self, _fan_in: usize, fan_out: usize, _stream: &mut Stream, w: &mut [f32]) {
        w.fill(0.0);
        for (k, row) in w.chunks_exact_mut(fan_out.max(1)).enumerate() {
            if let Some(diagonal) = row.get_mut(k) {
                *diagonal = 1.0;
            }
        }
    }
}
