//! The tensors of layers that learn, each with what its training is told.

use nn_core::constraint::AnyConstraint;
use nn_core::optimizer::{self, Penalty};

use super::batch::BatchLayer;
use super::kind::KindTape;
use super::{LayerKind, LayerTape, ModelLayer, Policy, Stack, StackTape};

/// A tensor that learns.
#[derive(Debug)]
pub(crate) struct Learning<'l> {
    /// What it is.
    pub(crate) tensor: optimizer::Tensor,
    /// Values of a row.
    pub(crate) row_length: usize,
    /// The values.
    pub(crate) w: &'l mut [f32],
    /// What the learning rate is multiplied by.
    pub(crate) rate: f32,
    /// Its penalty.
    pub(crate) penalty: Option<Penalty>,
    /// What it is kept to after each step.
    pub(crate) constraint: Option<AnyConstraint>,
}

impl Stack {
    /// The tensors that learn, in the order of their gradients.
    pub(crate) fn learning_mut(&mut self) -> Vec<Learning<'_>> {
        let mut learning = Vec::new();
        self.add_learning(&mut learning);
        learning
    }

    /// What the penalties of weights and activities add to the sum of the losses of a batch.
    pub(crate) fn penalties(&mut self, tape: &StackTape) -> f32 {
        let samples = tape.samples();
        let of_weights =
            self.learning_mut().iter().filter_map(|of| Some(of.penalty?.value(of.tensor, of.w))).sum::<f32>();
        self.activity_penalties(tape) + of_weights * samples
    }

    /// What the penalties of activities add to the sum of the losses of a batch.
    pub(crate) fn activity_penalties(&self, tape: &StackTape) -> f32 {
        let layers = self.layers().iter().zip(tape.layers());
        layers.fold(0.0, |sum, (layer, tape)| sum + layer.activity_penalty(tape))
    }

    fn add_learning<'l>(&'l mut self, learning: &mut Vec<Learning<'l>>) {
        let layers = self.layers_mut().iter_mut().filter(|layer| layer.policy().trainable);
        layers.for_each(|layer| layer.add_learning(learning));
    }
}

impl ModelLayer {
    fn activity_penalty(&self, tape: &LayerTape) -> f32 {
        let own = self
            .policy()
            .activity_regularizer
            .map(|penalty| penalty.value(optimizer::Tensor::Kernel, tape.a.as_slice()));
        let inside = match (self.kind(), &tape.kind) {
            (LayerKind::Residual(block), KindTape::Residual(tape)) => block.branch.activity_penalties(&tape.branch),
            (LayerKind::Concatenate(block), KindTape::Concatenate(tape)) => {
                block.first.activity_penalties(&tape.first) + block.second.activity_penalties(&tape.second)
            }
            _ => 0.0,
        };
        own.unwrap_or(0.0) + inside
    }

    fn add_learning<'l>(&'l mut self, learning: &mut Vec<Learning<'l>>) {
        let (kind, policy) = self.parts_mut();
        match kind {
            LayerKind::Residual(block) => {
                block.branch.add_learning(learning);
                block.projection.iter_mut().for_each(|projection| add(projection, policy, learning));
            }
            LayerKind::Concatenate(block) => {
                block.first.add_learning(learning);
                block.second.add_learning(learning);
            }
            kind => add(kind, policy, learning),
        }
    }
}

/// Adds the tensors of one layer that learn.
fn add<'l>(layer: &'l mut impl BatchLayer, policy: &Policy, learning: &mut Vec<Learning<'l>>) {
    let about: Vec<_> = layer.tensors().iter().map(|tensor| (tensor.role, tensor.row_length())).collect();
    for ((role, row_length), w) in about.into_iter().zip(layer.tensors_mut()) {
        if let Some(tensor) = role {
            let (penalty, constraint) = match tensor {
                optimizer::Tensor::Kernel => (policy.kernel_regularizer, policy.kernel_constraint),
                optimizer::Tensor::Bias => (policy.bias_regularizer, policy.bias_constraint),
                optimizer::Tensor::Other => (None, None),
            };
            learning.push(Learning { tensor, row_length, w, rate: policy.learning_rate, penalty, constraint });
        }
    }
}
