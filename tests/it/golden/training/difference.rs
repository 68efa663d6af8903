//! How far a training of ours is from the reference's.

use nn_host::train::History;
use serde_json::Value;

use super::run::{Run, Weights};
use crate::golden::numbers;

/// The numbers of steps after which weights are compared.
const STEPS: [&str; 3] = ["1", "10", "100"];

/// How far a training is from the reference's.
pub(super) struct Difference {
    /// Of the weights after 1, 10 and 100 steps, where the reference has them, relative to the largest of their tensor.
    pub(super) after: [Option<f32>; 3],
    /// Of the losses, accuracies and learning rates of all epochs and of the evaluation, relative to each.
    pub(super) reports: f32,
}

impl Difference {
    pub(super) fn of(run: &Run, case: &Value) -> Self {
        Self { after: after_steps(&run.weights, &case["weights"]), reports: of_reports(run, case) }
    }
}

/// The difference of weights after 1, 10 and 100 steps, where the reference has them.
pub(super) fn after_steps(found: &[Weights; 3], expected: &Value) -> [Option<f32>; 3] {
    let expected = STEPS.map(|steps| expected.get(steps));
    assert!(expected[2].is_some(), "no weights");
    core::array::from_fn(|place| expected[place].map(|expected| of_weights(&found[place], expected)))
}

/// The reference's weights, those that it has not left empty.
pub(super) fn weights(expected: &Value) -> [Weights; 3] {
    let tensors = |weights: &Value| weights.as_array().unwrap().iter().map(numbers).collect();
    STEPS.map(|steps| expected.get(steps).map_or_else(Vec::new, tensors))
}

/// The worst difference of a tensor: that of its values over their largest magnitude.
fn of_weights(found: &Weights, expected: &Value) -> f32 {
    let expected = expected.as_array().unwrap();
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(found, expected)| of_tensor(found, &numbers(expected))).fold(0.0, f32::max)
}

fn of_tensor(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    let largest = expected.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    let worst =
        found.iter().zip(expected).fold(0.0_f32, |worst, (found, expected)| worst.max((found - expected).abs()));
    if largest > 0.0 { worst / largest } else { worst }
}

/// The values of one name that a training reports of its epochs.
fn of_epochs(history: &History, name: &str) -> Vec<f32> {
    match name {
        "learning_rate" => history.epochs.iter().map(|record| record.learning_rate).collect(),
        name => history.get(name),
    }
}

/// The largest relative difference of what the reference reports of epochs and at last.
fn of_reports(run: &Run, case: &Value) -> f32 {
    let mut pairs = Vec::new();
    for (name, expected) in case["history"].as_object().into_iter().flatten() {
        let (found, expected) = (of_epochs(&run.history, name), numbers(expected));
        assert_eq!(found.len(), expected.len(), "{name}");
        pairs.extend(found.into_iter().zip(expected));
    }
    for (name, found) in run.scores.named() {
        pairs.extend(case["evaluate"].get(name).map(|expected| (found, numbers(expected)[0])));
    }
    pairs.iter().fold(0.0, |worst, (found, expected)| worst.max((found - expected).abs() / expected.abs()))
}
