//! Online training: one sample, one update, in place.

use super::{Occasion, StepInParts, Training, TrainingMemory};
use crate::layer::{Absent, Layer, Present, Trainable, Turn};
use crate::loss::Loss;
use crate::optimizer::InPlace;

/// A network that learns from one sample at a time, without memory for gradients.
///
/// ```
/// use nn_core::{activation::Identity, layer::Dense, loss::MeanSquaredError, optimizer::Sgd};
/// use nn_core::train::{Occasion, OnlineTrainer};
///
/// let mut trainer = OnlineTrainer::new(Dense::new([[0.0]], [0.0], Identity), MeanSquaredError, Sgd::new(0.1)?);
/// let loss = trainer.learn(&[1.0], &[1.0], Occasion::FIRST);
/// assert_eq!((loss, trainer.network().kernel()), (1.0, &[[0.2]]));
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
#[derive(Debug)]
pub struct OnlineTrainer<M: TrainingMemory, L> {
    pub(super) memory: M,
    pub(super) loss: L,
    pub(super) optimizer: M::Optimizer,
}

impl<N: Trainable<Learning = Present>, L: Loss, O: InPlace> OnlineTrainer<Training<N, O>, L> {
    /// A trainer at its first step, which holds its memory.
    pub const fn new(network: N, loss: L, optimizer: O) -> Self {
        Self { memory: Training::new(network), loss, optimizer }
    }

    /// The network, without what training needed.
    pub fn into_network(self) -> N {
        self.memory.into_network()
    }
}

impl<M: TrainingMemory<Gradients = Absent, Optimizer: InPlace>, L: Loss> OnlineTrainer<M, L> {
    /// A trainer that goes on where its memory is; see [`Training`].
    pub const fn within(memory: M, loss: L, optimizer: M::Optimizer) -> Self {
        Self { memory, loss, optimizer }
    }

    /// Moves the weights along one sample's gradient and returns its loss from before.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `y`: `[OUT]`, or a [`Class`](crate::loss::Class), as the loss has it
    pub fn learn(
        &mut self,
        x: &<M::Network as Layer>::Input,
        y: &L::Target<<M::Network as Layer>::Output>,
        occasion: Occasion,
    ) -> f32 {
        let (memory, turn) = (self.memory.get_mut(), Turn::of_all(occasion));
        memory.forward(turn, x);
        let (value, signal) = memory.error(&self.loss, y.as_ref());
        memory.backward(turn, x, signal);
        memory.descend(turn, x, &self.optimizer);
        memory.end_step();
        value
    }

    /// The same, in parts that each take no longer than one layer, so that a task can do something else in between.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `y`: `[OUT]`
    pub const fn learn_in_parts<'s>(
        &'s mut self,
        x: &'s <M::Network as Layer>::Input,
        y: &'s L::Target<<M::Network as Layer>::Output>,
        occasion: Occasion,
    ) -> StepInParts<'s, M, L> {
        StepInParts::new(self, x, y, occasion)
    }

    /// The network as it is now.
    pub fn network(&self) -> &M::Network {
        self.memory.get().network()
    }
}
