//! From what a batch left behind to moved weights: gradients, and the rule that follows them.

use nn_core::optimizer::Weights;

use super::machine::Machine;
use super::step::Step;
use crate::gemm::Engine;
use crate::layer::{Learning, Stack};
use crate::optimizer::{Block, Bound, ColumnSplit, Optimizer, Parameter, Rows, TensorSize, Worker};

/// The optimizer with its state, and the sums of gradients of batches that wait for their step.
#[derive(Debug)]
pub(super) struct Descent {
    pub(super) optimizer: Bound,
    /// The sums, for each tensor that learns; nothing where each batch makes a step of its own at once.
    sums: Vec<Vec<f32>>,
    workers: Vec<Worker>,
    /// How the columns of the first kernel are split, as long as they are.
    columns: Option<ColumnSplit>,
    /// Samples summed up.
    samples: usize,
    learning_rate: f32,
}

impl Descent {
    /// Nothing summed up, for the tensors that learn now.
    pub(super) fn new(machine: Machine, optimizer: &Optimizer, layers: &mut Stack) -> Self {
        let learning = layers.learning_mut();
        let sizes: Vec<_> = learning.iter().map(|of| TensorSize { weights: of.w.len(), rate: of.rate }).collect();
        let are_penalized = learning.iter().any(|of| of.penalty.is_some());
        Self {
            optimizer: optimizer.bind(&sizes, are_penalized),
            sums: Vec::new(),
            workers: (0..machine.threads).map(|_| Worker::new(machine.engine())).collect(),
            columns: None,
            samples: 0,
            learning_rate: optimizer.learning_rate(),
        }
    }

    /// The learning rate of the step that was begun last.
    pub(super) const fn learning_rate(&self) -> f32 {
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
        }
    }

    /// Whether a step does nothing to the weights but what the rule does to each by itself.
    pub(super) const fn is_free(&self) -> bool {
        self.optimizer.is_free() && !self.has_averages()
    }

    /// Splits the columns of the first layer's kernel, which is dense and learns, and what is remembered of it.
    pub(super) fn split(&mut self, layers: &mut Stack, columns: ColumnSplit) {
        columns.split(layers.first_kernel_mut());
        self.optimizer.rearrange(0, columns, true);
        self.columns = Some(columns);
    }

    /// Joins them again.
    pub(super) fn join(&mut self, layers: &mut Stack) {
        if let Some(columns) = self.columns.take() {
            columns.join(layers.first_kernel_mut());
            self.optimizer.rearrange(0, columns, false);
        }
    }

    /// Takes over a batch; with the last one of a step, all weights move along the mean of the gradients.
    pub(super) fn add(&mut self, layers: &mut Stack, step: &Step, is_last: bool) {
        let is_first = self.samples == 0;
        self.samples += step.samples();
        #[expect(clippy::cast_precision_loss, reason = "batches have far fewer than 2²⁴ samples")]
        let scale = 1.0 / self.samples.max(1) as f32;
        if is_first && is_last && self.optimizer.is_free() {
            self.move_at_once(layers, step, scale);
        } else {
            self.sum_up(layers, step, is_first);
            if is_last {
                self.move_along_sums(layers, scale);
            }
        }
        if is_last {
            self.samples = 0;
        }
    }

    /// Moves the weights row by row, while the row's gradient is at hand.
    fn move_at_once(&mut self, layers: &mut Stack, step: &Step, scale: f32) {
        let Self { optimizer, workers, columns, .. } = self;
        let mut number = 0;
        layers.each_learning(&|kept| kept, &mut |learning, gradient| {
            let block_gradient = |block: Block, engine: &mut Engine, sums: &mut [f32]| {
                step.kept().for_each(|kept| gradient.add(kept, engine, block.clone(), sums));
            };
            let columns = columns.filter(|_| number == 0);
            let only = step.only().filter(|_| columns.is_none());
            let outer_product = only.and_then(|kept| gradient.outer_product(kept));
            let share = learning.share(step.samples());
            optimizer.move_rows(
                number,
                learning,
                scale,
                Rows { share, workers, outer_product, columns, gradient: &block_gradient },
            );
            number += 1;
        });
        self.optimizer.follow(|| layers.learning_mut().into_iter().map(|of| of.w));
    }

    /// Adds the gradients of a batch to the sums.
    fn sum_up(&mut self, layers: &mut Stack, step: &Step, is_first: bool) {
        let Self { sums, workers, .. } = self;
        if sums.is_empty() {
            sums.extend(layers.learning_mut().iter().map(|of| vec![0.0; of.w.len()]));
        }
        let mut all = sums.iter_mut();
        layers.each_learning(&|kept| kept, &mut |learning, gradient| {
            let Some(sums) = all.next() else { return };
            if is_first {
                sums.fill(0.0);
            }
            Worker::each_part(workers, learning.share(step.samples()), sums, |block, worker, sums| {
                step.kept().for_each(|kept| gradient.add(kept, &mut worker.engine, block.clone(), sums));
            });
        });
    }

    fn move_along_sums(&mut self, layers: &mut Stack, scale: f32) {
        let learning = layers.learning_mut().into_iter().zip(&mut self.sums);
        let mut parameters: Vec<_> = learning.map(|(of, g)| parameter(of, g)).collect();
        self.optimizer.update(scale, &mut parameters);
    }

    /// Whether averages of weights are kept.
    pub(super) const fn has_averages(&self) -> bool {
        self.optimizer.averages.is_some()
    }

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
