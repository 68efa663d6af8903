//! Layers as types: what they compute, how they chain, what training keeps; inference and training side by side.

mod chain;
mod dense;
mod dropout;
#[cfg(feature = "nalgebra")]
mod matrix;
mod storage;

pub use chain::Chain;
pub use dense::{Dense, DenseTape};
pub use dropout::{Dropout, DropoutRate, DropoutTape, RateError};
pub use storage::{Borrowed, Owned, Storage};

pub use crate::Vector;

use crate::Zero;
use crate::loss::Loss;
use crate::optimizer::Rule;
use crate::train::Occasion;

/// A layer, or a network of layers: a function from one vector to another.
///
/// ```
/// use nn_core::activation::Identity;
/// use nn_core::layer::{Dense, Layer};
/// let double = Dense::new([[2.0]], [0.0], Identity);
/// assert_eq!(double.predict(&[21.0]), [42.0]);
/// ```
pub trait Layer {
    /// The input, `[f32; IN]`.
    type Input: Vector;

    /// The output, `[f32; OUT]`.
    type Output: Vector;

    /// How many layers this is; a chain counts all its parts.
    const LAYERS: u16;

    /// The answer `a` to one input `x`, as after training: dropout lets everything pass.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `a`: `[OUT]`
    fn forward(&self, x: &Self::Input, a: &mut Self::Output);

    /// The answer to one input, by value.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, the answer: `[OUT]`
    #[inline]
    fn predict(&self, x: &Self::Input) -> Self::Output {
        let mut a = Self::Output::ZERO;
        self.forward(x, &mut a);
        a
    }

    /// This layer, followed by another whose input has the size of this one's output.
    ///
    /// ```
    /// # use nn_core::{activation::{Relu, Softmax}, layer::{Dense, Layer}};
    /// let network = Dense::new([[0.0; 30]; 784], [0.0; 30], Relu).then(Dense::new([[0.0; 10]; 30], [0.0; 10], Softmax));
    /// ```
    ///
    /// A wrong join does not compile; the compiler names the two sizes:
    ///
    /// ```compile_fail,E0271
    /// # use nn_core::{activation::{Relu, Softmax}, layer::{Dense, Layer}};
    /// let network = Dense::new([[0.0; 30]; 784], [0.0; 30], Relu).then(Dense::new([[0.0; 10]; 20], [0.0; 10], Softmax));
    /// ```
    fn then<L: Layer<Input = Self::Output>>(self, next: L) -> Chain<Self, L>
    where
        Self: Sized,
    {
        Chain::new(self, next)
    }
}

/// A layer that learns. Forward and backward are methods beside each other; see `docs/MATHS.md` for the names.
///
/// Between the two, the layer's tape keeps its activations `a` and the signal `d`, which holds da, the gradient of
/// the loss by `a`, until [`error`](Self::error) turns it into dz, the gradient by the pre-activations.
///
/// ```
/// # use nn_core::{Zero, activation::Identity, layer::{Dense, Trainable}, train::Occasion};
/// let layer: Dense<2, 1, _> = Dense::new([[2.0], [3.0]], [0.0], Identity);
/// let (mut tape, mut dx, mut gradients) = (Zero::ZERO, [0.0; 2], Zero::ZERO);
/// layer.forward_taped(&[4.0, 5.0], Occasion::FIRST, &mut tape);
/// let (_, d) = Dense::<2, 1, Identity>::signals(&mut tape);
/// *d = [1.0]; // da, which a loss gives
/// layer.error(&mut tape);
/// layer.backward(&[4.0, 5.0], &mut tape, Some(&mut dx), &mut gradients);
/// assert_eq!((dx, gradients), ([2.0, 3.0], ([[4.0], [5.0]], [1.0])));
/// ```
pub trait Trainable: Layer {
    /// What the forward pass leaves for the backward pass.
    type Tape: Zero;

    /// The sums of gradients over a batch, in the shape of the parameters.
    type Gradients: Zero;

    /// What an optimizer rule remembers, in the shape of the parameters.
    type State<R: Rule>: Zero;

    /// The answer during training, left on the tape.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `a` on the tape: `[OUT]`
    fn forward_taped(&self, x: &Self::Input, occasion: Occasion, tape: &mut Self::Tape);

    /// The activations `a` and the signal `d` on the tape.
    ///
    /// # Shapes
    /// - `a`, `d`: `[OUT]`
    fn signals(tape: &mut Self::Tape) -> (&Self::Output, &mut Self::Output);

    /// Sets the signal on the tape to the output's error, dz, from the target `y` (in the chapter: BP1). A loss may
    /// fuse with the last activation.
    ///
    /// # Shapes
    /// - `y`: `[OUT]`
    fn output_error(&self, loss: &impl Loss, y: &Self::Output, tape: &mut Self::Tape);

    /// Turns the signal on the tape from da into dz = da ⊙ σ′(z).
    ///
    /// # Shapes
    /// - `a`, `d` on the tape: `[OUT]`; `d` holds da before and dz after
    fn error(&self, tape: &mut Self::Tape);

    /// From dz on the tape to the gradient by the input, and adds the gradients by the parameters.
    ///
    /// # Shapes
    /// - `x`, `dx`: `[IN]`
    fn backward(
        &self,
        x: &Self::Input,
        tape: &mut Self::Tape,
        dx: Option<&mut Self::Input>,
        gradients: &mut Self::Gradients,
    );

    /// Moves the parameters along `scale` times their summed gradients.
    ///
    /// `scale` is 1 / (samples in the batch), because `gradients` are sums.
    ///
    /// # Shapes
    /// - `gradients`, `state`: those of the parameters; for a [`Dense`] layer `[IN][OUT]` and `[OUT]`
    fn update<R: Rule>(&mut self, step: R::Step, scale: f32, gradients: &Self::Gradients, state: &mut Self::State<R>);

    /// [`backward`](Self::backward) and [`update`](Self::update) for a batch of one, without memory for gradients:
    /// each row of weights moves as soon as its gradient is known. The bits are those of the two calls.
    ///
    /// # Shapes
    /// - `x`, `dx`: `[IN]`
    fn backward_update<R: Rule>(
        &mut self,
        x: &Self::Input,
        tape: &mut Self::Tape,
        dx: Option<&mut Self::Input>,
        step: R::Step,
        state: &mut Self::State<R>,
    );
}
