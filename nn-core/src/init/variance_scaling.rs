//! Initializers whose variance follows from the number of inputs and outputs: Glorot (2010), He (2015), LeCun (1998), each
//! uniform in [−√(3v), √(3v)) or normal with variance v, cut off at two standard deviations.

use super::truncated_normal;
use crate::math;
use crate::random::Stream;

/// The standard deviation of a normal distribution cut off at ±2, by which Keras divides.
const TRUNCATED_DEVIATION: f32 = 0.879_625_6;

/// A number of inputs or outputs.
#[expect(clippy::cast_precision_loss, reason = "layers have far fewer than 2²⁴ units")]
fn count(fan: usize) -> f32 {
    fan.max(1) as f32
}

/// Glorot's variance, 2 / (fan_in + fan_out).
fn glorot(fan_in: usize, fan_out: usize) -> f32 {
    2.0 / count(fan_in.saturating_add(fan_out))
}

/// He's variance, 2 / fan_in.
fn he(fan_in: usize) -> f32 {
    2.0 / count(fan_in)
}

/// LeCun's variance, 1 / fan_in.
fn lecun(fan_in: usize) -> f32 {
    1.0 / count(fan_in)
}

/// Uniform with this variance.
fn uniform(variance: f32, stream: &mut Stream, w: &mut [f32]) {
    let limit = math::sqrt(3.0 * variance);
    w.fill_with(|| (2.0 * stream.uniform() - 1.0) * limit);
}

/// Normal with this variance, cut off at two standard deviations.
fn normal(variance: f32, stream: &mut Stream, w: &mut [f32]) {
    let deviation = math::sqrt(variance) / TRUNCATED_DEVIATION;
    w.fill_with(|| deviation * truncated_normal(stream));
}

initializer! {
    /// Uniform with variance 2 / (fan_in + fan_out), within ±√(6 / (fan_in + fan_out)); Keras' default for dense layers.
    GlorotUniform: |fan_in, fan_out, stream, w| uniform(glorot(fan_in, fan_out), stream, w)
}

initializer! {
    /// Normal with variance 2 / (fan_in + fan_out).
    GlorotNormal: |fan_in, fan_out, stream, w| normal(glorot(fan_in, fan_out), stream, w)
}

initializer! {
    /// Uniform with variance 2 / fan_in; for ReLU and its kin.
    HeUniform: |fan_in, _fan_out, stream, w| uniform(he(fan_in), stream, w)
}

initializer! {
    /// Normal with variance 2 / fan_in; for ReLU and its kin.
    HeNormal: |fan_in, _fan_out, stream, w| normal(he(fan_in), stream, w)
}

initializer! {
    /// Uniform with variance 1 / fan_in; for SELU.
    LecunUniform: |fan_in, _fan_out, stream, w| uniform(lecun(fan_in), stream, w)
}

initializer! {
    /// Normal with variance 1 / fan_in; for SELU.
    LecunNormal: |fan_in, _fan_out, stream, w| normal(lecun(fan_in), stream, w)
}
