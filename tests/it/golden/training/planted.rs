//! Mistakes: every setting of the references once a little wrong.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::difference::Difference;
use super::exception::Bounds;
use super::model::rule;
use super::run::run;
use crate::golden::cases;

/// Settings that are 0 or 1.
const SWITCHES: [&str; 7] =
    ["nesterov", "centered", "amsgrad", "use_ema", "apply_class_balancing", "staircase", "cycle"];

/// Another value of a setting; `None` where no other goes with the rest of the case, or the setting is not used.
fn wrong(name: &str, value: &Value) -> Option<Value> {
    let number = value.as_f64()?;
    match name {
        "from_logits" => None,
        "ema_overwrite_frequency" => Some(json!(number + 1.0)),
        // A rule that steps by signs does not see a limit that is always reached.
        "global_clipnorm" => Some(json!(number * 3.0)),
        "epsilon" => Some(json!(number * 1000.0)),
        // At least 1.
        "t_mul" => Some(json!(number * 1.1)),
        "patience" | "cooldown" => Some(json!(value.as_u64()? + 1)),
        name if SWITCHES.contains(&name) => Some(json!(1.0 - number)),
        _ => (number != 0.0).then(|| json!(number * 0.9)),
    }
}

/// The case with one wrong setting at a time, each with what is wrong.
fn mistakes(case: &Value) -> Vec<(String, Value)> {
    let mut mistakes = Vec::new();
    let (loss, schedule) = (case["loss"].to_string(), case["schedule"]["name"].to_string());
    let groups = [
        ("/settings", rule(case)),
        ("/loss_settings", loss),
        ("/schedule/settings", schedule),
        ("/plateau", "plateaus".to_owned()),
    ];
    for (group, of) in groups {
        for (name, value) in case.pointer(group).and_then(Value::as_object).into_iter().flatten() {
            let Some(wrong) = wrong(name, value) else { continue };
            let mut mistaken = case.clone();
            mistaken.pointer_mut(group).unwrap()[name] = wrong;
            mistakes.push((format!("{name} of {of}"), mistaken));
        }
    }
    mistakes
}

/// A dense layer of a network as the reference has it.
type DenseLayer = Map<String, Value>;

/// The networks with a change in all of their layers.
fn with_layers(reference: &Value, change: impl Fn(&mut DenseLayer)) -> Value {
    let mut reference = reference.clone();
    for network in reference["networks"].as_object_mut().unwrap().values_mut() {
        network["layers"].as_array_mut().unwrap().iter_mut().filter_map(Value::as_object_mut).for_each(&change);
    }
    reference
}

/// All penalties a tenth too small.
fn with_smaller_penalties(layer: &mut DenseLayer) {
    for name in ["kernel_regularizer", "bias_regularizer", "activity_regularizer"] {
        for strength in layer.get_mut(name).and_then(Value::as_object_mut).into_iter().flatten() {
            *strength.1 = json!(strength.1.as_f64().unwrap() * 0.9);
        }
    }
}

/// One setting of all constraints of a kind a tenth too small.
fn with_smaller_limit(layer: &mut DenseLayer, kind: &str, setting: &str) {
    let constraint = layer.get_mut(kind).and_then(|constraint| constraint["settings"].as_object_mut());
    if let Some(value) = constraint.and_then(|settings| settings.get_mut(setting)) {
        *value = json!(value.as_f64().unwrap() * 0.9);
    }
}

fn net(case: &Value) -> &str {
    case["net"].as_str().unwrap()
}

/// Whether a mistake shows in the training of a case.
fn is_found(reference: &Value, case: &Value) -> bool {
    !Bounds::of(case).allow(&Difference::of(&run(reference, case), case))
}

#[test]
fn every_wrong_setting_is_found_in_a_training() {
    let reference = crate::golden::keras_training();
    let torch = crate::golden::torch_training();
    let of_torch = cases(&torch, "cases").iter().filter(|case| case["section"] == "schedules");
    let all: Vec<_> = cases(&reference, "cases").iter().chain(of_torch).flat_map(mistakes).collect();
    let are_found: Vec<_> = all.par_iter().map(|(_, mistaken)| is_found(&reference, mistaken)).collect();
    let mut found = BTreeMap::new();
    for ((what, _), is_found) in all.iter().zip(are_found) {
        *found.entry(what).or_insert(false) |= is_found;
    }
    assert!(found.len() > 100, "{}", found.len());
    let missed: Vec<_> = found.iter().filter(|(_, is_found)| !**is_found).map(|(what, _)| what).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

/// Whether the case has something, and the training without it is found.
fn is_found_without(reference: &Value, case: &Value, group: &str, name: &str) -> bool {
    let mut without = case.clone();
    let has_it = without.pointer_mut(group).and_then(|group| group.as_object_mut()?.remove(name)).is_some();
    assert!(!has_it || is_found(reference, &without), "{name}: {} {}", case["net"], case["settings"]);
    has_it
}

#[test]
fn missing_weights_schedules_and_averages_are_found_in_every_training_with_them() {
    let (keras, torch) = (crate::golden::keras_training(), crate::golden::torch_training());
    let missing =
        [("/fit", "class_weight", 5), ("/fit", "sample_weight", 5), ("", "schedule", 60), ("/settings", "use_ema", 8)];
    let all: Vec<_> = cases(&keras, "cases").iter().chain(cases(&torch, "cases")).collect();
    for (group, name, least) in missing {
        let found = all.par_iter().filter(|case| is_found_without(&keras, case, group, name)).count();
        assert!(found >= least, "{name}: {found}");
    }
}

#[test]
fn wrong_penalties_are_found_in_every_training_with_them() {
    let reference = crate::golden::keras_training();
    let smaller = with_layers(&reference, with_smaller_penalties);
    let is_penalized = |case: &&Value| smaller["networks"][net(case)] != reference["networks"][net(case)];
    let penalized: Vec<_> = cases(&reference, "cases").iter().filter(is_penalized).collect();
    for case in &penalized {
        assert!(is_found(&smaller, case), "{} {}", case["net"], case["settings"]);
    }
    assert!(penalized.len() > 40, "{}", penalized.len());
}

/// The networks with a wrong or a missing constraint, each with what is wrong.
fn with_wrong_constraints(reference: &Value) -> Vec<(String, Value)> {
    let mut mistaken = Vec::new();
    for kind in ["kernel_constraint", "bias_constraint"] {
        let without = with_layers(reference, |layer| drop(layer.remove(kind)));
        mistaken.push((kind.to_owned(), without));
        for setting in ["min_value", "max_value", "rate"] {
            let smaller = with_layers(reference, |layer| with_smaller_limit(layer, kind, setting));
            mistaken.push((format!("{setting} of {kind}"), smaller));
        }
    }
    mistaken
}

#[test]
fn every_wrong_constraint_is_found_in_a_training() {
    let reference = crate::golden::keras_training();
    let mut found = BTreeMap::new();
    for (what, mistaken) in with_wrong_constraints(&reference) {
        let is_wrong = |case: &&Value| mistaken["networks"][net(case)] != reference["networks"][net(case)];
        for case in cases(&reference, "cases").iter().filter(is_wrong) {
            let constraint = &reference["networks"][net(case)]["layers"][0]["kernel_constraint"]["name"];
            *found.entry(format!("{what} {constraint}")).or_insert(false) |= is_found(&mistaken, case);
        }
    }
    // Of kernels and biases: four constraints, the limit of one and three settings of another.
    assert_eq!(found.len(), 2 * (4 + 1 + 3), "{found:?}");
    assert!(found.values().all(|is_found| *is_found), "{found:?}");
}

/// The training with a boundary of its rates a step later.
fn with_late_boundary(case: &Value) -> Option<Value> {
    let mut late = case.clone();
    let settings = late.pointer_mut("/schedule/settings")?.as_object_mut()?;
    let rate = settings.remove("step_30")?;
    settings.insert("step_31".to_owned(), rate);
    Some(late)
}

#[test]
fn a_rate_that_changes_a_step_late_is_found() {
    let reference = crate::golden::keras_training();
    let late: Vec<_> = cases(&reference, "cases").iter().filter_map(with_late_boundary).collect();
    assert!(late.len() == 2 && late.iter().all(|case| is_found(&reference, case)));
}
