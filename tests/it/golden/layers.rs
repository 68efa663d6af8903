//! Normalizations and parametric ReLU: outputs, gradients, statistics of Keras.

use nn_core::Zero;
use nn_core::layer::{
    BatchNorm, BatchStatistics, Gradients, Layer, LayerNorm, Learn, Pass, Prelu, Present, Signal, State, Trainable,
    Turn,
};
use nn_core::optimizer::Sgd;
use nn_core::train::Occasion;
use serde_json::Value;

use super::{assert_near, keras, numbers};

const UNITS: usize = 5;

fn row(value: &Value) -> [f32; UNITS] {
    numbers(value).try_into().unwrap()
}

fn rows(value: &Value) -> Vec<[f32; UNITS]> {
    numbers(value).as_chunks().0.to_vec()
}

/// Outputs, gradients by the input, and summed gradients by the weights, one sample after the other.
fn check<L>(mut layer: L, case: &Value, what: &str)
where
    L: Layer<Input = [f32; UNITS], Output = [f32; UNITS]> + Trainable,
{
    let turn = Turn::of_all(Occasion::FIRST);
    let mut sums = Gradients::<L>::ZERO;
    for (sample, (x, da)) in rows(&case["x"]).iter().zip(rows(&case["da"])).enumerate() {
        let (mut tape, mut a, mut d, mut dx) = (L::Tape::<Present>::ZERO, [0.0; UNITS], da, [0.0; UNITS]);
        layer.forward_taped::<Present>(turn, x, &mut tape, &mut a);
        assert_near(&a, &rows(&case["a"])[sample], 2e-6, 1e-6, what);
        let pass = Pass { turn, x, a: &a, d: &mut d, signal: Signal::Activation, dx: &mut dx };
        layer.backward::<Present>(pass, &mut tape);
        assert_near(&dx, &rows(&case["dx"])[sample], 1e-5, 2e-6, what);
        // Moving statistics would follow, so each sample's gradient is that of the layer before any.
        let learn = Learn { turn, x, d: &mut d, factor: None, first_row: 0 };
        layer.accumulate::<Present>(learn, &mut tape, &mut sums);
    }
    let (mut state, mut found) = (State::<L, Sgd>::ZERO, Vec::new());
    layer.each_row::<Sgd>(0, &mut sums, &mut state, &mut |row| found.extend_from_slice(row.g));
    assert_near(&found, &numbers(&case["by_weights"]), 1e-5, 3e-6, what);
}

#[test]
fn layer_normalization_and_prelu_are_keras_layers() {
    let layers = &keras()["layers"];
    let case = &layers["layer_norm"];
    check(LayerNorm::new(row(&case["weights"][0]), row(&case["weights"][1])), case, "layer_norm");
    let case = &layers["prelu"];
    check(Prelu::new(row(&case["weights"][0])), case, "prelu");
}

#[test]
fn batch_normalization_at_inference_is_keras_layer() {
    let case = &keras()["layers"]["batch_norm"];
    let [gamma, beta, mean, variance] = [0, 1, 2, 3].map(|at| row(&case["weights"][at]));
    let layer = BatchNorm::new([gamma, beta], [mean, variance]);
    for (x, a) in rows(&case["x"]).iter().zip(rows(&case["a"])) {
        assert_near(&layer.predict(x), &a, 2e-6, 1e-6, "batch_norm");
    }
}

#[test]
fn batch_normalization_over_a_batch_is_keras_layer() {
    let case = &keras()["layers"]["batch_norm_training"];
    let [gamma, beta, mut moving_mean, mut moving_variance] = [0, 1, 2, 3].map(|at| row(&case["weights"][at]));
    let (x, mut d) = (numbers(&case["x"]), numbers(&case["da"]));
    let (mut mean, mut variance) = ([0.0; UNITS], [0.0; UNITS]);
    let statistics = BatchStatistics::of(&x, &mut mean, &mut variance);
    statistics.follow(&mut moving_mean, &mut moving_variance);
    let (normalizer, mut a) = (statistics.normalizer(), vec![0.0; x.len()]);
    normalizer.forward(&x, &gamma, &beta, &mut a);
    assert_near(&a, &numbers(&case["a"]), 5e-6, 2e-6, "outputs");
    let (mut dgamma, mut dbeta) = ([0.0; UNITS], [0.0; UNITS]);
    normalizer.parameter_gradients(&x, &d, &mut dgamma, &mut dbeta);
    assert_near(&[dgamma, dbeta].concat(), &numbers(&case["by_weights"]), 1e-5, 3e-6, "gradients by the weights");
    normalizer.input_gradient(&x, &gamma, (&dgamma, &dbeta), &mut d);
    assert_near(&d, &numbers(&case["dx"]), 2e-5, 3e-6, "gradient by the input");
    assert_near(&[moving_mean, moving_variance].concat(), &numbers(&case["after"]), 1e-6, 1e-6, "moving statistics");
}
