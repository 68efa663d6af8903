//! A training step in parts, each the work of one layer in one pass, so that a task can yield in between.

use core::ops::ControlFlow;

use super::{Occasion, OnlineTrainer, TrainingMemory};
use crate::layer::{Absent, Layer, Signal, Turn};
use crate::loss::Loss;
use crate::optimizer::InPlace;

/// A training step under way. Weights move in its last pass; dropped before its end, it may leave some layers moved and
/// others not.
///
/// ```
/// # use core::ops::ControlFlow;
/// # use nn_core::{activation::Identity, layer::Dense, loss::MeanSquaredError, optimizer::Sgd};
/// # use nn_core::train::{Occasion, OnlineTrainer};
/// let mut trainer = OnlineTrainer::new(Dense::new([[0.0]], [0.0], Identity), MeanSquaredError, Sgd::new(0.1)?);
/// let mut step = trainer.learn_in_parts(&[1.0], &[1.0], Occasion::FIRST);
/// let loss = loop {
///     match step.step() {
///         ControlFlow::Continue(()) => {} // embassy: yield_now().await
///         ControlFlow::Break(loss) => break loss,
///     }
/// };
/// assert_eq!((loss, trainer.network().kernel()), (1.0, &[[0.2]]));
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
#[derive(Debug)]
pub struct StepInParts<'s, M: TrainingMemory, L: Loss> {
    trainer: &'s mut OnlineTrainer<M, L>,
    x: &'s <M::Network as Layer>::Input,
    y: &'s L::Target<<M::Network as Layer>::Output>,
    occasion: Occasion,
    next: Part,
    loss: f32,
}

/// What is to be done next; layers count from 0.
#[derive(Clone, Copy, Debug)]
enum Part {
    Forward(u16),
    Backward(u16, Signal),
    Descend(u16),
}

impl<'s, M: TrainingMemory<Gradients = Absent, Optimizer: InPlace>, L: Loss> StepInParts<'s, M, L> {
    const LAYERS: u16 = <M::Network as Layer>::LAYERS;

    pub(super) const fn new(
        trainer: &'s mut OnlineTrainer<M, L>,
        x: &'s <M::Network as Layer>::Input,
        y: &'s L::Target<<M::Network as Layer>::Output>,
        occasion: Occasion,
    ) -> Self {
        Self { trainer, x, y, occasion, next: Part::Forward(0), loss: 0.0 }
    }

    /// Does the work of one layer in one pass; breaks with the sample's loss when the step is done.
    pub fn step(&mut self) -> ControlFlow<f32> {
        let (memory, occasion) = (self.trainer.memory.get_mut(), self.occasion);
        self.next = match self.next {
            Part::Forward(layer) => {
                memory.forward(Turn::of_layer(layer, occasion), self.x);
                if layer + 1 < Self::LAYERS {
                    Part::Forward(layer + 1)
                } else {
                    let (loss, signal) = memory.error(&self.trainer.loss, self.y.as_ref());
                    self.loss = loss;
                    Part::Backward(layer, signal)
                }
            }
            Part::Backward(layer, signal) => {
                memory.backward(Turn::of_layer(layer, occasion), self.x, signal);
                match layer.checked_sub(1) {
                    Some(before) => Part::Backward(before, signal),
                    None => Part::Descend(0),
                }
            }
            Part::Descend(layer) if layer < Self::LAYERS => {
                memory.descend(Turn::of_layer(layer, occasion), self.x, &self.trainer.optimizer);
                if layer + 1 == Self::LAYERS {
                    memory.end_step();
                }
                Part::Descend(layer + 1)
            }
            done @ Part::Descend(_) => done,
        };
        match self.next {
            Part::Descend(layer) if layer >= Self::LAYERS => ControlFlow::Break(self.loss),
            _ => ControlFlow::Continue(()),
        }
    }
}
