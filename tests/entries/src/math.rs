//! Scalar functions.

use nn_core::math;

entries! {
    fn exp(x: f32) -> f32 { math::exp(x) }
    fn sigmoid(x: f32) -> f32 { math::sigmoid(x) }
    fn softplus(x: f32) -> f32 { math::softplus(x) }
    fn sqrt(x: f32) -> f32 { math::sqrt(x) }
    fn tanh(x: f32) -> f32 { math::tanh(x) }
    fn ln(x: f32) -> f32 { math::ln(x) }
    fn erfc(x: f32) -> f32 { math::erfc(x) }
    fn cos(x: f32) -> f32 { math::cos(x) }
    fn round(x: f32) -> f32 { math::round(x) }
    fn pow(base: f32, exponent: f32) -> f32 { math::pow(base, exponent) }
}
