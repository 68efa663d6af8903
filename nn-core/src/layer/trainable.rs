//! What a layer needs to learn: a tape between forward and backward, gradients, an optimizer's state.

use core::fmt;

use super::{Layer, PerRow, Presence, StateOf, Sums, Turn};
use crate::init::Initializer;
use crate::loss::Loss;
use crate::optimizer::{InPlace, Optimizer, Row, Weights};
use crate::{Vector, Zero};

/// The sums of a layer's gradients over a batch.
pub type Gradients<L> = <L as Trainable>::Memory<Sums>;

/// What an optimizer remembers of a layer's weights.
pub type State<L, O> = <L as Trainable>::Memory<StateOf<O>>;

/// A layer through which a network is trained. `docs/MATHS.md` has the names.
///
/// A step makes three passes: forward, which leaves activations `a` on the tape; backward, which leaves there each
/// layer's error `d`; and a third in which each layer that learns uses its input and its error, either to add to a
/// gradient ([`accumulate`](Self::accumulate)) or to move its weights at once ([`descend`](Self::descend)). Layers with
/// borrowed weights are frozen: the signal passes through them where a layer before them learns, and they keep no
/// gradient and no state. Layers without weights need no more than forward and backward.
///
/// ```
/// # use nn_core::{Zero, activation::Identity, train::Occasion};
/// use nn_core::layer::{Dense, Learn, Pass, Present, Signal, Trainable, Turn};
///
/// let mut layer = Dense::new([[2.0], [3.0]], [0.0], Identity);
/// let (turn, x) = (Turn::of_all(Occasion::FIRST), [4.0, 5.0]);
/// let (mut tape, mut a, mut dx, mut gradients) = (Zero::ZERO, [0.0], [0.0; 2], Zero::ZERO);
/// layer.forward_taped::<Present>(turn, &x, &mut tape, &mut a);
/// let mut d = [1.0]; // da, which a loss gives
/// let pass = Pass { turn, x: &x, a: &a, d: &mut d, signal: Signal::Activation, dx: &mut dx };
/// layer.backward::<Present>(pass, &mut tape);
/// let learn = Learn { turn, x: &x, d: &mut d, factor: None, first_row: 0 };
/// layer.accumulate::<Present>(learn, &mut tape, &mut gradients);
/// assert_eq!((dx, gradients), ([2.0, 3.0], ([[4.0], [5.0]], [[1.0]])));
/// ```
pub trait Trainable: Layer<Input: Vector, Output: Vector> {
    /// Whether anything in it learns.
    type Learning: Presence;

    /// What the forward pass leaves for the others, besides input and output. `U` says whether what comes before this
    /// layer wants the gradient by the input.
    type Tape<U: Presence>: Zero;

    /// Memory in the shape of the parameters that learn.
    type Memory<M: PerRow>: Zero;

    /// Rows of weights that learn.
    const ROWS: u32;

    /// Fills the kernels that learn, in place; `layer` is the position of this layer in the network, on which the
    /// stream depends. Other parameters stay as they are.
    fn initialize(&mut self, initializer: &impl Initializer, seed: u64, layer: u16) {
        let _ = (initializer, seed, layer);
    }

    /// The answer during training.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `a`: `[OUT]`
    fn forward_taped<U: Presence>(&self, turn: Turn, x: &Self::Input, tape: &mut Self::Tape<U>, a: &mut Self::Output);

    /// The output layer's signal from the target `y`; the error itself where the loss fuses with the activation.
    ///
    /// # Shapes
    /// - `y`, `a`, `d`: `[OUT]`
    #[inline]
    fn output_signal(&self, loss: &impl Loss, y: &[f32], a: &Self::Output, d: &mut Self::Output) -> Signal {
        loss.gradient(a.as_ref(), y, d.as_mut());
        Signal::Activation
    }

    /// Turns the signal into the error and, where it is wanted, gives the gradient by the input (BP2).
    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, tape: &mut Self::Tape<U>);

    /// Adds the gradients by the parameters of one sample (BP3, BP4).
    fn accumulate<U: Presence>(
        &mut self,
        learn: Learn<'_, Self>,
        tape: &mut Self::Tape<U>,
        gradients: &mut Gradients<Self>,
    ) {
        let _ = (learn, tape, gradients);
    }

    /// Moves the parameters along the gradients of one sample, row by row, without memory for gradients.
    ///
    /// The bits are those of [`accumulate`](Self::accumulate) and an update, for a batch of one.
    fn descend<U: Presence, O: InPlace>(
        &mut self,
        learn: Learn<'_, Self>,
        tape: &mut Self::Tape<U>,
        step: &O::Step,
        state: &mut State<Self, O>,
    ) {
        let _ = (learn, tape, step, state);
    }

    /// Calls `work` with each tensor that learns and its gradient, in order.
    fn each_tensor(&mut self, gradients: &mut Gradients<Self>, work: &mut impl FnMut(Weights<'_>)) {
        let _ = (gradients, work);
    }

    /// Calls `work` with each row of weights that learns, with its gradient and memory, in order; their numbers start
    /// at `first_row`.
    fn each_row<O: Optimizer>(
        &mut self,
        first_row: u32,
        gradients: &mut Gradients<Self>,
        state: &mut State<Self, O>,
        work: &mut impl FnMut(Row<'_, O>),
    ) {
        let _ = (first_row, gradients, state, work);
    }
}

/// What the signal holds that comes to a layer from behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The gradient by the activations, da.
    Activation,
    /// The gradient by the pre-activations, dz: the loss has fused with the activation.
    Error,
}

/// What a layer has at hand in the backward pass.
///
/// # Shapes
/// - `x`, `dx`: `[IN]`, `a`, `d`: `[OUT]`
pub struct Pass<'p, L: Layer, U: Presence> {
    /// Whose turn it is.
    pub turn: Turn,
    /// The input.
    pub x: &'p L::Input,
    /// The output.
    pub a: &'p L::Output,
    /// What `signal` says before, the layer's error afterwards.
    pub d: &'p mut L::Output,
    /// What `d` holds before.
    pub signal: Signal,
    /// The gradient by the input, if it is wanted.
    pub dx: &'p mut U::Of<L::Input>,
}

/// What a layer has at hand to learn from.
///
/// # Shapes
/// - `x`: `[IN]`, `d`: `[OUT]`
pub struct Learn<'p, L: Layer> {
    /// Whose turn it is.
    pub turn: Turn,
    /// The input.
    pub x: &'p L::Input,
    /// The layer's error; times `factor` afterwards.
    pub d: &'p mut L::Output,
    /// What errors are multiplied by before they make gradients; see [`Optimizer::error_factor`].
    pub factor: Option<f32>,
    /// The number of this layer's first row of weights in the network.
    pub first_row: u32,
}

impl<L: Layer<Output: Vector>> Learn<'_, L> {
    /// Multiplies the error by the factor.
    #[inline]
    pub(super) fn scale_error(&mut self) {
        if let Some(factor) = self.factor {
            self.d.as_mut().iter_mut().for_each(|d| *d *= factor);
        }
    }
}

impl<L: Layer, U: Presence> fmt::Debug for Pass<'_, L, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { turn, x, a, d, signal, dx: _ } = self;
        let mut text = f.debug_struct("Pass");
        text.field("turn", turn).field("x", x).field("a", a).field("d", d).field("signal", signal);
        text.finish_non_exhaustive()
    }
}

impl<L: Layer> fmt::Debug for Learn<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { turn, x, d, factor, first_row } = self;
        let mut text = f.debug_struct("Learn");
        text.field("turn", turn).field("x", x).field("d", d).field("factor", factor).field("first_row", first_row);
        text.finish()
    }
}
