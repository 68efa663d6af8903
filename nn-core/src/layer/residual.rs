//! A residual block (He et al., 2016), a = f(x) + p(x), where p is x itself or a projection without bias.

use super::{
    Gradients, Layer, Learn, Pass, PerRow, Presence, Signal, Skip, State, Storage, Trainable, Turn, Untrained,
};
use crate::Zero;
use crate::activation::Identity;
use crate::init::Initializer;
use crate::kernel::fixed;
use crate::layer::Dense;
use crate::optimizer::{InPlace, Optimizer, Row, Weights};

/// What goes past the layers of a residual block and is added to their output.
pub trait Shortcut: Trainable {
    /// Adds the answer to `a`.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `a`: `[OUT]`
    fn add<const SKIP_ZEROS: bool>(&self, x: &Self::Input, a: &mut Self::Output);

    /// Adds the gradient by the input to `dx`.
    ///
    /// # Shapes
    /// - `d`: `[OUT]`, `dx`: `[IN]`
    fn add_input_gradient(&self, d: &Self::Output, dx: &mut Self::Input);
}

impl<const UNITS: usize> Shortcut for Skip<UNITS> {
    #[inline]
    fn add<const SKIP_ZEROS: bool>(&self, x: &[f32; UNITS], a: &mut [f32; UNITS]) {
        a.iter_mut().zip(x).for_each(|(a, &x)| *a += x);
    }

    fn add_input_gradient(&self, d: &[f32; UNITS], dx: &mut [f32; UNITS]) {
        dx.iter_mut().zip(d).for_each(|(dx, &d)| *dx += d);
    }
}

impl<const IN: usize, const OUT: usize, S: Storage> Shortcut for Dense<IN, OUT, Identity, S, 0> {
    #[inline]
    fn add<const SKIP_ZEROS: bool>(&self, x: &[f32; IN], a: &mut [f32; OUT]) {
        fixed::add_product::<SKIP_ZEROS, OUT>(x, self.kernel(), a);
    }

    fn add_input_gradient(&self, d: &[f32; OUT], dx: &mut [f32; IN]) {
        fixed::add_input_gradient(self.kernel(), d, dx);
    }
}

/// The layers `F` with a shortcut `P` past them.
///
/// ```
/// use nn_core::activation::Identity;
/// use nn_core::layer::{Dense, Layer, Residual};
/// let double = Dense::new([[2.0, 0.0], [0.0, 2.0]], [0.0; 2], Identity);
/// assert_eq!(Residual::new(double).predict(&[1.0, 5.0]), [3.0, 15.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Residual<F, P> {
    branch: F,
    shortcut: P,
}

impl<F: Layer<Input = [f32; UNITS], Output = [f32; UNITS]>, const UNITS: usize> Residual<F, Skip<UNITS>> {
    /// x + f(x)
    pub const fn new(branch: F) -> Self {
        Self { branch, shortcut: Skip }
    }
}

impl<F: Layer, P: Shortcut<Input = F::Input, Output = F::Output>> Residual<F, P> {
    /// f(x) + p(x), where p changes the size: a dense layer without bias and activation.
    ///
    /// ```
    /// # use nn_core::{activation::{Identity, Relu}, layer::{Dense, Layer, Residual}};
    /// let branch = Dense::new([[1.0, -1.0]], [0.0; 2], Relu);
    /// let block = Residual::projected(branch, Dense::without_bias([[10.0, 20.0]], Identity));
    /// assert_eq!(block.predict(&[3.0]), [33.0, 60.0]);
    /// ```
    pub const fn projected(branch: F, shortcut: P) -> Self {
        Self { branch, shortcut }
    }

    /// The layers.
    pub const fn branch(&self) -> &F {
        &self.branch
    }

    /// What goes past them.
    pub const fn shortcut(&self) -> &P {
        &self.shortcut
    }
}

impl<F: Untrained, P: Untrained> Untrained for Residual<F, P> {
    const UNTRAINED: Self = Self { branch: F::UNTRAINED, shortcut: P::UNTRAINED };
}

impl<F: Layer, P: Shortcut<Input = F::Input, Output = F::Output>> Layer for Residual<F, P> {
    type Input = F::Input;
    type Output = F::Output;
    type Hidden = F::Hidden;

    const LAYERS: u16 = 1 + F::LAYERS + P::LAYERS;
    const FLASH: usize = F::FLASH + P::FLASH;

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &F::Input, hidden: &mut F::Hidden, a: &mut F::Output) {
        self.branch.forward::<SKIP_ZEROS>(x, hidden, a);
        self.shortcut.add::<SKIP_ZEROS>(x, a);
    }
}

/// Whether the signal into the branch is wanted: by its own layers, or by what comes before the block.
type IntoBranch<F, U> = <U as Presence>::Or<<F as Trainable>::Learning>;

/// What a residual block keeps between forward and backward.
#[derive(Clone, Copy, Debug)]
pub struct ResidualTape<F, A, D> {
    branch: F,
    /// The branch's output, before the shortcut is added.
    a: A,
    /// Its signal, which becomes the branch's error, if someone wants it.
    d: D,
}

impl<F: Zero, A: Zero, D: Zero> Zero for ResidualTape<F, A, D> {
    const ZERO: Self = Self { branch: Zero::ZERO, a: Zero::ZERO, d: Zero::ZERO };
}

/// The block has its turn as one layer, at its own position; its parts follow with theirs for what is random.
impl<F: Trainable, P: Shortcut<Input = F::Input, Output = F::Output>> Trainable for Residual<F, P> {
    type Learning = <F::Learning as Presence>::Or<P::Learning>;
    type Tape<U: Presence> = ResidualTape<F::Tape<U>, F::Output, <IntoBranch<F, U> as Presence>::Of<F::Output>>;
    type Memory<M: PerRow> = (F::Memory<M>, P::Memory<M>);

    const ROWS: u32 = F::ROWS + P::ROWS;

    fn initialize(&mut self, initializer: &impl Initializer, seed: u64, layer: u16) {
        let branch = layer.saturating_add(1);
        self.branch.initialize(initializer, seed, branch);
        self.shortcut.initialize(initializer, seed, branch.saturating_add(F::LAYERS));
    }

    fn forward_taped<U: Presence>(&self, turn: Turn, x: &F::Input, tape: &mut Self::Tape<U>, a: &mut F::Output) {
        let Some(turn) = turn.inside() else { return };
        self.branch.forward_taped::<U>(turn, x, &mut tape.branch, &mut tape.a);
        *a = tape.a;
        self.shortcut.add::<true>(x, a);
    }

    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, tape: &mut Self::Tape<U>) {
        let Pass { turn, x, d, dx, .. } = pass;
        let Some(turn) = turn.inside() else { return };
        if let Some(into_branch) = <IntoBranch<F, U>>::get_mut(&mut tape.d) {
            *into_branch = *d;
            let pass = Pass { turn, x, a: &tape.a, d: into_branch, signal: Signal::Activation, dx };
            self.branch.backward::<U>(pass, &mut tape.branch);
        }
        if let Some(dx) = U::get_mut(dx) {
            self.shortcut.add_input_gradient(d, dx);
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
        if let Some(d) = <IntoBranch<F, U>>::get_mut(&mut tape.d) {
            let learn = Learn { turn, x, d, factor, first_row };
            self.branch.accumulate::<U>(learn, &mut tape.branch, &mut gradients.0);
        }
        let learn = Learn { turn: turn.after(F::LAYERS), x, d, factor, first_row: first_row + F::ROWS };
        let mut tape = Zero::ZERO;
        self.shortcut.accumulate::<U>(learn, &mut tape, &mut gradients.1);
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
        if let Some(d) = <IntoBranch<F, U>>::get_mut(&mut tape.d) {
            let learn = Learn { turn, x, d, factor, first_row };
            self.branch.descend::<U, O>(learn, &mut tape.branch, step, &mut state.0);
        }
        let learn = Learn { turn: turn.after(F::LAYERS), x, d, factor, first_row: first_row + F::ROWS };
        let mut tape = Zero::ZERO;
        self.shortcut.descend::<U, O>(learn, &mut tape, step, &mut state.1);
    }

    fn each_tensor(&mut self, gradients: &mut Gradients<Self>, work: &mut impl FnMut(Weights<'_>)) {
        self.branch.each_tensor(&mut gradients.0, work);
        self.shortcut.each_tensor(&mut gradients.1, work);
    }

    fn each_row<O: Optimizer>(
        &mut self,
        first_row: u32,
        gradients: &mut Gradients<Self>,
        state: &mut State<Self, O>,
        work: &mut impl FnMut(Row<'_, O>),
    ) {
        self.branch.each_row(first_row, &mut gradients.0, &mut state.0, work);
        self.shortcut.each_row(first_row + F::ROWS, &mut gradients.1, &mut state.1, work);
    }
}
