//! Dense layers, a = σ(z) with z = b + x · W.

use std::sync::Arc;

use nalgebra::{DMatrix, DVector};
use nn_core::activation::{Activation, AnyActivation};
use nn_core::format::DenseView;
use nn_core::kernel;
use nn_core::layer::Signal;
use nn_core::optimizer;

use super::batch::{Batch, BatchLayer, Part, Pass, Seen, Turn, Weight, each_numbered_sample, each_sample, sample_of};
use super::tensor::{Tensor, TensorsMut, of_kernel, vector};
use crate::gemm::{ByteLists, Engine, Errors, Nonzeros, Samples, SomeByteLists, TurnedLists};

/// The number of the kernel among the tensors.
pub(super) const KERNEL: usize = 0;

/// Outputs of a layer for which its input is worth being listed: lists are made once and then used for all outputs.
const OUTPUTS_WORTH_LISTS: usize = 64;

/// Outputs of a layer for whose gradient lists are worth being turned around.
const OUTPUTS_WORTH_TURNING: usize = 33;

/// A list is worth it where at most one in so many numbers is not zero.
const SHARE_WORTH_LISTS: usize = 3;

/// Samples from which it is told how much of an input is zero.
const SAMPLES_LOOKED_AT: usize = 4;

/// A dense layer.
#[derive(Clone, Debug, PartialEq)]
pub struct DenseLayer {
    /// OUT×IN, so that its memory is `[IN][OUT]`.
    pub kernel: DMatrix<f32>,
    /// OUT; nothing for a layer without a bias.
    pub bias: Option<DVector<f32>>,
    /// The activation.
    pub activation: AnyActivation,
}

impl DenseLayer {
    /// A copy of a dense layer of a model file.
    pub(crate) fn from_view(view: &DenseView<'_>) -> Self {
        let (inputs, outputs) = (view.inputs as usize, view.outputs as usize);
        Self {
            kernel: DMatrix::from_column_slice(outputs, inputs, view.kernel),
            bias: (!view.bias.is_empty()).then(|| DVector::from_column_slice(view.bias)),
            activation: view.activation,
        }
    }

    /// z = b + x · W for each sample.
    fn pre_activations(&self, engine: &mut Engine, x: Samples<'_>, z: &mut Batch) {
        match &self.bias {
            Some(bias) => engine.affine(x, self.kernel.as_slice(), bias.as_slice(), z.as_mut_slice()),
            None => {
                z.fill(0.0);
                engine.add_product(x, self.kernel.as_slice(), self.kernel.nrows(), z.as_mut_slice());
            }
        }
    }

    /// Adds x · W to `a`, which is what a layer without bias and activation does beside others.
    pub(super) fn add(&self, engine: &mut Engine, x: &Batch, a: &mut Batch) {
        engine.add_product(Samples::Dense(x.as_slice()), self.kernel.as_slice(), self.kernel.nrows(), a.as_mut_slice());
    }

    /// Adds W · dz to `dx` (BP2 without σ′).
    pub(super) fn add_input_gradient(&self, engine: &mut Engine, d: &Batch, dx: &mut Batch) {
        engine.add_input_gradient(self.kernel.as_slice(), d.as_slice(), self.kernel.nrows(), dx.as_mut_slice());
    }
}

/// Adds Σ x ⊗ dz over the samples in order, by a block of weights (BP4).
pub(super) fn add_kernel_gradient(x: Samples<'_>, seen: Seen<'_>, part: Part, engine: &mut Engine, sums: &mut [f32]) {
    let first_row = part.block.first_row;
    engine.add_weight_gradient((x, seen.x.nrows()), first_row, errors(seen.d, part), sums);
}

/// The errors at the columns of a block of weights.
fn errors(d: &Batch, part: Part) -> Errors<'_> {
    Errors { values: d.as_slice(), outputs: d.nrows(), columns: part.block.columns }
}

/// Adds Σ dz over the samples in order (BP3).
fn add_bias_gradient(d: &Batch, sums: &mut [f32]) {
    for d in d.as_slice().chunks_exact(d.nrows().max(1)) {
        kernel::accumulate_outer_product(&[1.0], d, sums);
    }
}

/// What a dense layer keeps of a batch.
#[derive(Debug)]
pub(crate) struct DenseTape {
    /// Pre-activations, or no rows where the activation's derivative does without.
    pub(super) z: Batch,
    /// What of the input is not zero, where it is listed.
    lists: Nonzeros,
    /// The samples that are the input, where lists of all are given.
    chosen: Vec<usize>,
    form: Form,
    /// The lists turned around, for gradients of the batch if they are worth it.
    turned: Option<TurnedLists>,
    /// Whether the output already holds the pre-activations of the next forward pass.
    pub(super) has_pre_activations: bool,
}

/// In what form the input of a layer is computed with.
#[derive(Clone, Debug)]
enum Form {
    /// As it is.
    Numbers,
    /// As lists that are made of it, or are gathered in its place.
    Listed,
    /// As those of these lists that have been chosen.
    Given(Arc<ByteLists>),
}

impl DenseTape {
    /// Lists the input of a layer with so many outputs, if that is worth it.
    fn look_at(&mut self, engine: &Engine, x: &Batch, outputs: usize) {
        if !self.chosen.is_empty() {
            return;
        }
        let is_worth_it = outputs >= OUTPUTS_WORTH_LISTS && is_sparse(x);
        self.form = if is_worth_it { Form::Listed } else { Form::Numbers };
        if is_worth_it {
            self.lists.list(engine.instructions(), x.as_slice(), x.nrows());
        }
    }

    /// Takes these samples of the lists as the input, from now on nothing else.
    pub(super) fn choose(&mut self, lists: &Arc<ByteLists>, samples: &[usize]) {
        self.chosen.clear();
        self.chosen.extend_from_slice(samples);
        if samples.len() == 1 {
            // The rules that move weights along the gradient of one sample read numbers.
            lists.gather(samples, &mut self.lists);
            self.form = Form::Listed;
        } else {
            self.form = Form::Given(Arc::clone(lists));
        }
    }

    /// Turns the lists around, if there are any: once for all threads that will share the gradients.
    fn turn(&mut self, inputs: usize) {
        let Some(turned) = &mut self.turned else { return };
        match &self.form {
            Form::Numbers => {}
            Form::Listed => turned.turn(&self.lists, inputs),
            Form::Given(lists) => turned.turn(SomeByteLists { lists, samples: &self.chosen }, inputs),
        }
    }

    /// The lists turned around, if there are any.
    fn turned(&self) -> Option<&TurnedLists> {
        self.turned.as_ref().filter(|_| !matches!(self.form, Form::Numbers))
    }

    /// The input's only sample, if it is listed.
    pub(super) fn only_list(&self) -> Option<(&[u32], &[f32])> {
        (matches!(self.form, Form::Listed) && self.lists.len() == 1).then(|| self.lists.sample(0))
    }

    /// The input as it is computed with fastest.
    fn samples<'x>(&'x self, x: &'x Batch) -> Samples<'x> {
        match &self.form {
            Form::Numbers => Samples::Dense(x.as_slice()),
            Form::Listed => Samples::Sparse(&self.lists),
            Form::Given(lists) => Samples::Bytes(SomeByteLists { lists, samples: &self.chosen }),
        }
    }
}

/// Whether most of the first samples is zero; the others will not be far from them.
fn is_sparse(x: &Batch) -> bool {
    let some = x.as_slice().get(..x.nrows() * x.ncols().min(SAMPLES_LOOKED_AT)).unwrap_or_default();
    let count = some.iter().filter(|x| **x != 0.0).count();
    count * SHARE_WORTH_LISTS < some.len()
}

/// From da to dz, for each sample.
pub(super) fn through_activation(activation: AnyActivation, z: &Batch, a: &Batch, d: &mut Batch) {
    each_numbered_sample(d, |sample, d| activation.backward(sample_of(z, sample), sample_of(a, sample), d));
}

/// Memory for the pre-activations of an activation whose derivative needs them.
pub(super) fn pre_activation_tape(activation: AnyActivation, outputs: usize, samples: usize) -> Batch {
    Batch::zeros(if activation.needs_pre_activation() { outputs } else { 0 }, samples)
}

impl BatchLayer for DenseLayer {
    type Tape = DenseTape;

    fn tape(&self, samples: usize) -> DenseTape {
        let mut lists = Nonzeros::default();
        if self.outputs() >= OUTPUTS_WORTH_LISTS {
            // Whether a batch is worth being listed, only its numbers will say.
            lists.reserve(samples, samples * self.kernel.ncols());
        }
        DenseTape {
            z: pre_activation_tape(self.activation, self.outputs(), samples),
            lists,
            chosen: Vec::new(),
            form: Form::Numbers,
            turned: (samples > 1 && self.outputs() >= OUTPUTS_WORTH_TURNING).then(TurnedLists::default),
            has_pre_activations: false,
        }
    }

    fn outputs(&self) -> usize {
        self.kernel.nrows()
    }

    fn forward(&self, engine: &mut Engine, x: &Batch, a: &mut Batch) {
        self.pre_activations(engine, Samples::Dense(x.as_slice()), a);
        each_sample(a, |a| self.activation.forward(a));
    }

    fn forward_taped(&self, _turn: Turn, engine: &mut Engine, x: &Batch, tape: &mut DenseTape, a: &mut Batch) {
        if !core::mem::take(&mut tape.has_pre_activations) {
            tape.look_at(engine, x, self.outputs());
            self.pre_activations(engine, tape.samples(x), a);
        }
        if tape.z.nrows() > 0 {
            tape.z.copy_from(a);
        }
        each_sample(a, |a| self.activation.forward(a));
    }

    fn backward(&self, pass: Pass<'_>, tape: &mut DenseTape) {
        let Pass { turn, engine, x, a, d, dx, factor, .. } = pass;
        if pass.signal == Signal::Activation {
            through_activation(self.activation, &tape.z, a, d);
        }
        if let Some(dx) = dx {
            dx.fill(0.0);
            self.add_input_gradient(engine, d, dx);
        }
        if turn.learns {
            factor.scale(d);
            tape.turn(x.nrows());
        }
    }

    fn each_weight<'l>(&'l mut self, visit: &mut dyn FnMut(Weight<'l>)) {
        let row_length = self.kernel.nrows();
        visit(Weight { tensor: optimizer::Tensor::Kernel, row_length, w: self.kernel.as_mut_slice() });
        let bias = self.bias.iter_mut().map(DVector::as_mut_slice);
        bias.for_each(|b| visit(Weight::vector(optimizer::Tensor::Bias, b)));
    }

    fn add_gradient(tape: &DenseTape, seen: Seen<'_>, part: Part, engine: &mut Engine, sums: &mut [f32]) {
        match part.tensor {
            KERNEL => match tape.turned() {
                Some(turned) => engine.add_turned_gradient(turned, part.block.first_row, errors(seen.d, part), sums),
                None => add_kernel_gradient(tape.samples(seen.x), seen, part, engine, sums),
            },
            _ => add_bias_gradient(seen.d, sums),
        }
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        let (outputs, inputs) = self.kernel.shape();
        let bias = self.bias.iter().map(|bias| vector("bias", Some(optimizer::Tensor::Bias), bias.as_slice()));
        core::iter::once(of_kernel(self.kernel.as_slice(), inputs, outputs)).chain(bias).collect()
    }

    fn tensors_mut(&mut self) -> TensorsMut<'_> {
        let bias = self.bias.iter_mut().map(DVector::as_mut_slice);
        core::iter::once(self.kernel.as_mut_slice()).chain(bias).collect()
    }
}
