//! Optimizers with clipping, weight decay and penalties, as in Keras.

use nn_core::Zero;
use nn_core::loss::CategoricalCrossentropy;
use nn_core::optimizer::{
    Adam, Adjust, AnyAdjustment, AnyOptimizer, Memory, Optimizer, Penalty, Row, Sgd, Tensor, Weights,
};
use nn_core::train::{BatchTrainer, Occasion};
use serde_json::Value;

use super::optimizers::optimizer;
use super::typed_training::{Network, network, weights};
use super::{assert_near, keras, numbers};

/// A kernel of three rows, and a bias as a fourth.
type Rows = [[f32; 2]; 4];

fn rows(tensors: &Value) -> Rows {
    let values = [numbers(&tensors["kernel"]), numbers(&tensors["bias"])].concat();
    values.as_chunks().0.try_into().unwrap()
}

/// The penalty of a case for a tensor; none if it has none.
fn penalty(case: &Value, tensor: &str) -> Penalty {
    let strength = |name| case["penalty"][tensor].get(name).map_or(0.0, |value| numbers(value)[0]);
    Penalty::l1_l2(strength("l1"), strength("l2")).unwrap()
}

/// Ten steps of an optimizer, each as a trainer makes it.
fn check<O: Optimizer>(optimizer: O, case: &Value) {
    let (mut w, mut memory) = (rows(&case["w0"]), [Memory::<O, 2>::ZERO; 4]);
    let steps = case["gradients"].as_array().unwrap().iter().zip(case["w"].as_array().unwrap());
    for ((gradients, expected), t) in steps.zip(1..) {
        let factor = optimizer.error_factor(t).unwrap_or(1.0);
        let mut g = rows(gradients).map(|row| row.map(|g| g * factor));
        let mut step = optimizer.begin_step(t);
        for pass in 0..O::PREPARATIONS {
            for (tensor, rows) in [(Tensor::Kernel, 0..3), (Tensor::Bias, 3..4)] {
                let (w, g) = (w[rows.clone()].as_flattened_mut(), g[rows].as_flattened_mut());
                O::prepare(&mut step, pass, 1.0, Weights { tensor, row_length: 2, w, g });
            }
        }
        for (number, ((w, g), memory)) in (0..).zip(w.iter_mut().zip(&mut g).zip(&mut memory)) {
            let tensor = if number < 3 { Tensor::Kernel } else { Tensor::Bias };
            O::update_row(&step, 1.0, Row { tensor, number, w, g, memory: memory.as_mut() });
        }
        let what = format!("{optimizer:?} step {t}");
        assert_near(w.as_flattened(), rows(expected).as_flattened(), 2e-6, 3e-7, &what);
    }
}

fn check_with_penalties(optimizer: impl Optimizer, case: &Value) {
    let of_biases = penalty(case, "bias").on_biases();
    check(optimizer.with_penalty(penalty(case, "kernel")).with_penalty(of_biases), case);
}

fn check_clipped(optimizer: impl Optimizer, case: &Value) {
    let limit = |name| case["settings"].get(name).map(|value| numbers(value)[0]);
    if let Some(limit) = limit("clipvalue") {
        check_with_penalties(optimizer.clipped_by_value(limit).unwrap(), case);
    } else if let Some(limit) = limit("clipnorm") {
        check_with_penalties(optimizer.clipped_by_norm(limit).unwrap(), case);
    } else if let Some(limit) = limit("global_clipnorm") {
        check_with_penalties(optimizer.clipped_by_global_norm(limit).unwrap(), case);
    } else {
        check_with_penalties(optimizer, case);
    }
}

fn check_decayed(optimizer: impl Optimizer, case: &Value) {
    match case["settings"].get("weight_decay") {
        Some(value) => check_clipped(optimizer.with_weight_decay(numbers(value)[0]).unwrap(), case),
        None => check_clipped(optimizer, case),
    }
}

#[test]
fn every_adjustment_is_made_as_in_keras() {
    let reference = keras();
    let cases = reference["adjusted_optimizers"].as_array().unwrap();
    for name in AnyAdjustment::NAMES {
        assert!(cases.iter().any(|case| case["settings"].get(name).is_some()), "no case has {name}");
    }
    for case in cases {
        let mut settings = case["settings"].clone();
        settings.as_object_mut().unwrap().retain(|name, _| !AnyAdjustment::NAMES.contains(&name.as_str()));
        match optimizer(&case["name"], &settings) {
            AnyOptimizer::Sgd(rule) => check_decayed(rule, case),
            AnyOptimizer::Adam(rule) => check_decayed(rule, case),
            AnyOptimizer::Momentum(rule) => check_decayed(rule, case),
            other => panic!("the reference has {other}"),
        }
    }
}

/// What the penalty adds to the loss of a network.
fn penalty_of(network: &Network, penalty: Penalty) -> f32 {
    let of = |kernel: &[f32]| penalty.value(Tensor::Kernel, kernel);
    let kernels = [network.first().first().kernel().as_flattened(), network.first().second().kernel().as_flattened()];
    kernels.map(of).iter().sum::<f32>() + of(network.second().kernel().as_flattened())
}

/// Trains as the reference did and compares weights and losses, of which the penalty is a part.
fn check_training<O: Optimizer>(optimizer: O, penalty: Penalty, training: &Value, run: &Value) {
    let x: Vec<[f32; 6]> = numbers(&training["x"]).as_chunks().0.to_vec();
    let samples: Vec<_> = x.iter().zip(numbers(&training["classes"])).collect();
    let adjusted = optimizer.with_penalty(penalty);
    let mut trainer = BatchTrainer::new(network(&training["layers"]), CategoricalCrossentropy, adjusted);
    for expected in numbers(&run["loss_per_epoch"]) {
        let mut sum = 0.0;
        for batch in samples.chunks(8) {
            sum += 8.0 * penalty_of(trainer.network(), penalty);
            for (x, class) in batch {
                let y = [0.0, 1.0, 2.0].map(|of| f32::from(u8::from(of == *class)));
                sum += trainer.accumulate(x, &y, Occasion::FIRST);
            }
            trainer.apply();
        }
        assert_near(&[sum / 32.0], &[expected], 2e-6, 0.0, "loss of an epoch");
    }
    let expected = weights(&network(&run["layers"]));
    assert_near(&weights(trainer.network()), &expected, 0.0, 5e-6, &format!("weights by {adjusted:?}"));
}

#[test]
fn a_whole_training_with_adjustments_ends_where_keras_ends() {
    let reference = keras();
    let training = &reference["training"];
    let [of_sgd, of_adam] = training["adjusted_runs"].as_array().unwrap().as_slice() else { panic!("two runs") };
    let penalty = Penalty::l1_l2(0.001, 0.01).unwrap();
    check_training(Sgd::new(0.5).unwrap().clipped_by_norm(0.05).unwrap(), penalty, training, of_sgd);
    let adam = Adam::new(0.01).unwrap().with_weight_decay(0.1).unwrap().clipped_by_global_norm(0.05).unwrap();
    check_training(adam, penalty, training, of_adam);
}
