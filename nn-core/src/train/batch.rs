//! Training with gradient accumulation: sums over a batch, then one update.

use super::{Occasion, Training, TrainingMemory};
use crate::layer::{Layer, Present, Trainable, Turn};
use crate::loss::Loss;
use crate::optimizer::Optimizer;

/// A network that learns from batches, with memory for one gradient.
///
/// ```
/// use nn_core::{activation::Identity, layer::Dense, loss::MeanSquaredError, optimizer::Sgd};
/// use nn_core::train::{BatchTrainer, Occasion};
///
/// let mut trainer = BatchTrainer::new(Dense::new([[0.0]], [0.0], Identity), MeanSquaredError, Sgd::new(0.1)?);
/// trainer.accumulate(&[1.0], &[1.0], Occasion::FIRST);
/// trainer.apply();
/// assert_eq!(trainer.network().kernel(), &[[0.2]]);
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
#[derive(Debug)]
pub struct BatchTrainer<M: TrainingMemory, L> {
    memory: M,
    loss: L,
    optimizer: M::Optimizer,
}

impl<N: Trainable<Learning = Present>, L: Loss, O: Optimizer> BatchTrainer<Training<N, O, Present>, L> {
    /// A trainer at its first step, which holds its memory.
    pub const fn new(network: N, loss: L, optimizer: O) -> Self {
        Self { memory: Training::new(network), loss, optimizer }
    }

    /// The network, without what training needed.
    pub fn into_network(self) -> N {
        self.memory.into_network()
    }
}

impl<M: TrainingMemory<Gradients = Present>, L: Loss> BatchTrainer<M, L> {
    /// A trainer that goes on where its memory is; see [`Training`].
    pub const fn within(memory: M, loss: L, optimizer: M::Optimizer) -> Self {
        Self { memory, loss, optimizer }
    }

    /// Adds one sample's gradient and returns its loss. After 65,535 samples without [`apply`](Self::apply) the
    /// batch is applied by itself.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `y`: `[OUT]`
    pub fn accumulate(
        &mut self,
        x: &<M::Network as Layer>::Input,
        y: &L::Target<<M::Network as Layer>::Output>,
        occasion: Occasion,
    ) -> f32 {
        if self.memory.get().samples() == u16::MAX {
            self.apply();
        }
        let (memory, turn) = (self.memory.get_mut(), Turn::of_all(occasion));
        memory.forward(turn, x);
        let (value, signal) = memory.error(&self.loss, y.as_ref());
        memory.backward(turn, x, signal);
        memory.accumulate(turn, x, &self.optimizer);
        value
    }

    /// Moves the weights along the mean gradient of the samples since the last call; does nothing without samples.
    pub fn apply(&mut self) {
        let memory = self.memory.get_mut();
        if memory.samples() == 0 {
            return;
        }
        let mut step = self.optimizer.begin_step(memory.next_step());
        let scale = 1.0 / f32::from(memory.samples());
        for pass in 0..M::Optimizer::PREPARATIONS {
            memory.each_tensor(|weights| M::Optimizer::prepare(&mut step, pass, scale, weights));
        }
        memory.each_row(|mut row| {
            M::Optimizer::update_row(&step, scale, row.reborrow());
            row.g.fill(0.0);
        });
        memory.end_step();
    }

    /// The network as it is now.
    pub fn network(&self) -> &M::Network {
        self.memory.get().network()
    }
}
