//! Two branches side by side, a = [f(x), g(x)].

use super::{Gradients, Layer, Learn, Pass, PerRow, Presence, Signal, State, Trainable, Turn, Untrained};
use crate::init::Initializer;
use crate::optimizer::{InPlace, Optimizer, Row, Weights};
use crate::{Vector, Zero};

/// The outputs of `F` and `G` for the same input, one after the other; `OUT` is the sum of their sizes.
///
/// ```
/// use nn_core::activation::Identity;
/// use nn_core::layer::{Concatenate, Dense, Layer, Skip};
/// let sum = Dense::new([[1.0], [1.0]], [0.0], Identity);
/// let both = Concatenate::<_, _, 3>::new(sum, Skip::<2>);
/// assert_eq!(both.predict(&[2.0, 5.0]), [7.0, 2.0, 5.0]);
/// ```
///
/// Another `OUT` does not compile:
///
/// ```compile_fail,E0080
/// # use nn_core::layer::{Concatenate, Layer, Skip};
/// let wrong = Concatenate::<_, _, 3>::new(Skip::<2>, Skip::<2>);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concatenate<F, G, const OUT: usize> {
    first: F,
    second: G,
}

impl<F: Layer<Output: Vector>, G: Layer<Input = F::Input, Output: Vector>, const OUT: usize> Concatenate<F, G, OUT> {
    const SIZES_ADD_UP: () =
        assert!(F::Output::SIZE + G::Output::SIZE == OUT, "OUT is not the sum of the two branches' outputs");

    /// The branches `first` and `second`.
    pub const fn new(first: F, second: G) -> Self {
        let () = Self::SIZES_ADD_UP;
        Self { first, second }
    }

    /// The branch whose output comes first.
    pub const fn first(&self) -> &F {
        &self.first
    }

    /// The branch whose output comes second.
    pub const fn second(&self) -> &G {
        &self.second
    }
}

impl<F, G, const OUT: usize> Untrained for Concatenate<F, G, OUT>
where
    F: Untrained + Layer<Output: Vector>,
    G: Untrained + Layer<Input = F::Input, Output: Vector>,
{
    const UNTRAINED: Self = Self::new(F::UNTRAINED, G::UNTRAINED);
}

impl<F: Layer<Output: Vector>, G: Layer<Input = F::Input, Output: Vector>, const OUT: usize> Layer
    for Concatenate<F, G, OUT>
{
    type Input = F::Input;
    type Output = [f32; OUT];
    type Hidden = (F::Hidden, G::Hidden);

    const LAYERS: u16 = 1 + F::LAYERS + G::LAYERS;
    const FLASH: usize = F::FLASH + G::FLASH;

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &F::Input, hidden: &mut Self::Hidden, a: &mut [f32; OUT]) {
        let Some((first, second)) = a.split_mut::<F::Output, G::Output>() else { return };
        self.first.forward::<SKIP_ZEROS>(x, &mut hidden.0, first);
        self.second.forward::<SKIP_ZEROS>(x, &mut hidden.1, second);
    }
}

/// What a concatenation keeps between forward and backward: its branches' tapes, and the gradient by the input that
/// comes from the second branch, if it is wanted.
#[derive(Clone, Copy, Debug)]
pub struct ConcatenateTape<F, G, X> {
    first: F,
    second: G,
    dx: X,
}

impl<F: Zero, G: Zero, X: Zero> Zero for ConcatenateTape<F, G, X> {
    const ZERO: Self = Self { first: Zero::ZERO, second: Zero::ZERO, dx: Zero::ZERO };
}

/// The concatenation has its turn as one layer, at its own position; its parts follow with theirs for what is random.
impl<F: Trainable, G: Trainable<Input = F::Input>, const OUT: usize> Trainable for Concatenate<F, G, OUT> {
    type Learning = <F::Learning as Presence>::Or<G::Learning>;
    type Tape<U: Presence> = ConcatenateTape<F::Tape<U>, G::Tape<U>, U::Of<F::Input>>;
    type Memory<M: PerRow> = (F::Memory<M>, G::Memory<M>);

    const ROWS: u32 = F::ROWS + G::ROWS;

    fn initialize(&mut self, initializer: &impl Initializer, seed: u64, layer: u16) {
        let first = layer.saturating_add(1);
        self.first.initialize(initializer, seed, first);
        self.second.initialize(initializer, seed, first.saturating_add(F::LAYERS));
    }

    fn forward_taped<U: Presence>(&self, turn: Turn, x: &F::Input, tape: &mut Self::Tape<U>, a: &mut [f32; OUT]) {
        let Some(turn) = turn.inside() else { return };
        let Some((first, second)) = a.split_mut::<F::Output, G::Output>() else { return };
        self.first.forward_taped::<U>(turn, x, &mut tape.first, first);
        self.second.forward_taped::<U>(turn.after(F::LAYERS), x, &mut tape.second, second);
    }

    /// dx is the sum of both branches' gradients.
    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, tape: &mut Self::Tape<U>) {
        let Pass { turn, x, a, d, dx, .. } = pass;
        let Some(turn) = turn.inside() else { return };
        let Some((first, second)) = a.split::<F::Output, G::Output>() else { return };
        let Some((into_first, into_second)) = d.split_mut::<F::Output, G::Output>() else { return };
        let signal = Signal::Activation;
        self.first.backward::<U>(Pass { turn, x, a: first, d: into_first, signal, dx }, &mut tape.first);
        let turn = turn.after(F::LAYERS);
        let pass = Pass { turn, x, a: second, d: into_second, signal, dx: &mut tape.dx };
        self.second.backward::<U>(pass, &mut tape.second);
        if let (Some(dx), Some(more)) = (U::get_mut(dx), U::get(&tape.dx)) {
            dx.as_mut().iter_mut().zip(more.as_ref()).for_each(|(dx, &more)| *dx += more);
        }
    }

    fn accumulate<U: Presence>(
        &mut self,
        learn: Learn<'_, Self>,
        tape: &mut Self::Tape<U>,
        gradients: &mut Gradients<Self>,
    ) {
        let Learn { turn, x, d, factor, first_row } = learn;
        let Some(turn) = turn.inside() else { return };
        let Some((first, second)) = d.split_mut::<F::Output, G::Output>() else { return };
        let learn = Learn { turn, x, d: first, factor, first_row };
        self.first.accumulate::<U>(learn, &mut tape.first, &mut gradients.0);
        let learn = Learn { turn: turn.after(F::LAYERS), x, d: second, factor, first_row: first_row + F::ROWS };
        self.second.accumulate::<U>(learn, &mut tape.second, &mut gradients.1);
    }

    fn descend<U: Presence, O: InPlace>(
        &mut self,
        learn: Learn<'_, Self>,
        tape: &mut Self::Tape<U>,
        step: &O::Step,
        state: &mut State<Self, O>,
    ) {
        let Learn { turn, x, d, factor, first_row } = learn;
        let Some(turn) = turn.inside() else { return };
        let Some((first, second)) = d.split_mut::<F::Output, G::Output>() else { return };
        let learn = Learn { turn, x, d: first, factor, first_row };
        self.first.descend::<U, O>(learn, &mut tape.first, step, &mut state.0);
        let learn = Learn { turn: turn.after(F::LAYERS), x, d: second, factor, first_row: first_row + F::ROWS };
        self.second.descend::<U, O>(learn, &mut tape.second, step, &mut state.1);
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
