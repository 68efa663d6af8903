//! All the memory of a training as one value, whose size is known to the compiler and which can be a static.

use crate::Zero;
use crate::layer::{Absent, Gradients, Learn, Pass, Presence, Present, Signal, State, Trainable, Turn, Untrained};
use crate::loss::Loss;
use crate::optimizer::{InPlace, Optimizer, Row, Weights};

/// A network in training: its weights, activations and errors, what its optimizer remembers, and, with `G` =
/// [`Present`], gradients to be summed over a batch.
///
/// In a static it needs no stack and, as long as all of it is zero, no flash:
///
/// ```
/// # use nn_core::activation::{Relu, Softmax};
/// # use nn_core::layer::{Chain, Dense};
/// # use nn_core::loss::CategoricalCrossentropy;
/// use nn_core::init::GlorotUniform;
/// use nn_core::optimizer::Adam;
/// use nn_core::train::{OnlineTrainer, Training};
///
/// type Network = Chain<Dense<784, 30, Relu>, Dense<30, 10, Softmax>>;
/// # use std::sync::Mutex; // a StaticCell on the chip
/// static MEMORY: Mutex<Training<Network, Adam>> = Mutex::new(Training::UNTRAINED);
///
/// let mut memory = MEMORY.lock().unwrap();
/// memory.initialize(&GlorotUniform, 42);
/// let trainer = OnlineTrainer::within(&mut *memory, CategoricalCrossentropy, Adam::default());
/// ```
#[derive(Debug)]
pub struct Training<N: Trainable, O: Optimizer, G: Presence = Absent> {
    network: N,
    tape: N::Tape<Absent>,
    /// The network's output, and the error there.
    a: N::Output,
    d: N::Output,
    gradients: G::Of<Gradients<N>>,
    state: State<N, O>,
    /// Updates made.
    steps: u32,
    /// Samples in the gradients.
    samples: u16,
}

impl<N: Trainable<Learning = Present>, O: Optimizer, G: Presence> Training<N, O, G> {
    /// A network before its first step; one whose weights are all borrowed has nothing to learn and does not compile.
    pub const fn new(network: N) -> Self {
        Self {
            network,
            tape: Zero::ZERO,
            a: Zero::ZERO,
            d: Zero::ZERO,
            gradients: Zero::ZERO,
            state: Zero::ZERO,
            steps: 0,
            samples: 0,
        }
    }
}

impl<N: Trainable, O: Optimizer, G: Presence> Training<N, O, G> {
    /// Fills the kernels that learn, in place, with the weights that the host gives for this seed.
    pub fn initialize(&mut self, initializer: &impl crate::init::Initializer, seed: u64) {
        self.network.initialize(initializer, seed, 0);
    }

    /// The network as it is now.
    pub const fn network(&self) -> &N {
        &self.network
    }

    /// The network, without what training needed.
    pub fn into_network(self) -> N {
        self.network
    }

    /// The forward pass: leaves the activations.
    pub(super) fn forward(&mut self, turn: Turn, x: &N::Input) {
        self.network.forward_taped::<Absent>(turn, x, &mut self.tape, &mut self.a);
    }

    /// The loss, and the signal that goes backward (in the chapter: BP1).
    pub(super) fn error(&mut self, loss: &impl Loss, y: &[f32]) -> (f32, Signal) {
        let signal = self.network.output_signal(loss, y, &self.a, &mut self.d);
        (loss.value(self.a.as_ref(), y), signal)
    }

    /// The backward pass: leaves the errors.
    pub(super) fn backward(&mut self, turn: Turn, x: &N::Input, signal: Signal) {
        let pass = Pass { turn, x, a: &self.a, d: &mut self.d, signal, dx: &mut () };
        self.network.backward::<Absent>(pass, &mut self.tape);
    }

    /// The number of the next update, from 1.
    pub(super) const fn next_step(&self) -> u32 {
        self.steps.saturating_add(1)
    }

    /// Moves the weights along the gradients of the sample that has gone through.
    pub(super) fn descend(&mut self, turn: Turn, x: &N::Input, optimizer: &O)
    where
        O: InPlace,
    {
        let t = self.next_step();
        let learn = Learn { turn, x, d: &mut self.d, factor: optimizer.error_factor(t), first_row: 0 };
        self.network.descend::<Absent, O>(learn, &mut self.tape, &optimizer.begin_step(t), &mut self.state);
    }

    /// Counts an update.
    pub(super) const fn end_step(&mut self) {
        self.steps = self.next_step();
        self.samples = 0;
    }
}

impl<N: Trainable, O: Optimizer> Training<N, O, Present> {
    /// Adds the gradients of the sample that has gone through.
    pub(super) fn accumulate(&mut self, turn: Turn, x: &N::Input, optimizer: &O) {
        let factor = optimizer.error_factor(self.next_step());
        let learn = Learn { turn, x, d: &mut self.d, factor, first_row: 0 };
        self.network.accumulate::<Absent>(learn, &mut self.tape, &mut self.gradients);
        self.samples += 1;
    }

    /// Samples in the gradients.
    pub(super) const fn samples(&self) -> u16 {
        self.samples
    }

    /// Does something with each tensor that learns and its gradient.
    pub(super) fn each_tensor(&mut self, mut work: impl FnMut(Weights<'_>)) {
        self.network.each_tensor(&mut self.gradients, &mut work);
    }

    /// Does something with each row that learns, its gradient and its memory.
    pub(super) fn each_row(&mut self, mut work: impl FnMut(Row<'_, O>)) {
        self.network.each_row(0, &mut self.gradients, &mut self.state, &mut work);
    }
}

impl<N: Trainable<Learning = Present> + Untrained, O: Optimizer, G: Presence> Training<N, O, G> {
    /// A network before its training, with kernels of zero until they are [initialized](Self::initialize).
    pub const UNTRAINED: Self = Self::new(N::UNTRAINED);
}

/// A [`Training`] that a trainer holds, itself or by reference.
pub trait TrainingMemory {
    /// The network in training.
    type Network: Trainable;

    /// What moves its weights.
    type Optimizer: Optimizer;

    /// Whether it sums up gradients.
    type Gradients: Presence;

    /// The memory.
    fn get(&self) -> &Training<Self::Network, Self::Optimizer, Self::Gradients>;

    /// The memory.
    fn get_mut(&mut self) -> &mut Training<Self::Network, Self::Optimizer, Self::Gradients>;
}

impl<N: Trainable, O: Optimizer, G: Presence> TrainingMemory for Training<N, O, G> {
    type Network = N;
    type Optimizer = O;
    type Gradients = G;

    fn get(&self) -> &Self {
        self
    }

    fn get_mut(&mut self) -> &mut Self {
        self
    }
}

impl<M: TrainingMemory> TrainingMemory for &mut M {
    type Network = M::Network;
    type Optimizer = M::Optimizer;
    type Gradients = M::Gradients;

    fn get(&self) -> &Training<M::Network, M::Optimizer, M::Gradients> {
        (**self).get()
    }

    fn get_mut(&mut self) -> &mut Training<M::Network, M::Optimizer, M::Gradients> {
        (**self).get_mut()
    }
}
