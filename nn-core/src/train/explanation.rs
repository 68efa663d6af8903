//! Which inputs an answer comes from: gradient × input (Shrikumar et al., 2016).

use crate::Zero;
use crate::layer::{Pass, Present, Signal, Trainable, Turn};

/// Memory to explain the answers of a network, frozen or not.
///
/// ```
/// use nn_core::{activation::Softmax, layer::Dense, train::Explanation};
/// let network = Dense::new([[2.0, 0.0], [0.0, 3.0]], [0.0; 2], Softmax);
/// let mut explanation = Explanation::new();
/// // The score of class 1 comes from the second input alone: 3.0 · 5.0.
/// assert_eq!(explanation.of(&network, &[1.0, 5.0], 1), &[0.0, 15.0]);
/// ```
#[derive(Debug)]
pub struct Explanation<N: Trainable> {
    tape: N::Tape<Present>,
    a: N::Output,
    d: N::Output,
    dx: N::Input,
}

impl<N: Trainable> Default for Explanation<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<N: Trainable> Explanation<N> {
    /// The memory.
    #[must_use]
    pub const fn new() -> Self {
        Self { tape: Zero::ZERO, a: Zero::ZERO, d: Zero::ZERO, dx: Zero::ZERO }
    }

    /// How much each input adds to the score of an output: its value times the gradient of the output's
    /// pre-activation by it; zeros for an output that does not exist.
    ///
    /// # Shapes
    /// - `x`, the answer: `[IN]`
    pub fn of(&mut self, network: &N, x: &N::Input, output: usize) -> &N::Input {
        let turn = Turn::at_inference();
        network.forward_taped::<Present>(turn, x, &mut self.tape, &mut self.a);
        self.d = N::Output::ZERO;
        if let Some(d) = self.d.as_mut().get_mut(output) {
            *d = 1.0;
        }
        let pass = Pass { turn, x, a: &self.a, d: &mut self.d, signal: Signal::Error, dx: &mut self.dx };
        network.backward::<Present>(pass, &mut self.tape);
        self.dx.as_mut().iter_mut().zip(x.as_ref()).for_each(|(dx, &x)| *dx *= x);
        &self.dx
    }
}
