//! The same questions to every loss, with its defaults and with other settings.

use std::vec::Vec;

use super::{AnyLoss, Loss, MeanSquaredError, Quadratic, SparseCategoricalCrossentropy};
use crate::Vector;
use crate::activation::{Activation, AnyActivation, Identity};

const STEP: f32 = 1e-2;

/// Values of each setting besides its default.
const VALUES: [(&str, &[f32]); 6] = [
    ("delta", &[0.25, 2.0]),
    ("alpha", &[0.0, 0.6, 1.0]),
    ("gamma", &[0.0, 0.5, 1.0, 3.0]),
    ("apply_class_balancing", &[1.0]),
    ("from_logits", &[1.0]),
    ("label_smoothing", &[0.1, 1.0]),
];

/// The loss with each other value of one of its settings.
fn with_each_value(loss: AnyLoss) -> impl Iterator<Item = AnyLoss> {
    loss.setting_names().iter().flat_map(move |name| {
        let (_, values) = VALUES.iter().find(|(known, _)| known == name).expect("values for every setting");
        values.iter().map(move |value| loss.with(name, *value).unwrap())
    })
}

/// Every loss with its defaults, with one setting changed, and with two.
fn variants() -> Vec<AnyLoss> {
    let one: Vec<_> = AnyLoss::ALL.iter().copied().flat_map(with_each_value).collect();
    let two = one.iter().copied().flat_map(with_each_value);
    AnyLoss::ALL.iter().copied().chain(one.iter().copied()).chain(two).collect()
}

#[test]
fn settings_are_varied() {
    let variants = variants();
    let logits = variants.iter().filter(|loss| loss.is_from_logits()).count();
    assert!(variants.len() > 100 && logits > 30, "{} of which {logits} from logits", variants.len());
    assert!(variants.iter().any(|loss| std::format!("{loss}") == "huber,delta=0.25"));
}

/// The largest difference of a loss's gradient by the outputs from central differences.
fn gradient_error(loss: &impl Loss) -> f32 {
    let (a, y, mut da) = ([0.2, 0.3, 0.5], [0.1, 0.7, 0.2], [0.0; 3]);
    loss.gradient(&a, &y, &mut da);
    largest_error(&da, |k, step| {
        let mut a = a;
        a[k] += step;
        loss.value(&a, &y)
    })
}

/// The same of its output error after an activation; `None` where a logarithm is too steep for these steps, or not defined.
fn output_error_error(loss: AnyLoss, activation: AnyActivation) -> Option<f32> {
    let (z, y, mut dz) = ([-0.4, 0.3, 0.9], [0.1, 0.7, 0.2], [0.0; 3]);
    let mut a = z;
    activation.forward(&mut a);
    let of_probabilities = ["crossentropy", "kl_", "poisson"].iter().any(|part| loss.name().contains(part));
    if of_probabilities && !loss.is_from_logits() && a.iter().any(|a| !(0.1..0.9).contains(a)) {
        return None;
    }
    loss.output_error(activation, &z, &a, &y, &mut dz);
    Some(largest_error(&dz, |k, step| {
        let mut a = z;
        a[k] += step;
        activation.forward(&mut a);
        loss.value(&a, &y)
    }))
}

/// The largest difference of a gradient from central differences of the value, which is given for a step of one number.
fn largest_error(gradient: &[f32], value: impl Fn(usize, f32) -> f32) -> f32 {
    let difference = |k| (value(k, STEP) - value(k, -STEP)) / (2.0 * STEP);
    let errors = gradient.iter().enumerate().map(|(k, gradient)| (gradient - difference(k)).abs());
    errors.fold(0.0, |largest, error| if error <= largest { largest } else { error })
}

#[test]
fn every_gradient_is_the_limit_of_differences() {
    for loss in variants() {
        let error = gradient_error(&loss);
        assert!(error < 5e-3, "{loss}: {error}");
    }
}

#[test]
fn every_output_error_is_the_limit_of_differences() {
    let mut checked = 0;
    for loss in variants() {
        for &activation in AnyActivation::ALL.iter().filter(|activation| activation.is_differentiable()) {
            let Some(error) = output_error_error(loss, activation) else { continue };
            assert!(error < 2e-3, "{loss}, {activation}: {error}");
            checked += 1;
        }
    }
    assert!(checked > 1000, "{checked}");
}

/// The planted bug of the two sweeps: the gradient of the mean, 1/3, for the value of the sum, 1/2.
struct Wrong;

impl Loss for Wrong {
    type Target<V: Vector> = V;

    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        Quadratic.value(a, y)
    }

    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        MeanSquaredError.gradient(a, y, da);
    }
}

#[test]
fn a_wrong_gradient_is_found() {
    assert!(gradient_error(&Wrong) > 5e-3);
}

#[test]
fn a_perfect_answer_costs_nothing() {
    let y = [0.0, 1.0];
    // A Poisson loss has its minimum at y − y ln y, a hinge where the answer is certain enough.
    let others = |loss: &&AnyLoss| !["poisson", "hinge", "squared_hinge"].contains(&loss.name());
    for loss in AnyLoss::ALL.iter().filter(others) {
        assert!(loss.value(&y, &y).abs() < 1e-6, "{loss}");
    }
    for loss in variants().iter().filter(|loss| loss.is_from_logits() && loss.setting("label_smoothing") == Some(0.0)) {
        assert_eq!(loss.value(&[-200.0, 200.0], &y), 0.0, "{loss}");
    }
}

#[test]
fn the_worst_answer_has_a_finite_loss_and_gradient() {
    for loss in variants() {
        let far = if loss.is_from_logits() { 80.0 } else { 1.0 };
        for (a, y) in [([0.0, far], [1.0, 0.0]), ([far, 0.0], [1.0, 0.0]), ([0.0, far], [0.5, 0.5])] {
            let mut da = [f32::NAN; 2];
            loss.gradient(&a, &y, &mut da);
            assert!(loss.value(&a, &y).is_finite() && da.iter().all(|da| da.is_finite()), "{loss}: {a:?} {y:?} {da:?}");
            for activation in AnyActivation::ALL.iter().filter(|activation| activation.is_differentiable()) {
                let mut dz = [f32::NAN; 2];
                loss.output_error(*activation, &[-1.0, 1.0], &a, &y, &mut dz);
                assert!(dz.iter().all(|dz| dz.is_finite()), "{loss}, {activation}: {a:?} {y:?} {dz:?}");
            }
        }
    }
}

#[test]
fn nan_shows() {
    for loss in variants().iter().filter(|loss| loss.setting("alpha") != Some(0.0)) {
        let mut dz = [0.0; 2];
        loss.output_error(Identity.into(), &[], &[f32::NAN, 0.5], &[0.25, 0.75], &mut dz);
        let of_gradient = dz[0].is_nan() || ["hinge", "categorical_hinge"].contains(&loss.name());
        assert!(loss.value(&[f32::NAN, 0.5], &[0.25, 0.75]).is_nan() && of_gradient, "{loss}: {dz:?}");
    }
}

#[test]
fn nothing_has_a_finite_loss() {
    for loss in variants() {
        assert!(loss.value(&[], &[]).is_finite(), "{loss}");
        loss.gradient(&[], &[], &mut []);
        loss.output_error(Identity.into(), &[], &[], &[], &mut []);
    }
}

#[test]
fn tags_and_names_lead_back_to_the_same_kind() {
    for &kind in AnyLoss::ALL {
        assert_eq!(AnyLoss::from_tag(kind.tag()), Some(kind));
        assert_eq!(AnyLoss::from_name(kind.name()), Some(kind));
    }
}

#[test]
fn the_sparse_loss_takes_vectors_where_it_is_chosen_at_run_time() {
    let sparse = AnyLoss::from(SparseCategoricalCrossentropy);
    assert_eq!(sparse.value(&[0.25, 0.75], &[0.0, 1.0]), SparseCategoricalCrossentropy.value(&[0.25, 0.75], &[1.0]));
}
