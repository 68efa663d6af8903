//! Online training: one sample, one update, in place.

use super::{Occasion, forward_and_error};
use crate::Zero;
use crate::layer::Trainable;
use crate::loss::Loss;
use crate::optimizer::Rule;

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
pub struct OnlineTrainer<N: Trainable, L, R: Rule> {
    network: N,
    loss: L,
    rule: R,
    tape: N::Tape,
    state: N::State<R>,
    /// Updates made.
    steps: u32,
}

impl<N: Trainable, L: Loss, R: Rule> OnlineTrainer<N, L, R> {
    /// A trainer at its first step.
    pub const fn new(network: N, loss: L, rule: R) -> Self {
        Self { network, loss, rule, tape: Zero::ZERO, state: Zero::ZERO, steps: 0 }
    }

    /// Moves the weights along one sample's gradient and returns its loss from before.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `y`: `[OUT]`
    pub fn learn(&mut self, x: &N::Input, y: &N::Output, occasion: Occasion) -> f32 {
        let value = forward_and_error(&self.network, &self.loss, x, y, occasion, &mut self.tape);
        self.steps = self.steps.saturating_add(1);
        let step = self.rule.step(self.steps);
        self.network.backward_update::<R>(x, &mut self.tape, None, step, &mut self.state);
        value
    }

    /// The network as it is now.
    pub const fn network(&self) -> &N {
        &self.network
    }

    /// The network, without what training needed.
    pub fn into_network(self) -> N {
        self.network
    }
}
