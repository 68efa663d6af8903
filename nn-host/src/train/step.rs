//! One batch: forward, the output's error, backward, update. The order of operations is that of nn-core's step for one
//! sample, so the bits are too.

use nn_core::layer::Signal;
use nn_core::loss::AnyLoss;
use nn_core::optimizer::Weights;
use nn_core::train::Occasion;

use crate::layer::{Batch, Factor, Learning, Stack, StackTape, Turn};
use crate::metric;
use crate::optimizer::{Bound, Optimizer, Parameter, TensorSize};

/// Memory for batches of one size.
#[derive(Debug)]
pub(crate) struct Step {
    /// Inputs, one sample a column.
    pub(crate) x: Batch,
    /// Targets, one sample a column.
    pub(crate) y: Batch,
    /// How much each sample counts; nothing where all count the same.
    pub(crate) weights: Vec<f32>,
    pub(crate) tape: StackTape,
}

impl Step {
    /// Memory for batches of so many samples.
    pub(crate) fn new(layers: &Stack, samples: usize) -> Self {
        Self {
            x: Batch::zeros(layers.inputs(), samples),
            y: Batch::zeros(layers.outputs(), samples),
            weights: Vec::new(),
            tape: layers.tape(samples),
        }
    }

    /// Samples of a batch.
    pub(crate) fn samples(&self) -> usize {
        self.x.ncols()
    }

    /// The outputs of the last forward pass.
    pub(crate) fn outputs(&self) -> &Batch {
        self.tape.outputs()
    }

    /// Takes over how much the samples count; nothing where all count the same.
    pub(crate) fn weigh(&mut self, weights: Option<impl Iterator<Item = f32>>) {
        self.weights.clear();
        self.weights.extend(weights.into_iter().flatten());
    }

    /// The sum of the losses of the batch, each as much as its sample counts, with the penalties of weights and activities.
    pub(crate) fn loss(&self, layers: &Stack, loss: AnyLoss) -> f32 {
        let batch = metric::Batch::new(self.y.nrows(), self.outputs().as_slice(), self.y.as_slice());
        batch.weighted(&self.weights).loss_sum(loss) + layers.penalties(&self.tape)
    }

    /// The forward pass; `occasion` is that of the first sample at the first layer.
    pub(crate) fn forward(&mut self, layers: &mut Stack, occasion: Occasion) {
        layers.forward_taped(Turn { occasion, learns: true }, &self.x, &mut self.tape);
    }

    /// Sets the signal to the output layer (BP1).
    pub(crate) fn output_signal(&mut self, layers: &Stack, loss: AnyLoss) -> Signal {
        let signal = layers.output_signal(loss, &self.y, &mut self.tape);
        for (mut d, &weight) in self.tape.signal_mut().column_iter_mut().zip(&self.weights) {
            d *= weight;
        }
        signal
    }

    /// The backward pass, from the output layer's signal to all gradients (BP2 to BP4), which are added to sums.
    pub(crate) fn backward(
        &mut self,
        layers: &Stack,
        occasion: Occasion,
        (signal, factor): (Signal, Factor<'_>),
        gradients: &mut [Vec<f32>],
    ) {
        let turn = Turn { occasion, learns: true };
        layers.backward(turn, &self.x, (signal, factor), &mut self.tape, (None, gradients));
    }
}

/// The sums of the gradients of all tensors that learn, and what moves these.
#[derive(Debug)]
pub(super) struct Descent {
    pub(super) optimizer: Bound,
    pub(super) gradients: Vec<Vec<f32>>,
    /// Samples summed up.
    samples: usize,
    learning_rate: f32,
}

impl Descent {
    /// Nothing summed up, for the tensors that learn now.
    pub(super) fn new(optimizer: &Optimizer, layers: &mut Stack) -> Self {
        let learning = layers.learning_mut();
        let sizes: Vec<_> = learning.iter().map(|of| TensorSize { weights: of.w.len(), rate: of.rate }).collect();
        let are_penalized = learning.iter().any(|of| of.penalty.is_some());
        let gradients = sizes.iter().map(|size| vec![0.0; size.weights]).collect();
        let learning_rate = optimizer.learning_rate();
        Self { optimizer: optimizer.bind(&sizes, are_penalized), gradients, samples: 0, learning_rate }
    }

    /// The learning rate of the step that was begun last.
    pub(super) fn learning_rate(&self) -> f32 {
        self.learning_rate
    }

    /// Starts the next step with this learning rate, unless gradients of an earlier batch wait for it.
    pub(super) fn begin(&mut self, learning_rate: f32) {
        if self.samples == 0 {
            if learning_rate.to_bits() != self.learning_rate.to_bits() {
                self.optimizer.set_learning_rate(learning_rate);
                self.learning_rate = learning_rate;
            }
            self.optimizer.begin_step();
            self.gradients.iter_mut().for_each(|sums| sums.fill(0.0));
        }
    }

    /// Counts the samples of a batch whose gradients have been added.
    pub(super) const fn add(&mut self, samples: usize) {
        self.samples += samples;
    }

    /// Moves all weights along the mean of the gradients.
    pub(super) fn finish(&mut self, layers: &mut Stack) {
        #[expect(clippy::cast_precision_loss, reason = "batches have far fewer than 2²⁴ samples")]
        let scale = 1.0 / self.samples.max(1) as f32;
        let learning = layers.learning_mut().into_iter().zip(&mut self.gradients);
        let mut parameters: Vec<_> = learning.map(|(of, g)| parameter(of, g)).collect();
        self.optimizer.update(scale, &mut parameters);
        self.samples = 0;
    }
}

impl Descent {
    /// Ends the training: weights become their averages, if there are any.
    pub(super) fn end(&self, layers: &mut Stack) {
        if let Some(averages) = &self.optimizer.averages {
            averages.overwrite(layers.learning_mut().into_iter().map(|of| of.w));
        }
    }
}

fn parameter<'p>(learning: Learning<'p>, g: &'p mut [f32]) -> Parameter<'p> {
    let Learning { tensor, row_length, w, rate, penalty, constraint } = learning;
    Parameter { weights: Weights { tensor, row_length, w, g }, rate, penalty, constraint }
}
