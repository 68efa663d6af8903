//! A layer of a model: its kind with weights, its name, and how it is trained.

use nn_core::activation::AnyActivation;
use nn_core::format::KernelForm;
use nn_core::layer::Signal;
use nn_core::optimizer::{self, Adjustment, Known, Weights};

use super::batch::{Batch, BatchLayer, Factor, Pass, Turn};
use super::kind::{KindTape, LayerKind};
use super::tensor::{Tensor, TensorsMut};
use super::{Policy, Stack};
use crate::gemm::Engine;

/// A layer of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelLayer {
    name: String,
    kind: LayerKind,
    policy: Policy,
}

/// What a layer keeps between forward and backward, one sample a column.
#[derive(Debug)]
pub(crate) struct LayerTape {
    /// The output.
    pub(super) a: Batch,
    /// The signal.
    pub(super) d: Batch,
    pub(super) kind: KindTape,
}

impl ModelLayer {
    pub(crate) fn new(name: String, kind: impl Into<LayerKind>, policy: Policy) -> Self {
        Self { name, kind: kind.into(), policy }
    }

    /// The name, as Keras gives it: `dense`, `dense_1` …
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is, with its weights.
    #[must_use]
    pub const fn kind(&self) -> &LayerKind {
        &self.kind
    }

    /// The kind, to be changed, beside the way it is trained.
    pub(super) const fn parts_mut(&mut self) -> (&mut LayerKind, &Policy) {
        (&mut self.kind, &self.policy)
    }

    /// Multiply-accumulate operations of one inference.
    #[must_use]
    pub fn macs(&self) -> usize {
        if let Some(layer) = self.kind.dense_of_bytes() {
            return layer.kernel.len();
        }
        let kernels = self.tensors().into_iter().filter(|tensor| tensor.role == Some(optimizer::Tensor::Kernel));
        kernels.map(|kernel| kernel.values.len()).sum()
    }

    /// How it is trained.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// How it is trained, to be changed: to freeze a layer, for example.
    pub const fn policy_mut(&mut self) -> &mut Policy {
        &mut self.policy
    }

    /// Values of an output.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.kind.outputs()
    }

    /// The number of weights, statistics included.
    #[must_use]
    pub fn parameters(&self) -> usize {
        if let Some(layer) = self.kind.dense_of_bytes() {
            return layer.kernel.len() + layer.bias.len();
        }
        self.tensors().iter().map(|tensor| tensor.values.len()).sum()
    }

    /// Bytes that the output takes on a chip; what changes values where they are takes none.
    pub(crate) fn output_bytes(&self) -> usize {
        match &self.kind {
            LayerKind::Dequantize(layer) => layer.units * size_of::<f32>(),
            // Bytes, and what they stand for.
            LayerKind::FakeQuantize(_) => self.outputs() * (size_of::<i8>() + size_of::<f32>()),
            kind if kind.is_of_bytes() => kind.outputs(),
            _ if self.macs() > 0 => self.outputs() * size_of::<f32>(),
            _ => 0,
        }
    }

    /// The number of weights that training changes.
    #[must_use]
    pub fn trainable_parameters(&self) -> usize {
        if !self.policy.trainable {
            return 0;
        }
        let inside: usize = self.stacks().map(Stack::trainable_parameters).sum();
        inside + self.own_learning().map(|(_, w)| w.len()).sum::<usize>()
    }

    /// Bytes that the layer keeps of a sample in training.
    pub(crate) fn tape_bytes(&self) -> usize {
        if self.kind.is_of_bytes() {
            return 0;
        }
        let inside: usize = self.stacks().flat_map(Stack::layers).map(Self::tape_bytes).sum();
        let kept = match &self.kind {
            LayerKind::Dense(dense) if dense.activation.needs_pre_activation() => 3,
            _ => 2,
        };
        inside + kept * self.outputs() * size_of::<f32>()
    }

    /// The tensors, named without the layer.
    #[must_use]
    pub fn tensors(&self) -> Vec<Tensor<'_>> {
        self.kind.tensors()
    }

    pub(crate) fn tensors_mut(&mut self) -> TensorsMut<'_> {
        self.kind.tensors_mut()
    }

    /// The number of layers that this is: a block counts, and so do the layers in it; fake quantization is two in a file.
    pub(crate) fn count(&self) -> u16 {
        let own = if matches!(self.kind, LayerKind::FakeQuantize(_)) { 2 } else { 1 };
        let inside = self.stacks().fold(own, |count: u16, stack| count.saturating_add(stack.count()));
        inside.saturating_add(self.shortcuts())
    }

    fn shortcuts(&self) -> u16 {
        u16::from(matches!(self.kind, LayerKind::Residual(_)))
    }

    /// The layers inside of a block.
    pub(crate) fn stacks(&self) -> impl Iterator<Item = &Stack> {
        let stacks = match &self.kind {
            LayerKind::Residual(block) => [Some(&block.branch), None],
            LayerKind::Concatenate(block) => [Some(&block.first), Some(&block.second)],
            _ => [None, None],
        };
        stacks.into_iter().flatten()
    }

    /// Lets the kernels of bytes, here and inside, stand so in a model file.
    pub(crate) fn store_kernels_as(&mut self, form: KernelForm) {
        match &mut self.kind {
            LayerKind::Int8Dense(layer) => layer.store_as(form),
            LayerKind::Residual(block) => block.branch.store_kernels_as(form),
            LayerKind::Concatenate(block) => {
                [&mut block.first, &mut block.second].into_iter().for_each(|stack| stack.store_kernels_as(form));
            }
            _ => {}
        }
    }

    /// Whether a kernel of bytes, here or inside, stands in another form in a model file.
    pub(crate) fn stores_kernels_other_than(&self, form: KernelForm) -> bool {
        matches!(&self.kind, LayerKind::Int8Dense(layer) if layer.form() != form)
            || self.stacks().flat_map(Stack::layers).any(|layer| layer.stores_kernels_other_than(form))
    }

    /// Shows the tensors of layers of bytes, here and inside.
    pub(crate) fn digest_bytes(&self, show: &mut dyn FnMut(&[u8])) {
        match &self.kind {
            LayerKind::Int8Dense(layer) => layer.plain_bytes().into_iter().for_each(show),
            LayerKind::Int4Dense(layer) => layer.tensor_bytes().into_iter().for_each(show),
            LayerKind::Int8Table(layer) => show(bytemuck::cast_slice(&layer.table)),
            LayerKind::FakeQuantize(layer) => {
                let quantization = layer.quantization();
                show(&quantization.scale().to_le_bytes());
                show(&quantization.zero_point().to_le_bytes());
            }
            _ => self.stacks().flat_map(Stack::layers).for_each(|layer| layer.digest_bytes(show)),
        }
    }

    /// Whether the layer, or one inside of it, is of bytes.
    pub(super) fn is_of_bytes_within(&self) -> bool {
        self.kind.is_of_bytes() || self.stacks().flat_map(Stack::layers).any(Self::is_of_bytes_within)
    }

    /// Whether what becomes of a sample in training depends on the others of its batch, or a sum over all samples is kept.
    pub(super) fn needs_whole_batch(&self) -> bool {
        matches!(self.kind, LayerKind::BatchNormalization(_))
            || self.policy.activity_regularizer.is_some()
            || self.stacks().any(Stack::needs_whole_batch)
    }

    /// Whether a tensor of the layer learns, where what the layer is a part of does.
    pub(super) fn learns(&self) -> bool {
        self.policy.trainable
            && match &self.kind {
                LayerKind::Dense(_)
                | LayerKind::Prelu(_)
                | LayerKind::BatchNormalization(_)
                | LayerKind::LayerNormalization(_) => true,
                LayerKind::FakeQuantize(layer) => layer.is_learned(),
                LayerKind::Residual(block) => block.projection.is_some() || block.branch.learns(),
                LayerKind::Concatenate(block) => block.branches().into_iter().any(Stack::learns),
                _ => false,
            }
    }

    /// The activation, if its outputs are those of one.
    pub(crate) const fn activation(&self) -> Option<AnyActivation> {
        match &self.kind {
            LayerKind::Dense(dense) => Some(dense.activation),
            LayerKind::Activation(layer) => Some(layer.activation),
            _ => None,
        }
    }

    pub(super) fn tape(&self, samples: usize) -> LayerTape {
        let zeros = || Batch::zeros(self.outputs(), samples);
        LayerTape { a: zeros(), d: zeros(), kind: self.kind.tape(samples) }
    }

    /// The answers, as after training.
    pub(super) fn answers(&self, engine: &mut Engine, x: &Batch) -> Batch {
        let mut a = Batch::zeros(self.outputs(), x.ncols());
        self.kind.forward(engine, x, &mut a);
        a
    }

    pub(super) fn forward_taped(&self, turn: Turn, engine: &mut Engine, x: &Batch, tape: &mut LayerTape) {
        let turn = Turn { learns: turn.learns && self.policy.trainable, ..turn };
        self.kind.forward_taped(turn, engine, x, &mut tape.kind, &mut tape.a);
    }

    /// Lets statistics follow the batch whose forward pass is on the tape, if the layer learns.
    pub(super) fn follow(&mut self, tape: &LayerTape) {
        if self.policy.trainable {
            self.kind.follow(&tape.kind);
        }
    }

    pub(super) fn backward(
        &self,
        (turn, engine): (Turn, &mut Engine),
        x: &Batch,
        (signal, factor): (Signal, Factor<'_>),
        tape: &mut LayerTape,
        dx: Option<&mut Batch>,
    ) {
        let turn = Turn { learns: turn.learns && self.policy.trainable, ..turn };
        let LayerTape { a, d, kind } = tape;
        self.penalize_activity(a, d);
        let factor = factor.at(self.policy.learning_rate);
        self.kind.backward(Pass { turn, engine, x, a, d, signal, dx, factor }, kind);
    }

    /// Adds the gradient of the activity's penalty to the signal, which is that of activations then.
    fn penalize_activity(&self, a: &mut Batch, d: &mut Batch) {
        if let Some(penalty) = &self.policy.activity_regularizer {
            let (row_length, w, g) = (a.nrows(), a.as_mut_slice(), d.as_mut_slice());
            let weights = Weights { tensor: optimizer::Tensor::Kernel, row_length, w, g };
            penalty.adjust(&Known { learning_rate: 0.0, sum_of_squares: 0.0 }, weights);
        }
    }
}
