//! One batch: forward, the output's error, backward, update. The order of operations is that of nn-core's step for one
//! sample, so the bits are too.
//!
//! Threads first take samples, each its shard of the batch from the input, or from the first layer where they share its
//! units, to the errors of all layers; then they take rows of weights, whose gradients are sums over all samples in order.

use nn_core::loss::{AnyLoss, Loss};
use nn_core::train::Occasion;
use rayon::prelude::*;

use super::machine::Machine;
use crate::gemm::Engine;
use crate::layer::{Batch, Factor, Kept, Stack, StackTape, Turn};

/// Memory for batches of one size.
#[derive(Debug)]
pub(super) struct Step {
    shards: Vec<Shard>,
    /// The outputs of all shards, one sample a column.
    pub(super) outputs: Batch,
    /// The targets of all shards, one sample a column.
    pub(super) y: Batch,
}

impl Step {
    /// Memory for batches of so many samples.
    pub(super) fn new(machine: Machine, layers: &Stack, samples: usize) -> Self {
        let shards = machine.shards(layers, samples);
        let ends = (1..=shards).map(|shard| samples * shard / shards);
        let starts = (0..shards).map(|shard| samples * shard / shards);
        let shard = |(first, end)| Shard { first, ..Shard::new(layers, machine.engine(), end - first) };
        let zeros = Batch::zeros(layers.outputs(), samples);
        Self { shards: starts.zip(ends).map(shard).collect(), outputs: zeros.clone(), y: zeros }
    }

    /// The memory for batches of this size among some, made when it is first needed.
    pub(super) fn among<'s>(
        steps: &'s mut Vec<Self>,
        machine: Machine,
        layers: &Stack,
        samples: usize,
    ) -> &'s mut Self {
        let known = steps.iter().position(|step| step.samples() == samples);
        let place = known.unwrap_or_else(|| {
            steps.push(Self::new(machine, layers, samples));
            steps.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "just found or pushed")]
        &mut steps[place]
    }

    /// Samples of a batch.
    pub(super) fn samples(&self) -> usize {
        self.y.ncols()
    }

    /// What all layers kept, shard after shard.
    pub(super) fn kept(&self) -> impl Iterator<Item = Kept<'_>> + Clone {
        self.shards.iter().map(Shard::kept)
    }

    /// What all layers kept, if there is but one shard.
    pub(super) fn only(&self) -> Option<Kept<'_>> {
        if let [one] = self.shards.as_slice() { Some(one.kept()) } else { None }
    }

    /// Inputs to errors: fills the shards, and takes each through its layers and back. Returns the summed loss.
    pub(super) fn run(&mut self, layers: &mut Stack, task: &Task<'_>, fill: impl Fn(usize, &mut Shard) + Sync) -> f32 {
        let whole = &*layers;
        each(&mut self.shards, |shard| {
            fill(shard.first, shard);
            shard.run(whole, task);
        });
        self.shards.iter().for_each(|shard| layers.follow(&shard.tape));
        self.collect();
        let losses = self.shards.iter().flat_map(|shard| &shard.losses);
        let penalties = self.shards.iter().fold(0.0, |sum, shard| sum + layers.activity_penalties(&shard.tape));
        #[expect(clippy::cast_precision_loss, reason = "batches have far fewer than 2²⁴ samples")]
        let of_weights = layers.weight_penalty() * self.samples() as f32;
        losses.fold(0.0, |sum, loss| sum + loss) + (penalties + of_weights)
    }

    /// Joins outputs and targets.
    fn collect(&mut self) {
        let (mut outputs, mut y) = (self.outputs.as_mut_slice(), self.y.as_mut_slice());
        for shard in &self.shards {
            outputs = put(shard.outputs().as_slice(), outputs);
            y = put(shard.y.as_slice(), y);
        }
    }
}

/// Copies values to the front; returns what follows.
fn put<'v>(values: &[f32], into: &'v mut [f32]) -> &'v mut [f32] {
    let (front, rest) = into.split_at_mut(values.len().min(into.len()));
    front.copy_from_slice(values);
    rest
}

/// Does something with each shard, one on this thread, the others wherever there is one.
fn each(shards: &mut [Shard], work: impl Fn(&mut Shard) + Sync + Send) {
    match shards {
        [one] => work(one),
        many => many.par_iter_mut().with_max_len(1).for_each(work),
    }
}

/// What is to be done with a batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task<'t> {
    /// That of the first sample at the first layer.
    pub(crate) occasion: Occasion,
    /// What is to become small.
    pub(crate) loss: AnyLoss,
    /// What errors are multiplied by before they make gradients.
    pub(crate) factor: Factor<'t>,
}

/// Some samples of a batch, on one thread.
#[derive(Debug)]
pub(crate) struct Shard {
    /// The place of the first sample in the batch.
    first: usize,
    /// Inputs, one sample a column.
    pub(crate) x: Batch,
    /// Targets, one sample a column.
    pub(crate) y: Batch,
    /// How much each sample counts; nothing where all count the same.
    pub(crate) weights: Vec<f32>,
    losses: Vec<f32>,
    pub(crate) tape: StackTape,
    pub(crate) engine: Engine,
}

impl Shard {
    /// Memory for so many samples.
    pub(crate) fn new(layers: &Stack, engine: Engine, samples: usize) -> Self {
        Self {
            first: 0,
            x: Batch::zeros(layers.inputs(), samples),
            y: Batch::zeros(layers.outputs(), samples),
            weights: Vec::new(),
            losses: Vec::with_capacity(samples),
            tape: layers.tape(samples),
            engine,
        }
    }

    /// The number of samples.
    pub(crate) fn samples(&self) -> usize {
        self.x.ncols()
    }

    /// The outputs of the last forward pass.
    pub(crate) fn outputs(&self) -> &Batch {
        self.tape.outputs()
    }

    /// What gradients come from.
    pub(crate) const fn kept(&self) -> Kept<'_> {
        Kept { x: &self.x, tape: &self.tape }
    }

    /// Takes over how much the samples count; nothing where all count the same.
    pub(crate) fn weigh(&mut self, weights: Option<impl Iterator<Item = f32>>) {
        self.weights.clear();
        self.weights.extend(weights.into_iter().flatten());
    }

    fn run(&mut self, layers: &Stack, task: &Task<'_>) {
        let first = u32::try_from(self.first).unwrap_or(u32::MAX);
        let occasion = Occasion { sample: task.occasion.sample.saturating_add(first), ..task.occasion };
        self.forward(layers, occasion);
        self.measure(task.loss);
        self.backward(layers, &Task { occasion, ..*task });
    }

    /// The forward pass; `occasion` is that of the first sample at the first layer.
    pub(crate) fn forward(&mut self, layers: &Stack, occasion: Occasion) {
        layers.forward_taped(Turn { occasion, learns: true }, &mut self.engine, &self.x, &mut self.tape);
    }

    /// The losses of the samples, each as much as its sample counts.
    fn measure(&mut self, loss: AnyLoss) {
        let rows = self.y.nrows().max(1);
        let samples = self.tape.outputs().as_slice().chunks_exact(rows).zip(self.y.as_slice().chunks_exact(rows));
        self.losses.clear();
        self.losses.extend(samples.map(|(a, y)| loss.value(a, y)));
        self.losses.iter_mut().zip(&self.weights).for_each(|(loss, weight)| *loss *= weight);
    }

    /// The backward pass, from the output's error (BP1) to those of all layers that learn (BP2).
    pub(crate) fn backward(&mut self, layers: &Stack, task: &Task<'_>) {
        let signal = layers.output_signal(task.loss, &self.y, &mut self.tape);
        for (mut d, &weight) in self.tape.signal_mut().column_iter_mut().zip(&self.weights) {
            d *= weight;
        }
        let turn = Turn { occasion: task.occasion, learns: true };
        layers.backward((turn, &mut self.engine), &self.x, (signal, task.factor), &mut self.tape, None);
    }

    /// Adds the gradients by all weights that learn to their sums (BP3, BP4).
    pub(crate) fn add_gradients(&mut self, layers: &mut Stack, sums: &mut [Vec<f32>]) {
        let Self { x, tape, engine, .. } = self;
        layers.add_gradients(Kept { x, tape }, engine, sums);
    }
}
