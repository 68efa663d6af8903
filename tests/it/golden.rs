//! Values from Keras, made by `golden/reference.py`.

/// Clipping, weight decay, penalties.
mod adjusted;

use nn_core::Zero;
use nn_core::activation::{Activation, AnyActivation, Relu, Sigmoid, Softmax};
use nn_core::layer::{Chain, Dense, Layer};
use nn_core::loss::{AnyLoss, CategoricalCrossentropy, Loss};
use nn_core::optimizer::{AnyOptimizer, Rule, RuleVisitor};
use nn_core::train::{BatchTrainer, Occasion};
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("../golden/reference.json")).unwrap()
}

/// The numbers of a list, or of a list of lists.
fn numbers(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        #[expect(clippy::cast_possible_truncation, reason = "the file holds f32 values")]
        value => vec![value.as_f64().unwrap() as f32],
    }
}

#[track_caller]
fn assert_near(found: &[f32], expected: &[f32], relative: f32, absolute: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        let error = (found - expected).abs();
        assert!(error <= relative * expected.abs() + absolute, "{what}: {found} against Keras' {expected}");
    }
}

#[test]
fn every_activation_is_keras_activation() {
    let reference = reference();
    for activation in AnyActivation::ALL.iter().filter(|activation| activation.is_differentiable()) {
        let case = &reference["activations"][activation.name()];
        let z = numbers(&case["z"]);
        let mut a = z.clone();
        activation.forward(&mut a);
        // XLA flushes results below 1e-37 to zero.
        assert_near(&a, &numbers(&case["a"]), 1e-6, 1e-37, activation.name());
        let mut d = numbers(&case["da"]);
        activation.backward(&z, &a, &mut d);
        let mut expected = numbers(&case["dz"]);
        if activation.name() == "hard_tanh" {
            // At its two corners Keras takes the slope of the inside, which the activations do not show.
            let corners = z.iter().zip(d.iter().zip(&mut expected)).filter(|(z, _)| z.abs() == 1.0);
            corners.for_each(|(_, (d, expected))| *expected = *d);
        }
        assert_near(&d, &expected, 1e-5, 2e-7, activation.name());
    }
}

#[test]
fn every_loss_is_keras_loss() {
    let reference = reference();
    // The chapter's quadratic cost is not in Keras.
    for loss in AnyLoss::ALL.iter().filter(|loss| loss.name() != "quadratic") {
        let is_of_distributions = loss.name().starts_with("categorical") && loss.name().ends_with("crossentropy");
        for case in reference["losses"][loss.name()].as_array().unwrap() {
            let (mut a, y) = (numbers(&case["a"]), numbers(&case["y"]));
            let sum = if is_of_distributions { a.iter().sum() } else { 1.0 };
            a.iter_mut().for_each(|a| *a /= sum); // as Keras does first for these
            assert_near(&[loss.value(&a, &y)], &numbers(&case["value"]), 2e-6, 1e-7, loss.name());
            let mut da = vec![0.0; a.len()];
            loss.gradient(&a, &y, &mut da);
            if is_of_distributions {
                // The division is part of Keras' gradient.
                let mean: f32 = da.iter().zip(&a).map(|(da, a)| da * a).sum();
                da.iter_mut().for_each(|da| *da = (*da - mean) / sum);
            }
            assert_near(&da, &numbers(&case["da"]), 1e-5, 1e-6, loss.name());
        }
    }
}

#[test]
fn softmax_with_crossentropy_is_keras_loss_from_logits() {
    for case in reference()["losses"]["fused"].as_array().unwrap() {
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

/// The optimizer with the settings of a case.
fn optimizer(name: &Value, settings: &Value) -> AnyOptimizer {
    let optimizer = AnyOptimizer::from_name(name.as_str().unwrap()).unwrap();
    let settings = settings.as_object().unwrap();
    // What makes it another rule comes first: that keeps the settings which both have.
    let (kind, settings): (Vec<_>, Vec<_>) =
        settings.iter().partition(|(name, _)| ["momentum", "nesterov", "amsgrad"].contains(&name.as_str()));
    let settings = kind.into_iter().chain(settings);
    settings.fold(optimizer, |optimizer, (name, value)| optimizer.with(name, numbers(value)[0]).unwrap())
}

/// Ten steps of the rule it visits.
struct TenSteps<'a>(&'a Value);

impl RuleVisitor for TenSteps<'_> {
    type Output = ();

    fn visit<R: Rule>(self, rule: R) {
        let mut w = numbers(&self.0["w0"]);
        let mut slots = vec![R::Slot::ZERO; w.len()];
        let steps = self.0["gradients"].as_array().unwrap().iter().zip(self.0["w"].as_array().unwrap());
        for ((gradients, expected), t) in steps.zip(1..) {
            let factor = rule.error_factor(t).unwrap_or(1.0);
            let g: Vec<f32> = numbers(gradients).iter().map(|g| g * factor).collect();
            R::update(rule.step(t), 1.0, &g, &mut slots, &mut w);
            assert_near(&w, &numbers(expected), 2e-6, 3e-7, &format!("{rule:?} step {t}"));
        }
    }
}

#[test]
fn every_optimizer_takes_keras_steps() {
    for case in reference()["optimizers"].as_array().unwrap() {
        optimizer(&case["name"], &case["settings"]).visit(TenSteps(case));
    }
}

type Network = Chain<Chain<Dense<6, 5, Relu>, Dense<5, 4, Sigmoid>>, Dense<4, 3, Softmax>>;

/// Trains as the reference did and compares weights, losses and predictions.
struct Train<'a> {
    training: &'a Value,
    run: &'a Value,
}

/// A dense layer of the reference.
fn dense<const IN: usize, const OUT: usize, A>(layer: &Value, activation: A) -> Dense<IN, OUT, A> {
    let kernel = numbers(&layer["kernel"]).as_chunks::<OUT>().0.try_into().unwrap();
    Dense::new(kernel, numbers(&layer["bias"]).try_into().unwrap(), activation)
}

fn network(layers: &Value) -> Network {
    dense(&layers[0], Relu).then(dense(&layers[1], Sigmoid)).then(dense(&layers[2], Softmax))
}

fn weights(network: &Network) -> Vec<f32> {
    let (first, second, third) = (network.first().first(), network.first().second(), network.second());
    let first = [first.kernel().as_flattened(), first.bias()].concat();
    let second = [second.kernel().as_flattened(), second.bias()].concat();
    [first, second, third.kernel().as_flattened().to_vec(), third.bias().to_vec()].concat()
}

impl RuleVisitor for Train<'_> {
    type Output = ();

    fn visit<R: Rule>(self, rule: R) {
        let x: Vec<[f32; 6]> = numbers(&self.training["x"]).as_chunks().0.to_vec();
        let classes = numbers(&self.training["classes"]);
        let mut trainer = BatchTrainer::new(network(&self.training["layers"]), CategoricalCrossentropy, rule);
        for loss in numbers(&self.run["loss_per_epoch"]) {
            let mut sum = 0.0;
            for (place, (x, class)) in x.iter().zip(&classes).enumerate() {
                let y = [0.0, 1.0, 2.0].map(|of| f32::from(u8::from(of == *class)));
                sum += trainer.accumulate(x, &y, Occasion::FIRST);
                if place % 8 == 7 {
                    trainer.apply();
                }
            }
            assert_near(&[sum / 32.0], &[loss], 1e-6, 0.0, "loss of an epoch");
        }
        let expected = weights(&network(&self.run["layers"]));
        assert_near(&weights(trainer.network()), &expected, 0.0, 5e-6, &format!("weights by {rule:?}"));
        let predictions: Vec<f32> = x.iter().flat_map(|x| trainer.network().predict(x)).collect();
        assert_near(&predictions, &numbers(&self.run["predictions"]), 0.0, 2e-6, "predictions");
    }
}

#[test]
fn a_whole_training_ends_where_keras_ends() {
    let reference = reference();
    let training = &reference["training"];
    for run in training["runs"].as_array().unwrap() {
        optimizer(&run["optimizer"], &run["settings"]).visit(Train { training, run });
    }
}
