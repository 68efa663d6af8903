//! L-BFGS against SciPy's, from the same first weights: values made by `tests/golden/second_order.py`.

use nalgebra::DMatrix;
use nn_core::optimizer::Penalty;
use serde_json::Value;

use super::LbfgsOptions;
use crate::data::{Dataset, Features, Targets};
use crate::layer::dense;
use crate::model::Model;
use crate::prelude::{Adam, Identity, MeanSquaredError, Sequential, Tanh};

fn golden() -> Value {
    serde_json::from_str(include_str!("../../../tests/golden/second_order.json")).unwrap()
}

#[expect(clippy::cast_possible_truncation, reason = "the file holds f32 values")]
fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32).collect()
}

fn data(golden: &Value) -> Dataset {
    let row = |name: &str| DMatrix::from_row_slice(1, 40, &numbers(&golden[name]));
    Dataset::new(Features::Floats(row("x")), Targets::Values(row("y"))).unwrap()
}

/// The network of a case with its first weights.
fn model(case: &Value, l2: Penalty) -> Model {
    let units = usize::try_from(case["units"].as_u64().unwrap()).unwrap();
    let hidden = (units > 0).then(|| dense(units, Tanh).kernel_regularizer(l2));
    let layers = hidden.into_iter().fold(Sequential::new(1), Sequential::layer);
    let layers = layers.layer(dense(1, Identity).kernel_regularizer(l2));
    let mut model = layers.compile(MeanSquaredError, Adam::default(), []).unwrap();
    let mut weights = numbers(&case["weights"]).into_iter();
    for of in model.layers.learning_mut() {
        of.w.iter_mut().for_each(|w| *w = weights.next().unwrap());
    }
    assert_eq!(weights.next(), None);
    model
}

/// Where L-BFGS ends, over where SciPy does, for each case, with the number of iterations.
fn ratios(epochs: u32) -> Vec<(f64, usize)> {
    let golden = golden();
    let (data, l2) = (data(&golden), Penalty::l2(numbers(&Value::Array(vec![golden["l2"].clone()]))[0]).unwrap());
    let ratio = |case: &Value| {
        let options = LbfgsOptions { epochs, tolerance_change: 0.0, ..Default::default() };
        let losses = model(case, l2).fit_lbfgs(&data, options).unwrap().get("loss");
        (f64::from(*losses.last().unwrap()) / case["loss"].as_f64().unwrap(), losses.len())
    };
    golden["cases"].as_array().unwrap().iter().map(ratio).collect()
}

#[test]
fn ends_in_the_minima_of_scipy() {
    // Nearer to a minimum than that, the gradient is no longer than what its f32 sums are off by.
    let found = ratios(1000);
    assert_eq!(found.len(), 10);
    assert!(found.iter().all(|(ratio, _)| (ratio - 1.0).abs() < 1e-4), "{found:?}");
}

#[test]
fn a_training_that_ends_too_early_would_be_found() {
    assert!(ratios(10).iter().skip(5).all(|(ratio, _)| *ratio > 1.01));
}
