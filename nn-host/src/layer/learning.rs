//! The tensors of layers that learn, each with what its training is told.

use nn_core::constraint::AnyConstraint;
use nn_core::optimizer::{self, Penalty};

use super::batch::{Batch, BatchLayer, Part, Seen, Weight};
use super::dense::KERNEL;
use super::kind::KindTape;
use super::tensor::Tensor;
use super::{LayerKind, LayerTape, ModelLayer, Policy, Stack, StackTape};
use crate::gemm::Engine;
use crate::optimizer::{Block, Share};

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
        self.each_learning(&|kept| kept, &mut |tensor, _| learning.push(tensor));
        learning
    }

    /// Adds the gradients by all tensors that learn to their sums.
    pub(crate) fn add_gradients(&mut self, kept: Kept<'_>, engine: &mut Engine, sums: &mut [Vec<f32>]) {
        let mut sums = sums.iter_mut();
        self.each_learning(&|kept| kept, &mut |learning, gradient| {
            let whole = Block::of_rows(0, learning.row_length);
            sums.next().into_iter().for_each(|sums| gradient.add(kept, engine, whole.clone(), sums));
        });
    }

    /// The tensors that learn, in the order of their gradients, each with its gradient; `find` leads from what the whole
    /// model kept of a batch to what this stack did.
    pub(crate) fn each_learning<'l>(
        &'l mut self,
        find: Find<'_>,
        visit: &mut dyn FnMut(Learning<'l>, &GradientOf<'_>),
    ) {
        let layers = self.layers_mut().iter_mut().enumerate().filter(|(_, layer)| layer.policy().trainable);
        layers.for_each(|(layer, of)| of.each_learning((find, layer), visit));
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
            layer.policy().activity_regularizer.is_some() || layer.stacks().any(Self::has_activity_penalty)
        };
        self.layers().iter().any(has_one)
    }

    /// What the penalties of activities add to the sum of the losses of samples, as after training.
    ///
    /// # Shapes
    /// - `x`: IN×N
    pub(crate) fn activity_penalty(&self, x: &Batch) -> f32 {
        let (mut x, mut sum, mut engine) = (x.clone(), 0.0, Engine::default());
        for layer in self.layers() {
            let inside: f32 = layer.stacks().map(|stack| stack.activity_penalty(&x)).sum();
            x = layer.answers(&mut engine, &x);
            sum += inside + layer.own_activity_penalty(&x);
        }
        sum
    }

    /// What the penalties of activities add to the sum of the losses of a batch.
    pub(crate) fn activity_penalties(&self, tape: &StackTape) -> f32 {
        let layers = self.layers().iter().zip(tape.layers());
        layers.fold(0.0, |sum, (layer, tape)| sum + layer.activity_penalty(tape))
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
        self.stacks().for_each(|stack| stack.add_weight_penalties(penalties));
        let Policy { kernel_regularizer, bias_regularizer, .. } = self.policy();
        if kernel_regularizer.is_none() && bias_regularizer.is_none() {
            return;
        }
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

    fn each_learning<'l>(
        &'l mut self,
        (find, layer): (Find<'_>, usize),
        visit: &mut dyn FnMut(Learning<'l>, &GradientOf<'_>),
    ) {
        let (kind, policy) = self.parts_mut();
        let mut tensors = 0;
        let mut visit_own = |weight: Weight<'l>, visit: &mut dyn FnMut(Learning<'l>, &GradientOf<'_>)| {
            visit(Learning::new(weight, policy), &GradientOf { find, layer, tensor: tensors });
            tensors += 1;
        };
        match kind {
            LayerKind::Residual(block) => {
                block.branch.each_learning(&|kept| find(kept).inside(layer, 0), visit);
                block.projection.iter_mut().for_each(|of| of.each_weight(&mut |weight| visit_own(weight, visit)));
            }
            LayerKind::Concatenate(block) => {
                block.first.each_learning(&|kept| find(kept).inside(layer, 0), visit);
                block.second.each_learning(&|kept| find(kept).inside(layer, 1), visit);
            }
            kind => kind.each_weight(&mut |weight| visit_own(weight, visit)),
        }
    }
}

impl<'l> Learning<'l> {
    /// How its gradient over so many samples can be shared out among threads.
    pub(crate) const fn share(&self, samples: usize) -> Share {
        Share { row_length: self.row_length, samples }
    }

    fn new(weight: Weight<'l>, policy: &Policy) -> Self {
        let Weight { tensor, row_length, w } = weight;
        let (penalty, constraint) = (penalty_of(policy, tensor), constraint_of(policy, tensor));
        Self { tensor, row_length, w, rate: policy.learning_rate, penalty, constraint }
    }
}

/// What layers kept of some samples, after the backward pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept<'k> {
    /// The input of the first layer, one sample a column.
    pub(crate) x: &'k Batch,
    /// What the layers keep.
    pub(crate) tape: &'k StackTape,
}

impl<'k> Kept<'k> {
    /// The input of a layer, and what it keeps.
    fn of_layer(self, layer: usize) -> Option<(&'k Batch, &'k LayerTape)> {
        let layers = self.tape.layers();
        let x = layer.checked_sub(1).map_or(Some(self.x), |before| layers.get(before).map(|tape| &tape.a));
        x.zip(layers.get(layer))
    }

    /// What a branch of a block kept.
    fn inside(self, layer: usize, branch: usize) -> Self {
        let Some((x, tape)) = self.of_layer(layer) else { return self };
        match (&tape.kind, branch) {
            (KindTape::Residual(block), _) => Self { x, tape: &block.branch },
            (KindTape::Concatenate(block), 0) => Self { x, tape: &block.first },
            (KindTape::Concatenate(block), _) => Self { x, tape: &block.second },
            _ => self,
        }
    }
}

/// The way from what the whole model kept to what one of its stacks did.
pub(crate) type Find<'f> = &'f (dyn for<'k> Fn(Kept<'k>) -> Kept<'k> + Sync);

/// The gradient by one tensor.
#[derive(Clone, Copy)]
pub(crate) struct GradientOf<'f> {
    find: Find<'f>,
    layer: usize,
    tensor: usize,
}

/// The gradient of one sample by a kernel, x ⊗ dz.
///
/// # Shapes
/// - `places`, `x`: the inputs that are not zero, `dz`: `[OUT]`
#[derive(Clone, Copy, Debug)]
pub(crate) struct OuterProduct<'k> {
    pub(crate) places: &'k [u32],
    pub(crate) x: &'k [f32],
    pub(crate) dz: &'k [f32],
}

impl GradientOf<'_> {
    /// That of the only sample, where it is an outer product of a list.
    pub(crate) fn outer_product<'k>(&self, kept: Kept<'k>) -> Option<OuterProduct<'k>> {
        let (_, tape) = (self.find)(kept).of_layer(self.layer)?;
        let KindTape::Dense(dense) = &tape.kind else { return None };
        let (places, x) = dense.only_list().filter(|_| self.tensor == KERNEL)?;
        Some(OuterProduct { places, x, dz: tape.d.as_slice() })
    }

    /// Adds that of some samples, in their order, to the sums of a block of weights.
    ///
    /// # Shapes
    /// - `sums`: row after row of the block
    pub(crate) fn add(&self, kept: Kept<'_>, engine: &mut Engine, block: Block, sums: &mut [f32]) {
        let Some((x, tape)) = (self.find)(kept).of_layer(self.layer) else { return };
        let part = Part { tensor: self.tensor, block };
        LayerKind::add_gradient(&tape.kind, Seen { x, d: &tape.d }, part, engine, sums);
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
