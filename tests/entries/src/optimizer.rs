//! Optimizer rules: each row of the table, chosen at run time.

use nn_core::Zero;
use nn_core::optimizer::{Adam, AnyOptimizer, HyperparameterError, Rule, RuleVisitor};

/// A step of whichever rule.
struct Step<'w> {
    t: u32,
    scale: f32,
    g: &'w [f32],
    w: &'w mut [f32],
}

impl RuleVisitor for Step<'_> {
    type Output = ();

    fn visit<R: Rule>(self, rule: R) {
        let mut slots = [R::Slot::ZERO; 4];
        R::update(rule.step(self.t), self.scale, self.g, &mut slots, self.w);
    }
}

entries! {
    fn update(rule: AnyOptimizer, t: u32, scale: f32, g: &[f32], w: &mut [f32]) {
        rule.visit(Step { t, scale, g, w })
    }
    fn new(learning_rate: f32) -> Result<Adam, HyperparameterError> { Adam::new(learning_rate) }
    fn with(rule: AnyOptimizer, name: &str, value: f32) -> Result<AnyOptimizer, HyperparameterError> {
        rule.with(name, value)
    }
    fn learning_rate(rule: &AnyOptimizer) -> f32 { rule.learning_rate() }
    fn from_name(name: &str) -> Option<AnyOptimizer> { AnyOptimizer::from_name(name) }
}
