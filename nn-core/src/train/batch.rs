//! Training with gradient accumulation: sums over a batch, then one update.

use super::{Occasion, forward_and_error};
use crate::Zero;
use crate::layer::Trainable;
use crate::loss::Loss;
use crate::optimizer::Rule;

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
pub struct BatchTrainer<N: Trainable, L, R: Rule> {
    network: N,
    loss: L,
    rule: R,
    tape: N::Tape,
    gradients: N::Gradients,
    state: N::State<R>,
    /// Samples accumulated since the last update.
    samples: u16,
    /// Updates made.
    steps: u32,
}

impl<N: Trainable, L: Loss, R: Rule> BatchTrainer<N, L, R> {
    /// A trainer at its first step.
    pub const fn new(network: N, loss: L, rule: R) -> Self {
        Self { network, loss, rule, tape: Zero::ZERO, gradients: Zero::ZERO, state: Zero::ZERO, samples: 0, steps: 0 }
    }

    /// Adds one sample's gradient and returns its loss. After 65,535 samples without [`apply`](Self::apply) the
    /// batch is applied by itself.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `y`: `[OUT]`
    pub fn accumulate(&mut self, x: &N::Input, y: &N::Output, occasion: Occasion) -> f32 {
        if self.samples == u16::MAX {
            self.apply();
        }
        let value = forward_and_error(&self.network, &self.loss, x, y, occasion, &mut self.tape);
        self.network.backward(x, &mut self.tape, None, &mut self.gradients);
        self.samples += 1;
        value
    }

    /// Moves the weights along the mean gradient of the samples since the last call; does nothing without samples.
    pub fn apply(&mut self) {
        if self.samples == 0 {
            return;
        }
        self.steps = self.steps.saturating_add(1);
        let scale = 1.0 / f32::from(self.samples);
        self.network.update::<R>(self.rule.step(self.steps), scale, &self.gradients, &mut self.state);
        self.gradients = Zero::ZERO;
        self.samples = 0;
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
