//! Mistakes: every setting of the references once a little wrong.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::difference::Difference;
use super::exception::Bounds;
use super::model::rule;
use super::run::run;

/// Settings that are 0 or 1.
const SWITCHES: [&str; 5] = ["nesterov", "centered", "amsgrad", "use_ema", "apply_class_balancing"];

/// Another value of a setting; `None` where no other goes with the rest of the case, or the setting is not used.
fn wrong(name: &str, value: &Value) -> Option<Value> {
    let number = value.as_f64()?;
    match name {
        "from_logits" => None,
        "ema_overwrite_frequency" => Some(json!(number + 1.0)),
        // A rule that steps by signs does not see a limit that is always reached.
        "global_clipnorm" => Some(json!(number * 3.0)),
        "epsilon" => Some(json!(number * 1000.0)),
        name if SWITCHES.contains(&name) => Some(json!(1.0 - number)),
        _ => (number != 0.0).then(|| json!(number * 0.9)),
    }
}

/// The case with one wrong setting at a time, each with what is wrong.
fn mistakes(case: &Value) -> Vec<(String, Value)> {
    let mut mistakes = Vec::new();
    for (group, of) in [("settings", rule(case)), ("loss_settings", case["loss"].to_string())] {
        for (name, value) in case[group].as_object().into_iter().flatten() {
            let Some(wrong) = wrong(name, value) else { continue };
            let mut mistaken = case.clone();
            mistaken[group][name] = wrong;
            mistakes.push((format!("{name} of {of}"), mistaken));
        }
    }
    mistakes
}

/// The networks with all penalties a tenth too small.
fn with_smaller_penalties(reference: &Value) -> Value {
    let mut reference = reference.clone();
    for network in reference["networks"].as_object_mut().unwrap().values_mut() {
        for layer in network["layers"].as_array_mut().unwrap() {
            for name in ["kernel_regularizer", "bias_regularizer", "activity_regularizer"] {
                for strength in layer.get_mut(name).and_then(Value::as_object_mut).into_iter().flatten() {
                    *strength.1 = json!(strength.1.as_f64().unwrap() * 0.9);
                }
            }
        }
    }
    reference
}

/// Whether a mistake shows in the training of a case.
fn is_found(reference: &Value, case: &Value) -> bool {
    !Bounds::of(case).allow(&Difference::of(&run(reference, case), case))
}

#[test]
fn every_wrong_setting_is_found_in_a_training() {
    let reference = crate::golden::keras_training();
    let cases = reference["cases"].as_array().unwrap();
    let all: Vec<_> = cases.iter().flat_map(mistakes).collect();
    let are_found: Vec<_> = all.par_iter().map(|(_, mistaken)| is_found(&reference, mistaken)).collect();
    let mut found = BTreeMap::new();
    for ((what, _), is_found) in all.iter().zip(are_found) {
        *found.entry(what).or_insert(false) |= is_found;
    }
    assert!(found.len() > 60, "{}", found.len());
    let missed: Vec<_> = found.iter().filter(|(_, is_found)| !**is_found).map(|(what, _)| what).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn wrong_penalties_and_weights_are_found_in_every_training_with_them() {
    let reference = crate::golden::keras_training();
    let (mut penalized, mut weighted) = (0, 0);
    let smaller = with_smaller_penalties(&reference);
    for case in reference["cases"].as_array().unwrap() {
        if ["penalties", "activity"].contains(&case["net"].as_str().unwrap()) {
            assert!(is_found(&smaller, case), "{} {}", case["net"], case["settings"]);
            penalized += 1;
        }
        for name in ["class_weight", "sample_weight"] {
            let mut without = case.clone();
            if without.get_mut("fit").and_then(|fit| fit.as_object_mut()?.remove(name)).is_some() {
                assert!(is_found(&reference, &without), "{name}");
                weighted += 1;
            }
        }
    }
    assert!(penalized > 25 && weighted > 5, "{penalized} {weighted}");
}
