//! Optimizer rules: each row of the table, chosen at run time.

use nn_core::Zero;
use nn_core::optimizer::{
    Adam, AnyOptimizer, HyperparameterError, Memory, MemoryMut, Optimizer, Row, Rule, RuleVisitor, Sgd,
};

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
    fn error_factor(rule: &Sgd, t: u32) -> Option<f32> { Rule::error_factor(rule, t) }
    fn begin_step(rule: &Adam, t: u32) -> <Adam as Optimizer>::Step { rule.begin_step(t) }
    fn update_row(step: &<Adam as Optimizer>::Step, scale: f32, row: &mut Row<'_, Adam>) {
        Adam::update_row(step, scale, row.reborrow())
    }
    fn as_mut(memory: &'static mut Memory<Adam, 4>) -> MemoryMut<'static, Adam> { memory.as_mut() }
    fn new(learning_rate: f32) -> Result<Adam, HyperparameterError> { Adam::new(learning_rate) }
    fn with(rule: AnyOptimizer, name: &str, value: f32) -> Result<AnyOptimizer, HyperparameterError> {
        rule.with(name, value)
    }
    fn learning_rate(rule: &AnyOptimizer) -> f32 { rule.learning_rate() }
    fn from_name(name: &str) -> Option<AnyOptimizer> { AnyOptimizer::from_name(name) }
}
