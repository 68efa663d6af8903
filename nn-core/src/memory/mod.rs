//! What a network costs in flash and RAM, as constants, and budgets that do not compile when they are exceeded.
//!
//! [`Layer::FLASH`](crate::layer::Layer::FLASH) and [`Layer::RAM_INFERENCE`](crate::layer::Layer::RAM_INFERENCE) are on
//! the network's type; [`ram_training`] depends on the optimizer too. They count the network's tensors and the memory of
//! [`Inference`](crate::layer::Inference) or [`Training`]; code, stack and the rest of a firmware come on top.

mod budget;

pub use budget::{Budget, Cost, bytes};

use crate::layer::{Absent, Present, Trainable};
use crate::optimizer::Optimizer;
use crate::train::Training;

/// Bytes of RAM that a training takes with batches of `BATCH` samples: weights of its own, activations, errors, what the
/// optimizer remembers, and, for batches of more than one, gradients.
///
/// ```
/// use nn_core::activation::{Relu, Softmax};
/// use nn_core::layer::{Chain, Dense};
/// use nn_core::memory::ram_training;
/// use nn_core::optimizer::{Adam, Sgd};
///
/// type Network = Chain<Dense<784, 30, Relu>, Dense<30, 10, Softmax>>;
/// const WEIGHTS: usize = 4 * (784 * 30 + 30 + 30 * 10 + 10);
/// const { assert!(ram_training::<Network, Sgd, 1>() < WEIGHTS + 1024) };
/// const { assert!(ram_training::<Network, Adam, 32>() < 4 * WEIGHTS + 1024) };
/// ```
#[must_use]
pub const fn ram_training<N: Trainable, O: Optimizer, const BATCH: u16>() -> usize {
    if BATCH > 1 { size_of::<Training<N, O, Present>>() } else { size_of::<Training<N, O, Absent>>() }
}
