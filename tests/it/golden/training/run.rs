//! A training by nn-host as the reference made it, and what is left of it after some steps.

use core::ops::ControlFlow;

use nalgebra::DMatrix;
use nn_host::callback::{Callback, EpochEnd};
use nn_host::data::{Dataset, Features, Targets};
use nn_host::metric::Scores;
use nn_host::model::Model;
use nn_host::train::{ClassWeight, FitOptions, History};
use serde_json::Value;

use super::model::{model, whole};
use crate::golden::numbers;

/// The values of all tensors in the order of the network.
pub(super) type Weights = Vec<Vec<f32>>;

/// What a training has come to.
pub(super) struct Run {
    /// After 1, 10 and 100 steps.
    pub(super) weights: [Weights; 3],
    pub(super) history: History,
    /// On the training data, after the training.
    pub(super) scores: Scores,
}

fn weights(model: &Model) -> Weights {
    model.weights().iter().map(|tensor| tensor.values.to_vec()).collect()
}

/// Keeps the weights after the first epoch.
#[derive(Default)]
struct AfterFirstEpoch(Weights);

impl Callback for AfterFirstEpoch {
    fn epoch(&mut self, end: &mut EpochEnd<'_>) -> ControlFlow<()> {
        if end.record.epoch == 0 {
            self.0 = weights(end.model);
        }
        ControlFlow::Continue(())
    }
}

/// The data of a case.
fn data(reference: &Value, case: &Value) -> Dataset {
    let data = &reference["data"];
    let matrix = |samples: &Value| {
        let values = numbers(samples);
        let count = samples.as_array().unwrap().len();
        DMatrix::from_vec(values.len() / count, count, values)
    };
    let targets = match case["targets"].as_str().unwrap() {
        "classes" => Targets::Classes {
            classes: data["classes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|class| u32::try_from(whole(class)).unwrap())
                .collect(),
            names: (0..whole(&reference["outputs"])).map(|class| class.to_string()).collect(),
        },
        kind => Targets::Values(matrix(&data["targets"][kind])),
    };
    Dataset::new(Features::Floats(matrix(&data["x"])), targets).unwrap()
}

fn batch_size(reference: &Value, case: &Value) -> usize {
    whole(case["fit"].get("batch_size").unwrap_or(&reference["batch_size"]))
}

/// The options of a case, without shuffling.
fn options<'a>(reference: &Value, case: &Value, sample_weight: &'a [f32]) -> FitOptions<'a> {
    let given = &case["fit"];
    FitOptions {
        batch_size: batch_size(reference, case),
        shuffle: false,
        gradient_accumulation_steps: given.get("gradient_accumulation_steps").map_or(1, whole),
        class_weight: given.get("class_weight").map_or(ClassWeight::None, |of| ClassWeight::Given(numbers(of))),
        sample_weight: given.get("sample_weight").map(|_| sample_weight),
        ..FitOptions::default()
    }
}

/// Trains as a case says.
pub(super) fn run(reference: &Value, case: &Value) -> Run {
    let (data, sample_weight) = (data(reference, case), numbers(&reference["data"]["sample_weight"]));
    let batch = batch_size(reference, case);
    let mut first = model(reference, case);
    first.fit(&data.first(batch), options(reference, case, &sample_weight[..batch])).unwrap();
    let mut model = model(reference, case);
    let mut after_first = AfterFirstEpoch::default();
    let epochs = u32::try_from(whole(&reference["epochs"])).unwrap();
    let options = options(reference, case, &sample_weight);
    let history =
        model.fit(&data, FitOptions { epochs, callbacks: vec![Box::new(&mut after_first)], ..options }).unwrap();
    let scores = model.evaluate(&data).unwrap();
    let weights = [weights(&first), after_first.0, weights(&model)];
    Run { weights, history, scores }
}
