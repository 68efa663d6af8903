//! A training by nn-host as the reference made it, and what is left of it after some steps.

use core::ops::ControlFlow;

use nalgebra::DMatrix;
use nn_host::callback::{Callback, EpochEnd, Monitor, ReduceLrOnPlateau};
use nn_host::data::{Dataset, Features, Targets};
use nn_host::metric::Scores;
use nn_host::model::Model;
use nn_host::schedule::Schedule;
use nn_host::train::{ClassWeight, FitOptions, History, Validation};
use serde_json::Value;

use super::model::{model, whole};
use crate::golden::{kind, numbers};

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

/// Keeps the weights after the first epoch, which may be the only one.
struct AfterFirstEpoch {
    weights: Weights,
    ends: bool,
}

impl AfterFirstEpoch {
    const fn then(ends: bool) -> Self {
        Self { weights: Vec::new(), ends }
    }
}

impl Callback for AfterFirstEpoch {
    fn epoch(&mut self, end: &mut EpochEnd<'_>) -> ControlFlow<()> {
        if end.record.epoch == 0 {
            self.weights = weights(end.model);
        }
        if self.ends { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
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

fn count(value: &Value) -> u32 {
    u32::try_from(whole(value)).unwrap()
}

/// What reduces the learning rate in a case.
fn plateau(settings: &Value) -> ReduceLrOnPlateau {
    let number = |name: &str| numbers(&settings[name])[0];
    let monitor = Monitor { min_delta: number("min_delta"), ..Monitor::of(settings["monitor"].as_str().unwrap()) };
    let reduce = ReduceLrOnPlateau::of(monitor).factor(number("factor")).unwrap().min_lr(number("min_lr"));
    reduce.patience(count(&settings["patience"])).cooldown(count(&settings["cooldown"]))
}

/// The options of a case, without shuffling; what watches a plateau is validated on the training data.
fn options<'a>(reference: &Value, case: &Value, data: &'a Dataset, sample_weight: &'a [f32]) -> FitOptions<'a> {
    let given = &case["fit"];
    let callback = |settings| -> Box<dyn Callback> { Box::new(plateau(settings)) };
    FitOptions {
        epochs: count(&reference["epochs"]),
        batch_size: batch_size(reference, case),
        shuffle: false,
        gradient_accumulation_steps: given.get("gradient_accumulation_steps").map_or(1, whole),
        class_weight: given.get("class_weight").map_or(ClassWeight::None, |of| ClassWeight::Given(numbers(of))),
        sample_weight: given.get("sample_weight").map(|_| sample_weight),
        schedule: case.get("schedule").map_or(Schedule::Constant, |of| kind(of, Schedule::from_name, Schedule::with)),
        validation: case.get("plateau").map_or(Validation::None, |_| Validation::Data(data)),
        callbacks: case.get("plateau").map(callback).into_iter().collect(),
        ..FitOptions::default()
    }
}

/// The weights after the first step of a training with as many steps, each an epoch of its own.
fn after_one_step(mut model: Model, data: &Dataset, options: FitOptions<'_>) -> Weights {
    let mut first = AfterFirstEpoch::then(true);
    let batches = u32::try_from(data.len().div_ceil(options.batch_size)).unwrap();
    let (epochs, steps_per_epoch) = (options.epochs * batches, Some(1));
    model.fit(data, FitOptions { epochs, steps_per_epoch, callbacks: vec![Box::new(&mut first)], ..options }).unwrap();
    first.weights
}

/// Trains as a case says.
pub(super) fn run(reference: &Value, case: &Value) -> Run {
    let (data, sample_weight) = (data(reference, case), numbers(&reference["data"]["sample_weight"]));
    let options = || options(reference, case, &data, &sample_weight);
    let first = after_one_step(model(reference, case), &data, options());
    let (mut model, mut tenth, mut options) = (model(reference, case), AfterFirstEpoch::then(false), options());
    options.callbacks.push(Box::new(&mut tenth));
    let history = model.fit(&data, options).unwrap();
    let scores = model.evaluate(&data).unwrap();
    Run { weights: [first, tenth.weights, weights(&model)], history, scores }
}
