//! All the memory of inference as one value, whose size is known to the compiler and which can be a static.

use super::Layer;
use crate::Zero;

/// A network with its input, what flows between its layers, and its output.
///
/// ```
/// use nn_core::activation::Identity;
/// use nn_core::layer::{Dense, Inference, Layer};
///
/// let mut inference = Inference::new(Dense::new([[2.0], [3.0]], [1.0], Identity));
/// *inference.input() = [10.0, 100.0]; // from a sensor, say
/// assert_eq!(inference.run(), &[321.0]);
/// assert_eq!(Dense::<2, 1, Identity>::RAM_INFERENCE, 6 * 4); // two inputs, one output, and three weights of its own
/// ```
#[derive(Clone, Debug)]
pub struct Inference<N: Layer> {
    network: N,
    x: N::Input,
    hidden: N::Hidden,
    a: N::Output,
}

impl<N: Layer> Inference<N> {
    /// The network with an input of zeros.
    pub const fn new(network: N) -> Self {
        Self { network, x: Zero::ZERO, hidden: Zero::ZERO, a: Zero::ZERO }
    }

    /// The input, to be filled.
    pub const fn input(&mut self) -> &mut N::Input {
        &mut self.x
    }

    /// The answer to the input.
    pub fn run(&mut self) -> &N::Output {
        self.network.forward::<true>(&self.x, &mut self.hidden, &mut self.a);
        &self.a
    }

    /// The answer to the input, in a number of instructions that does not depend on the input's zeros.
    pub fn run_steadily(&mut self) -> &N::Output {
        self.network.forward::<false>(&self.x, &mut self.hidden, &mut self.a);
        &self.a
    }
}
