//! The functions of `nn_core::math`, each with the bound that its documentation states.

use nn_core::math;

use super::question::{Scalar, Within};

/// The bound of [`math::pow`].
pub(super) const POW: Within = Within::ulp(1.0);

/// Every function of one number.
pub(super) fn unary() -> Vec<Scalar> {
    vec![
        Scalar::new("exp", each(math::exp), f64::exp, Within::ulp(0.9))
            .at_least(0.0)
            .rising()
            .breaks(&[-104.0, -87.3, 88.7, 89.0]),
        Scalar::new("sigmoid", each(math::sigmoid), sigmoid, Within::either(2.5, 3e-39))
            .within(0.0..=1.0)
            .rising()
            .breaks(&[-88.7, 17.3]),
        Scalar::new("tanh", each(math::tanh), f64::tanh, Within::ulp(1.4))
            .within(-1.0..=1.0)
            .rising()
            .breaks(&[-9.02, -0.625, 0.625, 9.02]),
        Scalar::new("softplus", each(math::softplus), softplus, Within::ulp(1.7))
            .at_least(0.0)
            .breaks(&[-104.0, -0.8814, 0.8814, 16.6]),
        Scalar::new("ln", each(math::ln), f64::ln, Within::ulp(0.9)).nan(below_zero).rising(),
        Scalar::new("sqrt", each(math::sqrt), f64::sqrt, Within::ulp(0.5)).nan(below_zero).rising(),
        Scalar::new("cos", each(math::cos), f64::cos, Within::ulp(0.6)).within(-1.0..=1.0).nan(|x| !x.is_finite()),
        Scalar::new("round", each(math::round), f64::round, Within::ulp(0.5)).rising(),
        Scalar::new("erfc", each(math::erfc), libm::erfc, Within::ulp(3.5)).within(0.0..=2.0),
    ]
}

/// Powers of every number with some exponents, and of some bases with every exponent.
pub(super) fn powers() -> impl Iterator<Item = Scalar> {
    const EXPONENTS: [f32; 12] = [-1e10, -2.5, -2.0, -1.0, -0.5, 0.0, 1e-3, 0.5, 1.0, 2.0, 17.0, f32::INFINITY];
    const BASES: [f32; 12] =
        [f32::NEG_INFINITY, -2.0, -0.5, -0.0, 0.0, 1e-40, 0.1, 0.999_999_9, 1.0, 1.5, 10.0, f32::MAX];
    let with_exponent = |exponent: f32| {
        let power = each(move |x| math::pow(x, exponent));
        let truth = move |x: f64| x.powf(f64::from(exponent));
        Scalar::new(format!("pow(x, {exponent:e})"), power, truth, POW).nan(move |x| power_is_nan(x, exponent))
    };
    let of_base = |base: f32| {
        let power = each(move |x| math::pow(base, x));
        let truth = move |x| f64::from(base).powf(x);
        Scalar::new(format!("pow({base:e}, x)"), power, truth, POW).nan(move |x| power_is_nan(base, x))
    };
    EXPONENTS.into_iter().map(with_exponent).chain(BASES.into_iter().map(of_base))
}

/// A function from one number to another, of each number in place.
fn each(f: impl Fn(f32) -> f32 + Sync) -> impl Fn(&mut [f32]) + Sync {
    move |numbers| numbers.iter_mut().for_each(|x| *x = f(*x))
}

/// Where a root or a logarithm is NaN.
fn below_zero(x: f32) -> bool {
    x.is_nan() || x < 0.0
}

/// Where a power is NaN: for NaN, unless the other one makes it 1 anyway, and for roots of negative numbers.
fn power_is_nan(base: f32, exponent: f32) -> bool {
    let is_one = base == 1.0 || exponent == 0.0;
    let is_root = exponent.is_finite() && exponent.fract() != 0.0;
    !is_one && (base.is_nan() || exponent.is_nan() || (base.is_finite() && base < 0.0 && is_root))
}

pub(super) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// ln(1 + eˣ) without an overflow.
pub(super) fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}
