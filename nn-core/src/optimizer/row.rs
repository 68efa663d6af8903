//! Optimizers as trainers use them: they move the weights row by row, each row with its gradient and memory. Those that
//! must know more of the gradients first see them tensor by tensor before that.

use super::Rule;
use crate::Zero;

/// A way to move weights along their gradients: a [`Rule`], or one with something around it, such as clipping.
///
/// ```
/// # use nn_core::Zero;
/// use nn_core::optimizer::{Adam, Memory, Optimizer, Row, Tensor};
/// let (mut w, mut g, mut memory) = ([1.0], [5.0], Memory::<Adam, 1>::ZERO);
/// let row = Row { tensor: Tensor::Kernel, number: 0, w: &mut w, g: &mut g, memory: memory.as_mut() };
/// Adam::update_row(&Adam::default().begin_step(1), 1.0, row);
/// assert!((w[0] - 0.999).abs() < 1e-6);
/// ```
pub trait Optimizer: Copy + core::fmt::Debug + Send + Sync + 'static {
    /// What it remembers for each weight.
    type Slot: Zero + Copy + core::fmt::Debug + Send + Sync + 'static;

    /// What it remembers for each row of weights, such as the scale of compressed slots; `()` for most.
    type Block: Zero + Copy + core::fmt::Debug + Send + Sync + 'static;

    /// What is the same for all weights of one step.
    type Step: Copy + core::fmt::Debug + Send + Sync;

    /// Whether a gradient of zero leaves weights and memory as they are, so that it can be skipped.
    const ZERO_GRADIENT_IS_IDLE: bool;

    /// Whether a step is `w ← w − scale · g` and nothing else, so that the gradient need not be stored.
    const IS_PLAIN: bool;

    /// How often it must see all gradients of a batch before the first row moves: as often, in turn, as something in it
    /// needs their norm.
    const PREPARATIONS: u32 = 0;

    /// The learning rate of step number `t`; the first step is 1.
    fn rate(&self, t: u32) -> f32;

    /// What step number `t` shares among all weights.
    fn begin_step(&self, t: u32) -> Self::Step;

    /// What the errors dz of step number `t` are multiplied by before they make gradients; `None` for 1.
    fn error_factor(&self, t: u32) -> Option<f32>;

    /// Sees a whole tensor before the first row moves; called for all tensors in order, and that
    /// [`PREPARATIONS`](Self::PREPARATIONS) times, `pass` counting from 0.
    ///
    /// `scale` is 1 / (samples in the batch), because gradients are sums.
    fn prepare(step: &mut Self::Step, pass: u32, scale: f32, weights: Weights<'_>) {
        let _ = (step, pass, scale, weights);
    }

    /// Moves a row of weights along `scale` times its gradient.
    fn update_row(step: &Self::Step, scale: f32, row: Row<'_, Self>);
}

/// What a row of weights belongs to: some terms are for kernels alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tensor {
    /// The kernel of a dense layer.
    Kernel,
    /// The bias of a dense layer.
    Bias,
    /// The parameters of another layer: a normalization's scale and shift, learned slopes.
    Other,
}

/// Weights of one tensor with their gradients: a row, or all rows.
///
/// # Shapes
/// - `w`, `g`: `[ROWS][row_length]`
#[derive(Debug)]
pub struct Weights<'w> {
    /// What they belong to.
    pub tensor: Tensor,
    /// Weights in a row.
    pub row_length: usize,
    /// The weights.
    pub w: &'w mut [f32],
    /// The sum of their gradients, times the [error factor](Optimizer::error_factor).
    pub g: &'w mut [f32],
}

/// One row of weights on its way through an update.
///
/// # Shapes
/// - `w`, `g`, and the slots of `memory`: one value a weight
#[derive(Debug)]
pub struct Row<'r, O: Optimizer> {
    /// What the row belongs to.
    pub tensor: Tensor,
    /// The number of the row in the network, counted from 0 through all rows that learn.
    pub number: u32,
    /// The weights.
    pub w: &'r mut [f32],
    /// The sum of their gradients, times the [error factor](Optimizer::error_factor).
    pub g: &'r mut [f32],
    /// What the optimizer remembers for them.
    pub memory: MemoryMut<'r, O>,
}

impl<'r, O: Optimizer> Row<'r, O> {
    /// The same row, borrowed for a shorter time.
    pub const fn reborrow(&mut self) -> Row<'_, O> {
        let MemoryMut { slots, block } = &mut self.memory;
        Row { tensor: self.tensor, number: self.number, w: self.w, g: self.g, memory: MemoryMut { slots, block } }
    }

    /// The row without its memory.
    pub const fn weights(&mut self) -> Weights<'_> {
        Weights { tensor: self.tensor, row_length: self.w.len(), w: self.w, g: self.g }
    }

    /// The same row for another optimizer that remembers the same.
    pub(super) fn hand_over<I: Optimizer<Slot = O::Slot, Block = O::Block>>(self) -> Row<'r, I> {
        let Self { tensor, number, w, g, memory: MemoryMut { slots, block } } = self;
        Row { tensor, number, w, g, memory: MemoryMut { slots, block } }
    }
}

/// What an optimizer remembers for a row of `N` weights.
#[derive(Clone, Copy, Debug)]
pub struct Memory<O: Optimizer, const N: usize> {
    slots: [O::Slot; N],
    block: O::Block,
}

impl<O: Optimizer, const N: usize> Zero for Memory<O, N> {
    const ZERO: Self = Self { slots: [O::Slot::ZERO; N], block: O::Block::ZERO };
}

impl<O: Optimizer, const N: usize> Memory<O, N> {
    /// The memory behind references.
    pub const fn as_mut(&mut self) -> MemoryMut<'_, O> {
        MemoryMut { slots: &mut self.slots, block: &mut self.block }
    }
}

/// [`Memory`] behind references.
#[derive(Debug)]
pub struct MemoryMut<'r, O: Optimizer> {
    /// One a weight.
    pub slots: &'r mut [O::Slot],
    /// One for the row.
    pub block: &'r mut O::Block,
}

impl<R: Rule> Optimizer for R {
    type Slot = R::Slot;
    type Block = ();
    type Step = R::Step;

    const ZERO_GRADIENT_IS_IDLE: bool = R::ZERO_GRADIENT_IS_IDLE;
    const IS_PLAIN: bool = R::IS_PLAIN;

    #[inline]
    fn rate(&self, t: u32) -> f32 {
        Rule::rate(self, t)
    }

    #[inline]
    fn begin_step(&self, t: u32) -> R::Step {
        self.step(t)
    }

    #[inline]
    fn error_factor(&self, t: u32) -> Option<f32> {
        Rule::error_factor(self, t)
    }

    #[inline]
    fn update_row(step: &R::Step, scale: f32, row: Row<'_, Self>) {
        R::update(*step, scale, row.g, row.memory.slots, row.w);
    }
}
