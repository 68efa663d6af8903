//! Learning rates of every schedule, as in Keras and PyTorch.

use nn_host::schedule::{Moment, Schedule};
use serde_json::Value;

use super::{assert_near, cases, kind, numbers};

/// The values of `golden/schedules.py`.
fn reference() -> Value {
    serde_json::from_str(include_str!("../../golden/schedules.json")).unwrap()
}

/// Checks all rates of a case.
fn check(reference: &Value, case: &Value) {
    let schedule = kind(case, Schedule::from_name, Schedule::with);
    let own = numbers(&case["learning_rate"])[0];
    let count = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
    let (steps_per_epoch, steps) = (count(&reference["steps_per_epoch"]), count(&reference["total_steps"]));
    for (step, expected) in case["steps"].as_array().unwrap().iter().zip(numbers(&case["rates"])) {
        let step = count(step);
        let found = schedule.rate(own, Moment { step, epoch: step / steps_per_epoch, steps_per_epoch, steps });
        // Where a wave ends near 0, an ulp of its cosine is an ulp of the highest rate.
        assert_near(&[found], &[expected], 1e-6, 1e-7 * own.max(0.2), &format!("{schedule:?} at step {step}"));
    }
}

#[test]
fn every_rate_is_that_of_keras_or_pytorch() {
    let reference = reference();
    for section in ["keras", "torch"] {
        cases(&reference, section).iter().for_each(|case| check(&reference, case));
    }
}

#[test]
fn every_schedule_has_cases() {
    let reference = reference();
    let mut all = cases(&reference, "keras").iter().chain(cases(&reference, "torch"));
    for name in Schedule::NAMES.iter().filter(|name| **name != "constant") {
        assert!(all.clone().any(|case| case["name"] == *name), "{name}");
    }
    assert!(all.all(|case| case["steps"].as_array().unwrap().len() > 20));
}

#[test]
#[should_panic(expected = "at step")]
fn a_rate_that_is_off_by_a_hundred_thousandth_is_found() {
    let mut reference = reference();
    let rate = &mut reference["keras"][0]["rates"][5];
    *rate = (rate.as_f64().unwrap() * 1.00001).into();
    check(&reference, &reference["keras"][0]);
}
