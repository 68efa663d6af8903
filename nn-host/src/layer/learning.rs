//! The tensors of layers that learn, each with what its training is told.

use nn_core::constraint::AnyConstraint;
use nn_core::optimizer::{self, Penalty};

use super::batch::{Batch, BatchLayer};
use super::kind::KindTape;
use super::tensor::Tensor;
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
    pub(crate) fn penalties(&self, tape: &StackTape) -> f32 {
        self.activity_penalties(tape) + self.weight_penalty() * tape.samples()
    }

    /// What the penalties of weights add to the loss of a sample; frozen ones add nothing.
    pub(crate) fn weight_penalty(&self) -> f32 {
        let mut penalties = Vec::new();
        self.add_weight_penalties(&mut penalties);
        penalties.into_iter().sum()
    }

    fn add_weight_penalties(&self, penalties: &mut Vec<f32>) {
        let layers = self.layers().iter().filter(|layer| layer.policy().trainable);
        layers.for_each(|layer| layer.add_weight_penalties(penalties));
    }

    /// Whether the activity of a layer has a penalty.
    pub(crate) fn has_activity_penalty(&self) -> bool {
        let has_one = |layer: &ModelLayer| {
            layer.policy().activity_regularizer.is_some() || layer.stacks().into_iter().any(Self::has_activity_penalty)
        };
        self.layers().iter().any(has_one)
    }

    /// What the penalties of activities add to the sum of the losses of samples, as after training.
    ///
    /// # Shapes
    /// - `x`: IN×N
    pub(crate) fn activity_penalty(&self, x: &Batch) -> f32 {
        let (mut x, mut sum) = (x.clone(), 0.0);
        for layer in self.layers() {
            let inside: f32 = layer.stacks().into_iter().map(|stack| stack.activity_penalty(&x)).sum();
            x = layer.answers(&x);
            sum += inside + layer.own_activity_penalty(&x);
        }
        sum
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
    fn own_activity_penalty(&self, a: &Batch) -> f32 {
        let penalty = self.policy().activity_regularizer;
        penalty.map_or(0.0, |penalty| penalty.value(optimizer::Tensor::Kernel, a.as_slice()))
    }

    fn activity_penalty(&self, tape: &LayerTape) -> f32 {
        let inside = match (self.kind(), &tape.kind) {
            (LayerKind::Residual(block), KindTape::Residual(tape)) => block.branch.activity_penalties(&tape.branch),
            (LayerKind::Concatenate(block), KindTape::Concatenate(tape)) => {
                block.first.activity_penalties(&tape.first) + block.second.activity_penalties(&tape.second)
            }
            _ => 0.0,
        };
        self.own_activity_penalty(&tape.a) + inside
    }

    fn add_weight_penalties(&self, penalties: &mut Vec<f32>) {
        self.stacks().into_iter().for_each(|stack| stack.add_weight_penalties(penalties));
        for (role, w) in self.own_learning() {
            penalties.extend(penalty_of(self.policy(), role).map(|penalty| penalty.value(role, w)));
        }
    }

    /// The tensors that learn where the layer does, without those of layers inside: what each is, and its values.
    pub(super) fn own_learning(&self) -> impl Iterator<Item = (optimizer::Tensor, &[f32])> {
        self.own_tensors().into_iter().filter_map(|tensor| Some((tensor.role?, tensor.values)))
    }

    /// The tensors that are not those of layers inside.
    fn own_tensors(&self) -> Vec<Tensor<'_>> {
        match self.kind() {
            LayerKind::Residual(block) => block.projection.iter().flat_map(BatchLayer::tensors).collect(),
            LayerKind::Concatenate(_) => Vec::new(),
            kind => kind.tensors(),
        }
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
            let (penalty, constraint) = (penalty_of(policy, tensor), constraint_of(policy, tensor));
            learning.push(Learning { tensor, row_length, w, rate: policy.learning_rate, penalty, constraint });
        }
    }
}

/// What such a tensor is kept to.
const fn constraint_of(policy: &Policy, tensor: optimizer::Tensor) -> Option<AnyConstraint> {
    match tensor {
        optimizer::Tensor::Kernel => policy.kernel_constraint,
        optimizer::Tensor::Bias => policy.bias_constraint,
        optimizer::Tensor::Other => None,
    }
}

/// The penalty of such a tensor.
const fn penalty_of(policy: &Policy, tensor: optimizer::Tensor) -> Option<Penalty> {
    match tensor {
        optimizer::Tensor::Kernel => policy.kernel_regularizer,
        optimizer::Tensor::Bias => policy.bias_regularizer,
        optimizer::Tensor::Other => None,
    }
}
