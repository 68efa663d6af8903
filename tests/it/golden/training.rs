//! Whole trainings as in Keras and PyTorch: the same initial weights, the same batches, no shuffling.

/// How far two trainings are from each other.
mod difference;
/// How far they may be.
mod exception;
/// Models as the reference describes them.
mod model;
/// Mistakes, which must be found.
mod planted;
/// Trainings by nn-host.
mod run;
/// The worst differences.
mod table;

use rayon::prelude::*;
use serde_json::Value;

use super::{keras_training, torch_training};
use difference::{Difference, after_steps, weights};
use exception::{Bounds, EXCEPTIONS, Exception};
use run::{Weights, run};
use table::Table;

fn label(case: &Value) -> String {
    let part = |name: &str| case.get(name).map_or_else(String::new, |value| format!(" {value}"));
    ["section", "net", "loss", "loss_settings", "optimizer", "settings", "fit", "schedule", "plateau"]
        .map(part)
        .concat()
}

/// Makes all trainings of a reference and compares.
#[expect(clippy::print_stdout, reason = "the table is for who runs the test with --nocapture")]
fn check(networks: &Value, cases: &Value) {
    let cases = cases.as_array().unwrap();
    let differences: Vec<_> = cases.par_iter().map(|case| Difference::of(&run(networks, case), case)).collect();
    let (mut table, mut far) = (Table::default(), Vec::new());
    for (case, difference) in cases.iter().zip(&differences) {
        table.add(case, difference);
        if !Bounds::of(case).allow(difference) {
            far.push(format!("{:?} {:.1e}{}", difference.after, difference.reports, label(case)));
        }
    }
    println!("{table}");
    assert!(far.is_empty(), "{} trainings of {} differ:\n{}", far.len(), cases.len(), far.join("\n"));
}

#[test]
fn every_training_ends_where_keras_ends() {
    let keras = keras_training();
    check(&keras, &keras["cases"]);
}

#[test]
fn every_training_that_pytorch_has_ends_where_pytorch_ends() {
    check(&keras_training(), &torch_training()["cases"]);
}

/// That rounding is the cause, and no formula: in float32 the reference is as far from itself in float64 as we are.
#[test]
fn where_errors_grow_the_reference_is_as_far_from_the_truth() {
    let keras = keras_training();
    let cases = keras["cases"].as_array().unwrap();
    for exception in &EXCEPTIONS {
        let of_exception: Vec<_> = cases.iter().filter(|case| exception.is_of(case)).collect();
        let is_needed = |case: &&Value| !Bounds::are_usual(&Difference::of(&run(&keras, case), case));
        assert!(of_exception.iter().any(is_needed), "needs no exception: {}", exception.net);
        let last = |weights: &[Weights; 3], exact: &Value| after_steps(weights, exact)[2].unwrap();
        let of_keras = of_exception.iter().map(|case| last(&weights(&case["weights"]), &case["exact"]));
        let ours = of_exception.iter().map(|case| last(&run(&keras, case).weights, &case["exact"]));
        let (of_keras, ours) = (of_keras.fold(0.0, f32::max), ours.fold(0.0, f32::max));
        assert!(of_keras > 1e-5 && ours <= 4.0 * of_keras, "{ours:e} and {of_keras:e}: {}", exception.reason);
    }
    assert!(cases.iter().all(|case| case.get("exact").is_none() || Exception::of(case).is_some()));
}
