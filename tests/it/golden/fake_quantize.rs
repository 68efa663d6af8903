//! Fake quantization: values, weights and gradients of PyTorch and TensorFlow.

use nn_core::int8::{FakeQuantization, Quantization, round_weights};
use serde_json::Value;

use super::{cases, numbers};

/// The values of `golden/fake_quantize.py`.
fn reference() -> Value {
    serde_json::from_str(include_str!("../../golden/fake_quantize.json")).unwrap()
}

fn scale(case: &Value) -> f32 {
    numbers(&case["scale"])[0]
}

fn fake(case: &Value) -> FakeQuantization {
    let zero_point = i8::try_from(case["zero_point"].as_i64().unwrap()).unwrap();
    FakeQuantization::of(Quantization::new(scale(case), zero_point).unwrap())
}

/// Values and gradients of a case, to the bit: both are sums of nothing, and scales are powers of two.
fn check(case: &Value) {
    let [x, d, rounded, dx] = ["x", "d", "rounded", "dx"].map(|name| numbers(&case[name]));
    let (mut found, mut gradient) = (x.clone(), d);
    fake(case).forward(&mut found);
    assert_eq!(found, rounded);
    fake(case).backward(&x, &mut gradient);
    assert_eq!(gradient, dx);
    assert!(gradient.contains(&0.0) && gradient.iter().any(|d| *d != 0.0), "values within and beyond the ends");
}

#[test]
fn values_and_gradients_are_those_of_both_peers() {
    let reference = reference();
    cases(&reference, "pytorch_values").iter().for_each(check);
    cases(&reference, "tensorflow_values").iter().for_each(check);
}

#[test]
fn the_gradient_by_the_scale_is_that_of_pytorch() {
    for case in cases(&reference(), "pytorch_values") {
        let [x, d] = ["x", "d"].map(|name| numbers(&case[name]));
        let (found, expected) =
            (fake(case).log_scale_gradient(&x, &d) / scale(case), numbers(&case["scale_gradient"])[0]);
        assert!((found - expected).abs() <= 1e-5 * expected.abs().max(100.0), "{found} {expected}");
    }
}

#[test]
fn weights_a_channel_are_those_of_pytorch() {
    for case in cases(&reference(), "weights") {
        let [w, scales, rounded] = ["w", "scales", "rounded"].map(|name| numbers(&case[name]));
        let (mut found_scales, mut found) = (vec![0.0; scales.len()], vec![0.0; w.len()]);
        let most = u8::try_from(case["most"].as_u64().unwrap()).unwrap();
        round_weights(&w, most, &mut found_scales, &mut found);
        assert_eq!((found_scales, found), (scales, rounded));
    }
}
