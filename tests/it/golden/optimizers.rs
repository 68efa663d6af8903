//! Ten steps of every optimizer rule, as in Keras and PyTorch.

use nn_core::Zero;
use nn_core::optimizer::{AnyOptimizer, Rule, RuleVisitor};
use serde_json::Value;

use super::{assert_near, cases, keras, numbers, torch};

/// The optimizer with the settings of a case.
pub(super) fn optimizer(name: &Value, settings: &Value) -> AnyOptimizer {
    let optimizer = AnyOptimizer::from_name(name.as_str().unwrap()).unwrap();
    let settings = settings.as_object().unwrap();
    // What makes it another rule comes first: that keeps the settings which both have.
    let (kind, settings): (Vec<_>, Vec<_>) =
        settings.iter().partition(|(name, _)| ["momentum", "nesterov", "amsgrad"].contains(&name.as_str()));
    let settings = kind.into_iter().chain(settings);
    settings.fold(optimizer, |optimizer, (name, value)| optimizer.with(name, numbers(value)[0]).unwrap())
}

/// Ten steps of the rule it visits.
struct TenSteps<'a>(&'a Value);

impl RuleVisitor for TenSteps<'_> {
    type Output = ();

    fn visit<R: Rule>(self, rule: R) {
        let mut w = numbers(&self.0["w0"]);
        let mut slots = vec![R::Slot::ZERO; w.len()];
        let steps = self.0["gradients"].as_array().unwrap().iter().zip(self.0["w"].as_array().unwrap());
        for ((gradients, expected), t) in steps.zip(1..) {
            let factor = rule.error_factor(t).unwrap_or(1.0);
            let g: Vec<f32> = numbers(gradients).iter().map(|g| g * factor).collect();
            R::update(rule.step(t), 1.0, &g, &mut slots, &mut w);
            assert_near(&w, &numbers(expected), 2e-6, 3e-7, &format!("{rule:?} step {t}"));
        }
    }
}

#[test]
fn every_optimizer_takes_keras_steps() {
    for case in cases(&keras(), "optimizers") {
        optimizer(&case["name"], &case["settings"]).visit(TenSteps(case));
    }
}

/// Where the definitions differ, `reference_torch.py` takes settings that make them equal, so the tolerance is the same.
#[test]
fn every_optimizer_that_pytorch_has_takes_the_steps_of_pytorch() {
    for case in cases(&torch(), "optimizers") {
        optimizer(&case["name"], &case["settings"]).visit(TenSteps(case));
    }
}
