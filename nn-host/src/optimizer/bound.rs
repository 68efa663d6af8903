//! An optimizer bound to the tensors of one network. The order of operations on a weight is that of nn-core's
//! `Adjusted`, so the bits are too.

use nn_core::optimizer::{AnyAdjustment, Known, Scope, Weights, sum_of_squares};
use rayon::prelude::*;

use super::Optimizer;
use super::rule::{BoundRule, bind};

/// Weights that a task moves at least: less is not worth the way to another thread.
pub(super) const WEIGHTS_PER_TASK: usize = 4096;

/// An optimizer with its state for the tensors of one network.
#[derive(Debug)]
pub(crate) struct Bound {
    adjustments: Vec<AnyAdjustment>,
    rule: Box<dyn BoundRule>,
}

impl Optimizer {
    /// The optimizer with state for tensors of these sizes.
    pub(crate) fn bind(&self, sizes: &[usize]) -> Bound {
        Bound { adjustments: self.adjustments.clone(), rule: bind(self.rule, sizes) }
    }
}

impl Bound {
    /// Starts the next step.
    pub(crate) fn begin_step(&mut self) {
        self.rule.begin_step();
    }

    /// What the errors of the step that has begun are multiplied by before they make gradients; `None` for 1.
    pub(crate) fn error_factor(&self) -> Option<f32> {
        if self.adjusts_gradients() { None } else { self.rule.error_factor() }
    }

    fn adjusts_gradients(&self) -> bool {
        self.adjustments.iter().any(AnyAdjustment::is_of_gradients)
    }

    /// Moves the weights of all tensors along `scale` times their summed gradients, which may change.
    pub(crate) fn update(&mut self, mut scale: f32, tensors: &mut [Weights<'_>]) {
        let is_adjusted = self.adjusts_gradients();
        if is_adjusted {
            tensors.iter_mut().for_each(|tensor| multiply(tensor.g, scale));
            scale = 1.0;
        }
        for adjustment in &self.adjustments {
            adjust(adjustment, self.rule.rate(), tensors);
        }
        if let Some(factor) = self.rule.error_factor().filter(|_| is_adjusted) {
            tensors.iter_mut().for_each(|tensor| multiply(tensor.g, factor));
        }
        for (number, tensor) in tensors.iter_mut().enumerate() {
            self.rule.update(number, scale, tensor.g, tensor.w);
        }
    }
}

/// Makes an adjustment to all tensors.
fn adjust(adjustment: &AnyAdjustment, learning_rate: f32, tensors: &mut [Weights<'_>]) {
    let of_network = match adjustment.scope() {
        Scope::Network => tensors.iter().map(squares).fold(0.0, |sum, tensor| sum + tensor),
        Scope::Row | Scope::Tensor => 0.0,
    };
    for tensor in tensors {
        let sum_of_squares = if adjustment.scope() == Scope::Tensor { squares(tensor) } else { of_network };
        let known = Known { learning_rate, sum_of_squares };
        let Weights { tensor, row_length, w, g } = tensor;
        let parts = w.par_chunks_mut(WEIGHTS_PER_TASK).zip(g.par_chunks_mut(WEIGHTS_PER_TASK));
        parts.for_each(|(w, g)| adjustment.adjust(&known, Weights { tensor: *tensor, row_length: *row_length, w, g }));
    }
}

/// nn-core's [`sum_of_squares`] of a tensor's gradients; threads take rows.
fn squares(tensor: &Weights<'_>) -> f32 {
    let rows = tensor.g.par_chunks(tensor.row_length.max(1));
    let rows: Vec<f32> = rows.map(|row| sum_of_squares(tensor.row_length, row)).collect();
    rows.into_iter().fold(0.0, |sum, row| sum + row)
}

fn multiply(g: &mut [f32], factor: f32) {
    g.par_chunks_mut(WEIGHTS_PER_TASK).for_each(|g| g.iter_mut().for_each(|g| *g *= factor));
}
