//! Initializers whose variance follows from the number of inputs and outputs: Glorot (2010), He (2015), LeCun (1998), each
//! uniform in [−√(3v), √(3v)) or normal with variance v, cut off at two standard deviations.

use super::{Initializer, truncated_normal};
use crate::math;
use crate::random::Stream;

/// The standard deviation of a normal distribution cut off at ±2, by which Keras divides.
const TRUNCATED_DEVIATION: f32 = 0.879_625_6;

/// A number of inputs or outputs.
#[expect(clippy::cast_precision_loss, reason = "layers have far fewer than 2²⁴ units")]
fn count(fan: usize) -> f32 {
    fan.max(1) as f32
}

/// Makes an initializer with variance v = `numerator` / `fan`.
macro_rules! variance_scaling {
    (
        $(#[$attribute:meta])*
        $kind:ident: $distribution:ident, $numerator:literal / ($fan_in:ident, $fan_out:ident) -> $fan:expr
    ) => {
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
            fn fill(&self, $fan_in: usize, $fan_out: usize, stream: &mut Stream, w: &mut [f32]) {
                $distribution($numerator / $fan, stream, w);
            }
        }
    };
}

/// Uniform with this variance.
fn uniform(variance: f32, stream: &mut Stream, w: &mut [f32]) {
    let limit = math::sqrt(3.0 * variance);
    for w in w {
        *w = (2.0 * stream.uniform() - 1.0) * limit;
    }
}

/// Normal with this variance, cut off at two standard deviations.
fn normal(variance: f32, stream: &mut Stream, w: &mut [f32]) {
    let deviation = math::sqrt(variance) / TRUNCATED_DEVIATION;
    for w in w {
        *w = deviation * truncated_normal(stream);
    }
}

variance_scaling! {
    /// Uniform with variance 2 / (fan_in + fan_out), within ±√(6 / (fan_in + fan_out)); Keras' default for dense layers.
    GlorotUniform: uniform, 2.0 / (fan_in, fan_out) -> count(fan_in.saturating_add(fan_out))
}

variance_scaling! {
    /// Normal with variance 2 / (fan_in + fan_out).
    GlorotNormal: normal, 2.0 / (fan_in, fan_out) -> count(fan_in.saturating_add(fan_out))
}

variance_scaling! {
    /// Uniform with variance 2 / fan_in; for ReLU and its kin.
    HeUniform: uniform, 2.0 / (fan_in, _fan_out) -> count(fan_in)
}

variance_scaling! {
    /// Normal with variance 2 / fan_in; for ReLU and its kin.
    HeNormal: normal, 2.0 / (fan_in, _fan_out) -> count(fan_in)
}

variance_scaling! {
    /// Uniform with variance 1 / fan_in; for SELU.
    LecunUniform: uniform, 1.0 / (fan_in, _fan_out) -> count(fan_in)
}

variance_scaling! {
    /// Normal with variance 1 / fan_in; for SELU.
    LecunNormal: normal, 1.0 / (fan_in, _fan_out) -> count(fan_in)
}
