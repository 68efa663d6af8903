//! The activations of one number, value and slope, each with the bounds that MATHS.md states.

use core::f64::consts::{FRAC_1_SQRT_2, TAU};

use nn_core::activation::{Activation, AnyActivation};

use super::functions::{sigmoid, softplus};
use super::question::{Scalar, Within};

/// λ and α of the paper on SELU.
const SCALE: f64 = 1.050_700_987_355_480_5;
const ALPHA: f64 = 1.673_263_242_354_377_2;

/// The slope of leaky ReLU below 0, as it is set.
const LEAK: f64 = 0.2_f32 as f64;

/// Every activation of one number: its value and its slope.
pub(super) fn all() -> impl Iterator<Item = [Scalar; 2]> {
    AnyActivation::ALL.iter().filter_map(|&kind| Some([value(kind)?, slope(kind)?]))
}

/// a = f(z); `None` for an activation of whole vectors.
fn value(kind: AnyActivation) -> Option<Scalar> {
    let ask = |truth: fn(f64) -> f64, within| Scalar::new(kind.name(), move |z| kind.forward(z), truth, within);
    Some(match kind {
        AnyActivation::Softmax(_) | AnyActivation::LogSoftmax(_) => return None,
        AnyActivation::Identity(_) => ask(|z| z, Within::EXACT).rising(),
        AnyActivation::Relu(_) => ask(|z| z.max(0.0), Within::EXACT).at_least(0.0).rising(),
        AnyActivation::LeakyRelu(_) => ask(|z| z.max(LEAK * z), Within::ulp(0.5)).rising(),
        AnyActivation::Relu6(_) => ask(|z| z.clamp(0.0, 6.0), Within::EXACT).rising().breaks(&[6.0]),
        AnyActivation::HardTanh(_) => ask(|z| z.clamp(-1.0, 1.0), Within::EXACT).rising(),
        AnyActivation::HardSigmoid(_) => ask(hard_sigmoid, Within::absolute(4e-8)).rising().breaks(&[-3.0, 3.0]),
        AnyActivation::HardSilu(_) => {
            ask(|z| z * hard_sigmoid(z), Within::either(2.0, 4e-8)).nan(below_all).breaks(&[-3.0, 3.0])
        }
        AnyActivation::Perceptron(_) => ask(step, Within::EXACT).nan(never).rising(),
        AnyActivation::Sigmoid(_) => ask(sigmoid, Within::either(2.5, 3e-39)).within(0.0..=1.0).rising(),
        AnyActivation::Tanh(_) => ask(f64::tanh, Within::ulp(1.4)).within(-1.0..=1.0).rising(),
        AnyActivation::Softplus(_) => ask(softplus, Within::ulp(1.7)).at_least(0.0),
        AnyActivation::Softsign(_) => ask(|z| z / (1.0 + z.abs()), Within::ulp(1.5)).within(-1.0..=1.0).nan(not_finite),
        AnyActivation::Exponential(_) => ask(f64::exp, Within::ulp(0.9)).at_least(0.0).rising(),
        AnyActivation::Elu(_) => {
            ask(|z| z.max(0.0) + z.min(0.0).exp_m1(), Within::absolute(6e-8)).at_least(-1.0).rising()
        }
        AnyActivation::Selu(_) => {
            ask(|z| SCALE * (z.max(0.0) + ALPHA * z.min(0.0).exp_m1()), Within::either(1.5, 2e-7)).rising()
        }
        AnyActivation::Gelu(_) => ask(|z| z * normal(z), Within::either(3.0, 4e-8)).nan(below_all),
        AnyActivation::Silu(_) => ask(|z| z * sigmoid(z), Within::either(3.0, 3e-37)).nan(below_all),
        AnyActivation::Mish(_) => ask(|z| z * softplus(z).tanh(), Within::either(4.0, 1e-43)).nan(below_all),
    })
}

/// ∂a/∂z; `None` for an activation of whole vectors. Where a is rounded, the slope may be that of the rounded a.
fn slope(kind: AnyActivation) -> Option<Scalar> {
    let name = format!("slope of {kind}");
    let ask = |truth: fn(f64) -> f64, within| Scalar::new(name, move |z| slopes(kind, z), truth, within);
    Some(match kind {
        AnyActivation::Softmax(_) | AnyActivation::LogSoftmax(_) => return None,
        AnyActivation::Identity(_) => ask(|_| 1.0, Within::EXACT).nan(never),
        AnyActivation::Relu(_) => ask(step, Within::EXACT).nan(never),
        AnyActivation::LeakyRelu(_) => {
            ask(|z| if rounded(LEAK * z) < 0.0 || z.is_nan() { LEAK } else { 1.0 }, Within::EXACT).nan(never)
        }
        AnyActivation::Relu6(_) => ask(|z| inside(z, 0.0, 6.0), Within::EXACT).nan(never).breaks(&[6.0]),
        AnyActivation::HardTanh(_) => ask(|z| inside(z, -1.0, 1.0), Within::EXACT).nan(never),
        AnyActivation::HardSigmoid(_) => {
            let truth = |z| inside(rounded(z / 6.0) + 0.5, 0.0, rounded(1.0 - 3e-8)) / 6.0;
            ask(truth, Within::ulp(0.5)).nan(never).breaks(&[-3.0, 3.0])
        }
        AnyActivation::HardSilu(_) => {
            ask(|z| if z.abs() < 3.0 { z / 3.0 + 0.5 } else { step(z) }, Within::absolute(8e-8)).breaks(&[-3.0, 3.0])
        }
        AnyActivation::Perceptron(_) => ask(|_| 0.0, Within::EXACT).nan(never),
        AnyActivation::Sigmoid(_) => ask(|z| sigmoid(z) * sigmoid(-z), Within::absolute(9e-8)).within(0.0..=0.25),
        AnyActivation::Tanh(_) => ask(|z| z.cosh().powi(-2), Within::absolute(1.5e-7)).within(0.0..=1.0),
        AnyActivation::Softplus(_) => ask(sigmoid, Within::either(2.5, 3e-39)).within(0.0..=1.0).rising(),
        AnyActivation::Softsign(_) => {
            ask(|z| (1.0 + z.abs()).powi(-2), Within::absolute(1.2e-7)).within(0.0..=1.0).nan(not_finite)
        }
        AnyActivation::Exponential(_) => ask(f64::exp, Within::ulp(0.9)).at_least(0.0).rising(),
        AnyActivation::Elu(_) => ask(|z| z.min(0.0).exp(), Within::absolute(6e-8)).within(0.0..=1.0).rising(),
        AnyActivation::Selu(_) => {
            ask(|z| SCALE * if z > 0.0 { 1.0 } else { ALPHA * z.exp() }, Within::absolute(2e-7)).at_least(0.0)
        }
        AnyActivation::Gelu(_) => ask(|z| normal(z) + z * density(z), Within::absolute(1.5e-7)).nan(not_finite),
        AnyActivation::Silu(_) => ask(|z| sigmoid(z) * (1.0 + z * sigmoid(-z)), Within::absolute(1e-6)).nan(not_finite),
        AnyActivation::Mish(_) => ask(mish_slope, Within::absolute(6e-7)).nan(not_finite),
    })
}

/// ∂a/∂z of each number z, in place.
fn slopes(kind: AnyActivation, d: &mut [f32]) {
    let z = d.to_vec();
    let mut a = z.clone();
    kind.forward(&mut a);
    d.fill(1.0);
    kind.backward(&z, &a, d);
}

fn never(_: f32) -> bool {
    false
}

fn below_all(z: f32) -> bool {
    z.is_nan() || z == f32::NEG_INFINITY
}

fn not_finite(z: f32) -> bool {
    !z.is_finite()
}

#[expect(clippy::cast_possible_truncation, reason = "that is what it does")]
fn rounded(x: f64) -> f64 {
    f64::from(x as f32)
}

fn step(z: f64) -> f64 {
    f64::from(u8::from(z > 0.0))
}

/// 1 between the two, 0 elsewhere.
fn inside(z: f64, least: f64, most: f64) -> f64 {
    f64::from(u8::from(z > least && z < most))
}

fn hard_sigmoid(z: f64) -> f64 {
    (z / 6.0 + 0.5).clamp(0.0, 1.0)
}

/// The normal distribution.
fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// The normal density.
fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / TAU.sqrt()
}

/// t + z · (1 − t²) · σ(z)
fn mish_slope(z: f64) -> f64 {
    let t = softplus(z).tanh();
    t + z * (1.0 - t * t) * sigmoid(z)
}
