//! An optimizer bound to the tensors of one network. The order of operations on a weight is that of nn-core's
//! `Adjusted`, so the bits are too.

use nn_core::constraint::{AnyConstraint, Constraint};
use nn_core::optimizer::{Adjustment, AnyAdjustment, Known, Penalty, Scope, Tensor, Weights, sum_of_squares};

use rayon::prelude::*;

use super::Optimizer;
use super::ema::Averages;
use crate::callback::{State, StateError};

use super::ColumnSplit;
use super::rule::{BoundRule, Rows, TensorSize, bind};
use crate::layer::Learning;

/// Weights that a task moves at least: less is not worth the way to another thread.
pub(super) const WEIGHTS_PER_TASK: usize = 4096;

/// A tensor on its way through a step.
#[derive(Debug)]
pub(crate) struct Parameter<'p> {
    /// The weights with their summed gradients.
    pub(crate) weights: Weights<'p>,
    /// What the learning rate is multiplied by.
    pub(crate) rate: f32,
    /// Its penalty.
    pub(crate) penalty: Option<Penalty>,
    /// What it is kept to after the step.
    pub(crate) constraint: Option<AnyConstraint>,
}

/// An optimizer with its state for the tensors of one network.
#[derive(Debug)]
pub(crate) struct Bound {
    adjustments: Vec<AnyAdjustment>,
    /// Whether a step changes gradients, which must be free of the rule's factor then.
    adjusts_gradients: bool,
    rule: Box<dyn BoundRule>,
    pub(crate) averages: Option<Averages>,
}

impl Optimizer {
    /// The optimizer with state for these tensors; `are_penalized` says whether one of them has a penalty.
    pub(crate) fn bind(&self, sizes: &[TensorSize], are_penalized: bool) -> Bound {
        Bound {
            adjustments: self.adjustments.clone(),
            adjusts_gradients: are_penalized || self.adjustments.iter().any(AnyAdjustment::is_of_gradients),
            rule: bind(self.rule, sizes),
            averages: self.ema().map(Averages::new),
        }
    }
}

impl Bound {
    /// Starts the next step.
    pub(crate) fn begin_step(&mut self) {
        self.rule.begin_step();
    }

    /// Sets the learning rate of the steps to come.
    pub(crate) fn set_learning_rate(&mut self, learning_rate: f32) {
        self.rule.set_learning_rate(learning_rate);
    }

    /// Puts what the next steps depend on into a checkpoint.
    pub(crate) fn save(&self, state: &mut State) {
        state.put_count("optimizer/steps", self.rule.count());
        for (tensor, numbers) in self.rule.memory().iter().enumerate() {
            state.put(format!("optimizer/memory/{tensor}"), numbers);
        }
        for (tensor, average) in self.averages.iter().flat_map(|averages| averages.tensors.iter().enumerate()) {
            state.put(format!("optimizer/average/{tensor}"), average);
        }
    }

    /// Takes it back.
    pub(crate) fn restore(&mut self, state: &State) -> Result<(), StateError> {
        let named = |name: &str| {
            (0..).map_while(|tensor| state.tensor(&format!("optimizer/{name}/{tensor}"))).collect::<Vec<_>>()
        };
        let memory = named("memory");
        if !self.rule.restore(state.count("optimizer/steps")?, &memory) {
            return Err(StateError { name: "optimizer/memory".to_owned(), expected: memory.len() });
        }
        if let Some(averages) = &mut self.averages {
            averages.tensors = named("average").into_iter().map(<[f32]>::to_vec).collect();
        }
        Ok(())
    }

    /// What the errors of the step that has begun are multiplied by before they make gradients, in a layer whose
    /// learning rate is multiplied by `rate`; `None` for 1.
    pub(crate) fn error_factor(&self, rate: f32) -> Option<f32> {
        if self.adjusts_gradients { None } else { self.rule.error_factor(rate) }
    }

    /// Moves the weights of all tensors along `scale` times their summed gradients, which may change.
    pub(crate) fn update(&mut self, mut scale: f32, parameters: &mut [Parameter<'_>]) {
        if self.adjusts_gradients {
            parameters.iter_mut().for_each(|parameter| multiply(parameter.weights.g, scale));
            scale = 1.0;
        }
        for parameter in &mut *parameters {
            if let Some(penalty) = parameter.penalty {
                each_part(parameter, |weights| {
                    penalty.adjust(&Known { learning_rate: 0.0, sum_of_squares: 0.0 }, weights)
                });
            }
        }
        for adjustment in &self.adjustments {
            adjust(adjustment, self.rule.rate(), parameters);
        }
        for (number, Parameter { weights, rate, constraint, .. }) in parameters.iter_mut().enumerate() {
            if let Some(factor) = self.rule.error_factor(*rate).filter(|_| self.adjusts_gradients) {
                multiply(weights.g, factor);
            }
            self.rule.update(number, scale, weights.g, weights.w);
            constrain(*constraint, weights.tensor, weights.row_length, weights.w);
        }
        self.follow(|| parameters.iter_mut().map(|parameter| &mut *parameter.weights.w));
    }

    /// Whether a step does nothing to gradients and weights besides what the rule does: then each weight can move as soon
    /// as its own gradient is known.
    pub(crate) const fn is_free(&self) -> bool {
        !self.adjusts_gradients && self.adjustments.is_empty()
    }

    /// Moves the weights of one tensor row by row, while the gradients are
    /// at hand; for optimizers that are [free](Self::is_free) to do so.
    pub(crate) fn move_rows(&mut self, number: usize, learning: Learning<'_>, scale: f32, gradient: Rows<'_>) {
        self.rule.move_rows(number, scale, gradient, learning.w);
        constrain(learning.constraint, learning.tensor, learning.row_length, learning.w);
    }

    /// Rearranges what the rule remembers of a tensor whose columns stand together, or do so no longer.
    pub(crate) fn rearrange(&mut self, tensor: usize, columns: ColumnSplit, are_split: bool) {
        self.rule.rearrange(tensor, columns, are_split);
    }

    /// Lets the averages follow the weights after a step.
    pub(crate) fn follow<'w, I: Iterator<Item = &'w mut [f32]>>(&mut self, weights: impl FnOnce() -> I) {
        if let Some(averages) = &mut self.averages {
            averages.follow(self.rule.count(), weights().collect());
        }
    }
}

/// Keeps the weights of a tensor to what they are kept to.
fn constrain(constraint: Option<AnyConstraint>, tensor: Tensor, row_length: usize, w: &mut [f32]) {
    if let Some(constraint) = constraint {
        // The norm of a bias is that of the whole vector.
        constraint.apply(if tensor == Tensor::Bias { 1 } else { row_length }, w);
    }
}

/// Makes an adjustment to all tensors.
fn adjust(adjustment: &AnyAdjustment, learning_rate: f32, parameters: &mut [Parameter<'_>]) {
    let of_network = match adjustment.scope() {
        Scope::Network => parameters.iter().map(squares).fold(0.0, |sum, tensor| sum + tensor),
        Scope::Row | Scope::Tensor => 0.0,
    };
    for parameter in parameters {
        let sum_of_squares = if adjustment.scope() == Scope::Tensor { squares(parameter) } else { of_network };
        let known = Known { learning_rate: learning_rate * parameter.rate, sum_of_squares };
        each_part(parameter, |weights| adjustment.adjust(&known, weights));
    }
}

/// Does something with all weights of a tensor; threads take parts.
fn each_part(parameter: &mut Parameter<'_>, work: impl Fn(Weights<'_>) + Sync) {
    let Weights { tensor, row_length, w, g } = &mut parameter.weights;
    let (tensor, row_length) = (*tensor, *row_length);
    let parts = w.par_chunks_mut(WEIGHTS_PER_TASK).zip(g.par_chunks_mut(WEIGHTS_PER_TASK));
    parts.for_each(|(w, g)| work(Weights { tensor, row_length, w, g }));
}

/// nn-core's [`sum_of_squares`] of a tensor's gradients; threads take rows.
fn squares(parameter: &Parameter<'_>) -> f32 {
    let Weights { row_length, g, .. } = &parameter.weights;
    let rows = g.par_chunks((*row_length).max(1));
    let rows: Vec<f32> = rows.map(|row| sum_of_squares(*row_length, row)).collect();
    rows.into_iter().fold(0.0, |sum, row| sum + row)
}

fn multiply(g: &mut [f32], factor: f32) {
    g.par_chunks_mut(WEIGHTS_PER_TASK).for_each(|g| g.iter_mut().for_each(|g| *g *= factor));
}
