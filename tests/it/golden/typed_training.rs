//! The training of a typed network of nn-core, as in Keras.

use nn_core::activation::{Relu, Sigmoid, Softmax};
use nn_core::layer::{Chain, Dense, Layer};
use nn_core::loss::CategoricalCrossentropy;
use nn_core::optimizer::{Rule, RuleVisitor};
use nn_core::train::{BatchTrainer, Occasion};
use serde_json::Value;

use super::optimizers::optimizer;
use super::{assert_near, keras, numbers};

pub(super) type Network = Chain<Chain<Dense<6, 5, Relu>, Dense<5, 4, Sigmoid>>, Dense<4, 3, Softmax>>;

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

pub(super) fn network(layers: &Value) -> Network {
    dense(&layers[0], Relu).then(dense(&layers[1], Sigmoid)).then(dense(&layers[2], Softmax))
}

pub(super) fn weights(network: &Network) -> Vec<f32> {
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
    let reference = keras();
    let training = &reference["training"];
    for run in training["runs"].as_array().unwrap() {
        optimizer(&run["optimizer"], &run["settings"]).visit(Train { training, run });
    }
}
