//! Layers one after the other: a whole model, or the branch of a block.

use std::sync::Arc;

use nn_core::format::KernelForm;
use nn_core::layer::Signal;
use nn_core::loss::{AnyLoss, Loss};

use super::batch::{Batch, Factor, Turn, each_numbered_sample, sample_of};
use super::kind::KindTape;
use super::residual::named;
use super::tensor::{Tensor, TensorsMut};
use super::{DenseLayer, LayerKind, LayerTape, ModelLayer, Policy};
use crate::gemm::{ByteLists, Engine};

/// Layers one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    inputs: usize,
    layers: Vec<ModelLayer>,
}

/// What layers keep between forward and backward.
#[derive(Debug)]
pub(crate) struct StackTape {
    layers: Vec<LayerTape>,
}

impl StackTape {
    /// The output of the last layer.
    pub(crate) fn outputs(&self) -> &Batch {
        #[expect(clippy::expect_used, reason = "no stack is without layers")]
        &self.layers.last().expect("a layer").a
    }

    /// What each layer keeps.
    pub(super) fn layers(&self) -> &[LayerTape] {
        &self.layers
    }

    /// Lets the first layer take samples of lists as its input; says whether it can.
    pub(crate) fn choose(&mut self, lists: &Arc<ByteLists>, samples: &[usize]) -> bool {
        match self.layers.first_mut().map(|tape| &mut tape.kind) {
            Some(KindTape::Dense(tape)) => {
                tape.choose(lists, samples);
                true
            }
            _ => false,
        }
    }

    /// The pre-activations of the first layer, if it is dense; they are to be filled, and the next forward pass goes on from
    /// there.
    pub(crate) fn pre_activations_mut(&mut self) -> Option<&mut Batch> {
        let LayerTape { a, kind, .. } = self.layers.first_mut()?;
        let KindTape::Dense(tape) = kind else { return None };
        tape.has_pre_activations = true;
        Some(a)
    }

    /// The signal to the last layer.
    pub(crate) fn signal_mut(&mut self) -> &mut Batch {
        #[expect(clippy::expect_used, reason = "no stack is without layers")]
        &mut self.layers.last_mut().expect("a layer").d
    }
}

impl Stack {
    /// Layers, of which there is at least one and each has as many inputs as the one before has outputs.
    pub(crate) const fn new(inputs: usize, layers: Vec<ModelLayer>) -> Self {
        Self { inputs, layers }
    }

    /// Values of an input.
    #[must_use]
    pub const fn inputs(&self) -> usize {
        self.inputs
    }

    /// Values of an output.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.layers.last().map_or(self.inputs, ModelLayer::outputs)
    }

    /// The layers, in the order in which data passes them.
    #[must_use]
    pub fn layers(&self) -> &[ModelLayer] {
        &self.layers
    }

    pub(crate) fn layers_mut(&mut self) -> &mut [ModelLayer] {
        &mut self.layers
    }

    /// Lets kernels of bytes stand so in a model file.
    pub(crate) fn store_kernels_as(&mut self, form: KernelForm) {
        self.layers.iter_mut().for_each(|layer| layer.store_kernels_as(form));
    }

    /// The first layer, if it is dense and learns, each weight by its gradient alone.
    pub(crate) fn first_dense(&self) -> Option<&DenseLayer> {
        let first = self.layers.first()?;
        let Policy { trainable, kernel_regularizer, kernel_constraint, .. } = first.policy();
        match first.kind() {
            LayerKind::Dense(dense) if *trainable && kernel_regularizer.is_none() && kernel_constraint.is_none() => {
                Some(dense)
            }
            _ => None,
        }
    }

    /// The kernel of the first layer; nothing if it is not dense.
    pub(crate) fn first_kernel_mut(&mut self) -> &mut [f32] {
        match self.layers.first_mut().map(ModelLayer::parts_mut) {
            Some((LayerKind::Dense(dense), _)) => dense.kernel.as_mut_slice(),
            _ => &mut [],
        }
    }

    pub(super) fn trainable_parameters(&self) -> usize {
        self.layers.iter().map(ModelLayer::trainable_parameters).sum()
    }

    /// The number of layers, those inside of blocks and the blocks themselves included.
    pub(crate) fn count(&self) -> u16 {
        self.layers.iter().fold(0_u16, |count, layer| count.saturating_add(layer.count()))
    }

    /// All tensors, each with the name of its layer before its own.
    pub(crate) fn tensors(&self) -> Vec<Tensor<'_>> {
        self.layers.iter().flat_map(|layer| named(layer.name(), layer.tensors())).collect()
    }

    /// All tensors in the same order, to be changed.
    pub(crate) fn tensors_mut(&mut self) -> TensorsMut<'_> {
        self.layers.iter_mut().flat_map(ModelLayer::tensors_mut).collect()
    }

    /// Whether what becomes of a sample in training depends on the others of its batch, or a sum over all samples is kept.
    pub(crate) fn needs_whole_batch(&self) -> bool {
        self.layers.iter().any(ModelLayer::needs_whole_batch)
    }

    /// Whether a tensor learns, where the stack itself does.
    pub(crate) fn learns(&self) -> bool {
        self.layers.iter().any(ModelLayer::learns)
    }

    /// The names of a layer that learns, and of one behind it that makes bytes of what it gives, if there are such.
    pub(crate) fn learning_before_bytes(&self) -> Option<[&str; 2]> {
        let bytes = self.layers.iter().rposition(ModelLayer::is_of_bytes_within)?;
        let (before, from) = self.layers.split_at(bytes);
        let learning = before.iter().find(|layer| layer.learns());
        let inside = || from.first()?.stacks().find_map(Self::learning_before_bytes);
        learning.zip(from.first()).map(|(learning, bytes)| [learning.name(), bytes.name()]).or_else(inside)
    }

    /// Memory for batches of so many samples.
    pub(crate) fn tape(&self, samples: usize) -> StackTape {
        StackTape { layers: self.layers.iter().map(|layer| layer.tape(samples)).collect() }
    }

    /// The answers, as after training.
    ///
    /// # Shapes
    /// - `x`: IN×N, the answers: OUT×N
    pub(crate) fn forward(&self, engine: &mut Engine, x: &Batch) -> Batch {
        self.forward_through(engine, x, self.layers.len())
    }

    /// The answers of a layer, from what comes before it.
    ///
    /// # Shapes
    /// - `x`: IN×N, the answers: OUT×N
    pub(crate) fn forward_through(&self, engine: &mut Engine, x: &Batch, layer: usize) -> Batch {
        let [first, rest @ ..] = self.layers.as_slice() else { return x.clone() };
        rest.iter().take(layer).fold(first.answers(engine, x), |x, layer| layer.answers(engine, &x))
    }

    /// Shows the answers of each layer, with its position.
    ///
    /// # Shapes
    /// - `x`: IN×N, the answers: OUT×N
    pub(crate) fn each_output(&self, engine: &mut Engine, x: &Batch, mut show: impl FnMut(usize, &Batch)) {
        let mut before: Option<Batch> = None;
        for (place, layer) in self.layers.iter().enumerate() {
            let a = layer.answers(engine, before.as_ref().unwrap_or(x));
            show(place, &a);
            before = Some(a);
        }
    }

    /// The forward pass, which leaves everything on the tape.
    ///
    /// # Shapes
    /// - `x`: IN×N
    pub(crate) fn forward_taped(&self, mut turn: Turn, engine: &mut Engine, x: &Batch, tape: &mut StackTape) {
        let mut x = x;
        for (layer, tape) in self.layers.iter().zip(&mut tape.layers) {
            layer.forward_taped(turn, engine, x, tape);
            turn = turn.after(layer.count());
            x = &tape.a;
        }
    }

    /// Lets the statistics of layers that learn follow the batch whose forward pass is on the tape.
    pub(crate) fn follow(&mut self, tape: &StackTape) {
        self.layers.iter_mut().zip(&tape.layers).for_each(|(layer, tape)| layer.follow(tape));
    }

    /// Sets the last layer's signal from the targets (BP1).
    ///
    /// # Shapes
    /// - `y`: OUT×N
    pub(crate) fn output_signal(&self, loss: AnyLoss, y: &Batch, tape: &mut StackTape) -> Signal {
        let (Some(layer), Some(tape)) = (self.layers.last(), tape.layers.last_mut()) else { return Signal::Error };
        let LayerTape { a, d, .. } = tape;
        match layer.activation().filter(|_| layer.policy().activity_regularizer.is_none()) {
            Some(activation) => {
                let z = tape.kind.pre_activations();
                each_numbered_sample(d, |sample, d| {
                    loss.output_error(
                        activation,
                        z.map_or(&[], |z| sample_of(z, sample)),
                        sample_of(a, sample),
                        sample_of(y, sample),
                        d,
                    );
                });
                Signal::Error
            }
            None => {
                each_numbered_sample(d, |sample, d| loss.gradient(sample_of(a, sample), sample_of(y, sample), d));
                Signal::Activation
            }
        }
    }

    /// The backward pass, from the last layer's signal to the errors of all layers that learn (BP2), which stay on the
    /// tape; and to the gradient by the input, if somebody wants it.
    ///
    /// # Shapes
    /// - `x`, `dx`: IN×N
    pub(crate) fn backward(
        &self,
        (turn, engine): (Turn, &mut Engine),
        x: &Batch,
        (mut signal, factor): (Signal, Factor<'_>),
        tape: &mut StackTape,
        mut dx: Option<&mut Batch>,
    ) {
        let mut turn = turn.after(self.count());
        let of_stack = turn.learns;
        let learns = |layer: &ModelLayer| of_stack && layer.learns();
        for (place, layer) in self.layers.iter().enumerate().rev() {
            turn = turn.before(layer.count());
            let (before, from) = tape.layers.split_at_mut(place);
            let Some(tape) = from.first_mut() else { return };
            let previous = before.last_mut();
            let is_wanted = dx.is_some() || self.layers.iter().take(place).any(learns);
            if !is_wanted && !learns(layer) {
                return;
            }
            let (x, into) = match previous {
                Some(previous) => (&previous.a, is_wanted.then_some(&mut previous.d)),
                None => (x, dx.take()),
            };
            layer.backward((turn, engine), x, (signal, factor), tape, into);
            signal = Signal::Activation;
        }
    }
}
