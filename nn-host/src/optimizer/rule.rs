//! A rule of nn-core with its state for the tensors of one network.

use nn_core::optimizer::{AnyOptimizer, Rule, RuleVisitor, Slot};
use nn_core::{Vector, Zero};
use rayon::prelude::*;

use super::bound::WEIGHTS_PER_TASK;
use super::{Block, ColumnSplit, Share, Worker};
use crate::gemm::Engine;
use crate::layer::OuterProduct;

/// A rule with its state.
pub(super) trait BoundRule: Send + Sync + core::fmt::Debug {
    /// Starts the next step.
    fn begin_step(&mut self);

    /// The learning rate of the step that has begun.
    fn rate(&self) -> f32;

    /// Sets the learning rate of the steps to come, before any decay of the rule's own.
    fn set_learning_rate(&mut self, learning_rate: f32);

    /// Steps begun.
    fn count(&self) -> u32;

    /// What the rule remembers of each tensor, as numbers.
    fn memory(&self) -> Vec<Vec<f32>>;

    /// Goes on after so many steps with what a rule remembered then; memory of another size is refused.
    fn restore(&mut self, count: u32, memory: &[&[f32]]) -> bool;

    /// What the errors of the step that has begun are multiplied by before they make gradients, in a layer whose learning
    /// rate is multiplied by `rate`; `None` for 1.
    fn error_factor(&self, rate: f32) -> Option<f32>;

    /// Moves the weights of one tensor along `scale` times their summed gradients.
    ///
    /// # Shapes
    /// - `g`, `w`: one value a weight, as many as the tensor had when the rule was bound
    fn update(&mut self, tensor: usize, scale: f32, g: &[f32], w: &mut [f32]);

    /// Rearranges what the rule remembers of a tensor whose columns stand together, or do so no longer.
    fn rearrange(&mut self, tensor: usize, columns: ColumnSplit, are_split: bool);

    /// Moves the weights of one tensor block by block of rows, while the gradients of a block are at hand.
    ///
    /// # Shapes
    /// - `w`: row after row, as many values as the tensor had when the rule was bound
    fn move_rows(&mut self, tensor: usize, scale: f32, rows: Rows<'_>, w: &mut [f32]);
}

/// Rows of a tensor, which threads share.
pub(crate) struct Rows<'r> {
    /// How they are shared out.
    pub(crate) share: Share,
    /// The threads.
    pub(crate) workers: &'r mut [Worker],
    /// All of the gradient, where it is that of a single sample.
    pub(crate) outer_product: Option<OuterProduct<'r>>,
    /// How the tensor stands in memory, if not row after row.
    pub(crate) columns: Option<ColumnSplit>,
    /// Adds the gradients by a block of weights to sums.
    pub(crate) gradient: &'r (dyn Fn(Block, &mut Engine, &mut [f32]) + Sync),
}

/// A tensor to be bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TensorSize {
    /// The number of weights.
    pub(crate) weights: usize,
    /// What the learning rate is multiplied by.
    pub(crate) rate: f32,
}

/// The rule with state for these tensors.
pub(super) fn bind(rule: AnyOptimizer, sizes: &[TensorSize]) -> Box<dyn BoundRule> {
    rule.visit(Bind(sizes))
}

/// Binds whichever rule it visits.
struct Bind<'a>(&'a [TensorSize]);

impl RuleVisitor for Bind<'_> {
    type Output = Box<dyn BoundRule>;

    fn visit<R: Rule + Into<AnyOptimizer>>(self, rule: R) -> Self::Output {
        let tensors = self.0.iter().map(|size| State { rate: size.rate, slots: vec![R::Slot::ZERO; size.weights] });
        Box::new(Stateful { rule, count: 0, tensors: tensors.collect() })
    }
}

/// One rule with its state.
#[derive(Debug)]
struct Stateful<R: Rule> {
    rule: R,
    /// Steps begun.
    count: u32,
    tensors: Vec<State<R>>,
}

/// The state of one tensor.
#[derive(Debug)]
struct State<R: Rule> {
    /// What the learning rate is multiplied by.
    rate: f32,
    slots: Vec<R::Slot>,
}

/// The rule with its learning rate multiplied.
fn at_rate<R: Rule>(rule: R, factor: f32) -> R {
    rule.at_rate(rule.learning_rate() * factor).unwrap_or(rule)
}

/// Slots from their numbers, if there are as many as that takes.
fn slots_of<S: Slot>(numbers: &[f32], slots: &mut [S]) -> bool {
    let size = S::Numbers::SIZE;
    if numbers.len() != size * slots.len() {
        return false;
    }
    for (slot, numbers) in slots.iter_mut().zip(numbers.chunks_exact(size.max(1))) {
        let mut of_slot = S::Numbers::ZERO;
        of_slot.as_mut().copy_from_slice(numbers);
        *slot = S::of(of_slot);
    }
    true
}

/// Moves the rows whose gradients are not zero; the others would stay as they are.
fn move_some<R: Rule>(
    step: R::Step,
    scale: f32,
    product: OuterProduct<'_>,
    worker: &mut Worker,
    (slots, w): (&mut [R::Slot], &mut [f32]),
) {
    let OuterProduct { places, x, dz } = product;
    let Worker { engine, gradients } = worker;
    // Room for all rows, so that no later sample needs more.
    gradients.reserve((w.len() + dz.len()).saturating_sub(gradients.len()));
    engine.outer_product(x, dz, gradients);
    let mut gradients = gradients.as_slice();
    engine.instructions().run(
        #[inline(always)]
        || {
            // Rows that follow one another move together.
            for run in places.chunk_by(|place, next| place + 1 == *next) {
                let first = run.first().map_or(0, |&place| place as usize * dz.len());
                let weights = first..first + run.len() * dz.len();
                let (g, rest) = gradients.split_at(weights.len().min(gradients.len()));
                if let (Some(slots), Some(w)) = (slots.get_mut(weights.clone()), w.get_mut(weights)) {
                    R::update(step, scale, g, slots, w);
                }
                gradients = rest;
            }
        },
    );
}

impl<R: Rule> BoundRule for Stateful<R> {
    fn begin_step(&mut self) {
        self.count = self.count.saturating_add(1);
    }

    fn rate(&self) -> f32 {
        self.rule.rate(self.count)
    }

    fn set_learning_rate(&mut self, learning_rate: f32) {
        self.rule = self.rule.at_rate(learning_rate).unwrap_or(self.rule);
    }

    fn count(&self) -> u32 {
        self.count
    }

    fn memory(&self) -> Vec<Vec<f32>> {
        let numbers = |slots: &Vec<R::Slot>| slots.iter().flat_map(|slot| slot.numbers().as_ref().to_vec()).collect();
        self.tensors.iter().map(|tensor| numbers(&tensor.slots)).collect()
    }

    fn restore(&mut self, count: u32, memory: &[&[f32]]) -> bool {
        self.count = count;
        let tensors = self.tensors.iter_mut().zip(memory);
        tensors.len() == memory.len()
            && tensors.fold(true, |fit, (tensor, numbers)| slots_of(numbers, &mut tensor.slots) && fit)
    }

    fn error_factor(&self, rate: f32) -> Option<f32> {
        at_rate(self.rule, rate).error_factor(self.count)
    }

    fn update(&mut self, tensor: usize, scale: f32, g: &[f32], w: &mut [f32]) {
        let Some(State { rate, slots }) = self.tensors.get_mut(tensor) else { return };
        let step = at_rate(self.rule, *rate).step(self.count);
        let parts = w.par_chunks_mut(WEIGHTS_PER_TASK).zip(g.par_chunks(WEIGHTS_PER_TASK));
        parts
            .zip(slots.par_chunks_mut(WEIGHTS_PER_TASK))
            .for_each(|((w, g), slots)| R::update(step, scale, g, slots, w));
    }

    fn rearrange(&mut self, tensor: usize, columns: ColumnSplit, are_split: bool) {
        let Some(State { slots, .. }) = self.tensors.get_mut(tensor) else { return };
        if are_split { columns.split(slots) } else { columns.join(slots) }
    }

    fn move_rows(&mut self, tensor: usize, scale: f32, rows: Rows<'_>, w: &mut [f32]) {
        let Some(State { rate, slots }) = self.tensors.get_mut(tensor) else { return };
        let step = at_rate(self.rule, *rate).step(self.count);
        let Rows { share, workers, outer_product, columns, gradient } = rows;
        if let (true, Some(product), Some(worker)) = (R::ZERO_GRADIENT_IS_IDLE, outer_product, workers.first_mut()) {
            return move_some::<R>(step, scale, product, worker, (slots, w));
        }
        let part = |block: Block, worker: &mut Worker, slots: &mut [R::Slot], w: &mut [f32]| {
            let length = block.rows() * block.columns.len().max(1);
            for (number, (w, slots)) in w.chunks_mut(length).zip(slots.chunks_mut(length)).enumerate() {
                let (engine, sums) = worker.sums(w.len());
                gradient(block.after(number * block.rows()), engine, sums);
                engine.instructions().run(
                    #[inline(always)]
                    || R::update(step, scale, sums, slots, w),
                );
            }
        };
        if let Some(columns) = columns {
            let workers = workers.get_mut(..columns.parts).unwrap_or_default();
            return each_part(columns, 0, workers, (slots, w), &part);
        }
        let length = share.weights(w.len(), workers.len());
        let rows = length / share.row_length.max(1);
        let block = |part| Block::of_rows(part * rows, share.row_length);
        if length >= w.len() {
            return workers.first_mut().into_iter().for_each(|worker| part(block(0), worker, slots, w));
        }
        let parts = w.par_chunks_mut(length).zip(slots.par_chunks_mut(length)).zip(workers).enumerate();
        parts.for_each(|(number, ((w, slots), worker))| part(block(number), worker, slots, w));
    }
}

/// Lets threads take the parts of a tensor whose columns are split, a worker each, the first of which takes part `first`;
/// `slots` and `w` are those of all these parts.
fn each_part<S: Send>(
    columns: ColumnSplit,
    first: usize,
    workers: &mut [Worker],
    (slots, w): (&mut [S], &mut [f32]),
    work: &(impl Fn(Block, &mut Worker, &mut [S], &mut [f32]) + Sync),
) {
    if let [] | [_] = workers {
        let block = Block { first_row: 0, columns: columns.columns(first) };
        return workers.first_mut().into_iter().for_each(|worker| work(block.clone(), worker, slots, w));
    }
    let (middle, end) = (first + workers.len() / 2, first + workers.len());
    let of_left = w.len() / columns.width(first..end).max(1) * columns.width(first..middle);
    let (left, right) = workers.split_at_mut(middle - first);
    let ((left_slots, right_slots), (left_w, right_w)) = (slots.split_at_mut(of_left), w.split_at_mut(of_left));
    rayon::join(
        || each_part(columns, first, left, (left_slots, left_w), work),
        || each_part(columns, middle, right, (right_slots, right_w), work),
    );
}
