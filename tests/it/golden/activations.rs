//! Activations and their gradients, as in Keras and PyTorch.

use nn_core::activation::{Activation, AnyActivation};
use serde_json::Value;

use super::{assert_near, cases, keras, kind, numbers, torch};

/// XLA flushes results below this to zero.
const SMALLEST: f32 = 1e-37;

/// PyTorch's Gaussian distribution function is (1 + erf) / 2, which loses digits far below zero; ours does not.
const OF_ERF: f32 = 3e-7;

#[track_caller]
fn check(activation: AnyActivation, case: &Value, absolute: f32) {
    let what = activation.to_string();
    let z = numbers(&case["z"]);
    let mut a = z.clone();
    activation.forward(&mut a);
    assert_near(&a, &numbers(&case["a"]), 1e-6, absolute, &what);
    let mut d = numbers(&case["da"]);
    activation.backward(&z, &a, &mut d);
    let mut expected = numbers(&case["dz"]);
    if activation.name() == "hard_tanh" {
        // At its two corners Keras takes the slope of the inside, which the activations do not show.
        let corners = z.iter().zip(d.iter().zip(&mut expected)).filter(|(z, _)| z.abs() == 1.0);
        corners.for_each(|(_, (d, expected))| *expected = *d);
    }
    assert_near(&d, &expected, 1e-5, 2e-7, &what);
}

fn activation(case: &Value) -> AnyActivation {
    kind(case, AnyActivation::from_name, AnyActivation::with)
}

#[test]
fn every_activation_is_keras_activation() {
    let keras = keras();
    for &activation in AnyActivation::ALL.iter().filter(|activation| activation.is_differentiable()) {
        check(activation, &keras["activations"][activation.name()], SMALLEST);
    }
}

#[test]
fn every_setting_of_an_activation_is_keras_setting() {
    let keras = keras();
    let cases = cases(&keras, "activation_settings");
    cases.iter().for_each(|case| check(activation(case), case, SMALLEST));
    for kind in AnyActivation::ALL.iter().filter(|kind| !kind.setting_names().is_empty()) {
        assert!(cases.iter().filter(|case| case["name"] == kind.name()).count() >= 2, "{kind}");
    }
}

#[test]
fn every_activation_is_that_of_pytorch() {
    let torch = torch();
    let cases = cases(&torch, "activations");
    for case in cases {
        let absolute = if case["name"] == "gelu" { OF_ERF } else { SMALLEST };
        check(activation(case), case, absolute);
    }
    for kind in AnyActivation::ALL.iter().filter(|kind| kind.is_differentiable()) {
        assert!(cases.iter().any(|case| case["name"] == kind.name()), "{kind} is not in the file");
    }
}
