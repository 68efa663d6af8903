//! Two layers, one after the other; chains of chains make networks.

use super::{Gradients, Layer, Learn, Pass, PerRow, Presence, Signal, State, Trainable, Turn, Untrained};
use crate::Zero;
use crate::init::Initializer;
use crate::loss::Loss;
use crate::optimizer::{InPlace, Optimizer, Row, Weights};

/// `first`, then `second`, whose input has the size of the output of `first`. Made by [`Layer::then`].
///
/// ```
/// use nn_core::activation::Identity;
/// use nn_core::layer::{Chain, Dense, Layer};
/// type Network = Chain<Dense<1, 1, Identity>, Dense<1, 2, Identity>>;
/// let network: Network = Dense::new([[2.0]], [0.0], Identity).then(Dense::new([[1.0, 3.0]], [0.0; 2], Identity));
/// assert_eq!(network.predict(&[5.0]), [10.0, 30.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chain<F, S> {
    first: F,
    second: S,
}

impl<F: Layer, S: Layer<Input = F::Output>> Chain<F, S> {
    /// `first`, then `second`.
    pub const fn new(first: F, second: S) -> Self {
        Self { first, second }
    }

    /// The first part.
    pub const fn first(&self) -> &F {
        &self.first
    }

    /// The second part.
    pub const fn second(&self) -> &S {
        &self.second
    }
}

impl<F: Untrained, S: Untrained> Untrained for Chain<F, S> {
    const UNTRAINED: Self = Self { first: F::UNTRAINED, second: S::UNTRAINED };
}

impl<F: Layer, S: Layer<Input = F::Output>> Layer for Chain<F, S> {
    type Input = F::Input;
    type Output = S::Output;
    type Hidden = (F::Hidden, F::Output, S::Hidden);

    const LAYERS: u16 = F::LAYERS + S::LAYERS;
    const FLASH: usize = F::FLASH + S::FLASH;

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &F::Input, hidden: &mut Self::Hidden, a: &mut S::Output) {
        let (first, between, second) = hidden;
        self.first.forward::<SKIP_ZEROS>(x, first, between);
        self.second.forward::<SKIP_ZEROS>(between, second, a);
    }
}

/// Whether the gradient by the output of `F` is wanted: by its own layers, or by what comes before it.
type Between<F, U> = <U as Presence>::Or<<F as Trainable>::Learning>;

/// What a chain keeps between forward and backward: its parts' tapes, and what flows between them.
#[derive(Clone, Copy, Debug)]
pub struct ChainTape<F, A, D, S> {
    first: F,
    /// Activations of the first part.
    a: A,
    /// Their signal, if someone wants it.
    d: D,
    second: S,
}

impl<F: Zero, A: Zero, D: Zero, S: Zero> Zero for ChainTape<F, A, D, S> {
    const ZERO: Self = Self { first: Zero::ZERO, a: Zero::ZERO, d: Zero::ZERO, second: Zero::ZERO };
}

impl<F: Trainable, S: Trainable<Input = F::Output>> Trainable for Chain<F, S> {
    type Learning = <F::Learning as Presence>::Or<S::Learning>;
    type Tape<U: Presence> =
        ChainTape<F::Tape<U>, F::Output, <Between<F, U> as Presence>::Of<F::Output>, S::Tape<Between<F, U>>>;
    type Memory<M: PerRow> = (F::Memory<M>, S::Memory<M>);

    const ROWS: u32 = F::ROWS + S::ROWS;

    fn initialize(&mut self, initializer: &impl Initializer, seed: u64, layer: u16) {
        self.first.initialize(initializer, seed, layer);
        self.second.initialize(initializer, seed, layer.saturating_add(F::LAYERS));
    }

    fn forward_taped<U: Presence>(&self, turn: Turn, x: &F::Input, tape: &mut Self::Tape<U>, a: &mut S::Output) {
        if turn.reaches(F::LAYERS) {
            self.first.forward_taped::<U>(turn, x, &mut tape.first, &mut tape.a);
        }
        let turn = turn.after(F::LAYERS);
        if turn.reaches(S::LAYERS) {
            self.second.forward_taped::<Between<F, U>>(turn, &tape.a, &mut tape.second, a);
        }
    }

    fn output_signal(&self, loss: &impl Loss, y: &[f32], a: &S::Output, d: &mut S::Output) -> Signal {
        self.second.output_signal(loss, y, a, d)
    }

    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, tape: &mut Self::Tape<U>) {
        let Pass { turn, x, a, d, signal, dx } = pass;
        let after = turn.after(F::LAYERS);
        if after.reaches(S::LAYERS) {
            let pass = Pass { turn: after, x: &tape.a, a, d, signal, dx: &mut tape.d };
            self.second.backward::<Between<F, U>>(pass, &mut tape.second);
        }
        if let Some(d) = <Between<F, U>>::get_mut(&mut tape.d)
            && turn.reaches(F::LAYERS)
        {
            let pass = Pass { turn, x, a: &tape.a, d, signal: Signal::Activation, dx };
            self.first.backward::<U>(pass, &mut tape.first);
        }
    }

    fn accumulate<U: Presence>(
        &mut self,
        learn: Learn<'_, Self>,
        tape: &mut Self::Tape<U>,
        gradients: &mut Gradients<Self>,
    ) {
        let Learn { turn, x, d, factor, first_row } = learn;
        if let Some(d) = <Between<F, U>>::get_mut(&mut tape.d)
            && turn.reaches(F::LAYERS)
        {
            let learn = Learn { turn, x, d, factor, first_row };
            self.first.accumulate::<U>(learn, &mut tape.first, &mut gradients.0);
        }
        let turn = turn.after(F::LAYERS);
        if turn.reaches(S::LAYERS) {
            let learn = Learn { turn, x: &tape.a, d, factor, first_row: first_row + F::ROWS };
            self.second.accumulate::<Between<F, U>>(learn, &mut tape.second, &mut gradients.1);
        }
    }

    fn descend<U: Presence, O: InPlace>(
        &mut self,
        learn: Learn<'_, Self>,
        tape: &mut Self::Tape<U>,
        step: &O::Step,
        state: &mut State<Self, O>,
    ) {
        let Learn { turn, x, d, factor, first_row } = learn;
        if let Some(d) = <Between<F, U>>::get_mut(&mut tape.d)
            && turn.reaches(F::LAYERS)
        {
            let learn = Learn { turn, x, d, factor, first_row };
            self.first.descend::<U, O>(learn, &mut tape.first, step, &mut state.0);
        }
        let turn = turn.after(F::LAYERS);
        if turn.reaches(S::LAYERS) {
            let learn = Learn { turn, x: &tape.a, d, factor, first_row: first_row + F::ROWS };
            self.second.descend::<Between<F, U>, O>(learn, &mut tape.second, step, &mut state.1);
        }
    }

    fn each_tensor(&mut self, gradients: &mut Gradients<Self>, work: &mut impl FnMut(Weights<'_>)) {
        self.first.each_tensor(&mut gradients.0, work);
        self.second.each_tensor(&mut gradients.1, work);
    }

    fn each_row<O: Optimizer>(
        &mut self,
        first_row: u32,
        gradients: &mut Gradients<Self>,
        state: &mut State<Self, O>,
        work: &mut impl FnMut(Row<'_, O>),
    ) {
        self.first.each_row(first_row, &mut gradients.0, &mut state.0, work);
        self.second.each_row(first_row + F::ROWS, &mut gradients.1, &mut state.1, work);
    }
}
