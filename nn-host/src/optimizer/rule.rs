//! A rule of nn-core with its state for the tensors of one network.

use nn_core::Zero;
use nn_core::optimizer::{AnyOptimizer, Rule, RuleVisitor};
use rayon::prelude::*;

use super::bound::WEIGHTS_PER_TASK;

/// A rule with its state.
pub(super) trait BoundRule: Send + core::fmt::Debug {
    /// Starts the next step.
    fn begin_step(&mut self);

    /// The learning rate of the step that has begun.
    fn rate(&self) -> f32;

    /// What the errors of the step that has begun are multiplied by before they make gradients; `None` for 1.
    fn error_factor(&self) -> Option<f32>;

    /// Moves the weights of one tensor along `scale` times their summed gradients.
    ///
    /// # Shapes
    /// - `g`, `w`: one value a weight, as many as the tensor had when the rule was bound
    fn update(&mut self, tensor: usize, scale: f32, g: &[f32], w: &mut [f32]);
}

/// The rule with state for tensors of these sizes.
pub(super) fn bind(rule: AnyOptimizer, sizes: &[usize]) -> Box<dyn BoundRule> {
    rule.visit(Bind(sizes))
}

/// Binds whichever rule it visits.
struct Bind<'a>(&'a [usize]);

impl RuleVisitor for Bind<'_> {
    type Output = Box<dyn BoundRule>;

    fn visit<R: Rule>(self, rule: R) -> Self::Output {
        let slots = self.0.iter().map(|&size| vec![R::Slot::ZERO; size]).collect();
        Box::new(Stateful { rule, step: rule.step(1), count: 0, slots })
    }
}

/// One rule with its state.
#[derive(Debug)]
struct Stateful<R: Rule> {
    rule: R,
    step: R::Step,
    /// Steps begun.
    count: u32,
    /// The state of each tensor.
    slots: Vec<Vec<R::Slot>>,
}

impl<R: Rule> BoundRule for Stateful<R> {
    fn begin_step(&mut self) {
        self.count = self.count.saturating_add(1);
        self.step = self.rule.step(self.count);
    }

    fn rate(&self) -> f32 {
        self.rule.rate(self.count)
    }

    fn error_factor(&self) -> Option<f32> {
        self.rule.error_factor(self.count)
    }

    fn update(&mut self, tensor: usize, scale: f32, g: &[f32], w: &mut [f32]) {
        let Some(slots) = self.slots.get_mut(tensor) else { return };
        let step = self.step;
        let parts = w.par_chunks_mut(WEIGHTS_PER_TASK).zip(g.par_chunks(WEIGHTS_PER_TASK));
        parts
            .zip(slots.par_chunks_mut(WEIGHTS_PER_TASK))
            .for_each(|((w, g), slots)| R::update(step, scale, g, slots, w));
    }
}
