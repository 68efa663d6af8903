//! Losses and their gradients, as in Keras and PyTorch.

use nn_core::activation::{Activation, Softmax};
use nn_core::loss::{AnyLoss, CategoricalCrossentropy, Loss, SparseCategoricalCrossentropy, Weighted};
use serde_json::Value;

use super::{assert_near, cases, keras, kind, numbers, torch};

/// Whether Keras divides the outputs by their sum before this loss.
fn is_divided(loss: AnyLoss) -> bool {
    loss.name().contains("categorical") && loss.name().ends_with("crossentropy") && !loss.is_from_logits()
}

/// Checks value and gradient of a sample. Where the outputs are divided by their sum, so is the gradient.
#[track_caller]
fn check(loss: &impl Loss, what: &str, is_divided: bool, case: &Value) {
    let (mut a, y) = (numbers(&case["a"]), numbers(&case["y"]));
    let sum = if is_divided { a.iter().sum() } else { 1.0 };
    a.iter_mut().for_each(|a| *a /= sum);
    assert_near(&[loss.value(&a, &y)], &numbers(&case["value"]), 2e-6, 1e-7, what);
    let mut da = vec![0.0; a.len()];
    loss.gradient(&a, &y, &mut da);
    if is_divided {
        let mean: f32 = da.iter().zip(&a).map(|(da, a)| da * a).sum();
        da.iter_mut().for_each(|da| *da = (*da - mean) / sum);
    }
    assert_near(&da, &numbers(&case["da"]), 1e-5, 1e-6, what);
}

/// Checks a case that names its loss: the sparse one as its own type, which takes classes.
#[track_caller]
fn check_named(case: &Value, weight: f32, divides: bool) {
    let loss = kind(case, AnyLoss::from_name, AnyLoss::with);
    let divides = divides && is_divided(loss);
    match SparseCategoricalCrossentropy::try_from(loss) {
        Ok(sparse) => check(&Weighted::new(sparse, weight), &loss.to_string(), divides, case),
        Err(loss) => check(&Weighted::new(loss, weight), &loss.to_string(), divides, case),
    }
}

#[test]
fn every_loss_is_keras_loss() {
    let keras = keras();
    // The chapter's quadratic cost is not in Keras; the sparse loss is among those with settings.
    let others = |loss: &&AnyLoss| !["quadratic", "sparse_categorical_crossentropy"].contains(&loss.name());
    for loss in AnyLoss::ALL.iter().filter(others) {
        for case in cases(&keras["losses"], loss.name()) {
            check(loss, loss.name(), is_divided(*loss), case);
        }
    }
}

#[test]
fn every_setting_and_sample_weight_is_that_of_keras() {
    let keras = keras();
    let cases = cases(&keras, "loss_settings");
    for case in cases {
        check_named(case, numbers(&case["weight"])[0], true);
    }
    let weighted = cases.iter().filter(|case| case["weight"] != 1.0).count();
    assert!(weighted >= 5, "{weighted}");
}

#[test]
fn every_setting_of_a_loss_has_two_values_in_the_file() {
    let keras = keras();
    let cases = cases(&keras, "loss_settings");
    for loss in AnyLoss::ALL {
        for name in loss.setting_names() {
            let of_loss = cases.iter().filter(|case| case["name"] == loss.name());
            let mut values: Vec<_> = of_loss.map(|case| &case["settings"][name]).collect();
            values.dedup();
            // Keras smooths no sparse labels; PyTorch does.
            let is_in_keras = loss.name() != "sparse_categorical_crossentropy" || *name != "label_smoothing";
            assert!(values.len() >= 2 || !is_in_keras, "{loss} {name}: {values:?}");
        }
    }
}

#[test]
fn every_loss_that_pytorch_has_is_that_of_pytorch() {
    for case in cases(&torch(), "losses") {
        check_named(case, 1.0, false);
    }
}

#[test]
fn softmax_with_crossentropy_is_keras_loss_from_logits() {
    for case in cases(&keras()["losses"], "fused") {
        let (mut a, y) = (numbers(&case["z"]), numbers(&case["y"]));
        Softmax.forward(&mut a);
        let mut dz = vec![0.0; a.len()];
        assert!(CategoricalCrossentropy.fused_gradient(Softmax.into(), &a, &y, &mut dz));
        // From logits Keras clips nothing; from probabilities both clip at 1e-7.
        if a.iter().all(|a| *a > 1e-7) {
            assert_near(&[CategoricalCrossentropy.value(&a, &y)], &numbers(&case["value"]), 1e-5, 0.0, "value");
        }
        assert_near(&dz, &numbers(&case["dz"]), 1e-5, 1e-7, "dz");
    }
}
