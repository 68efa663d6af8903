//! A dense layer, a = f(b + x · W), the same type over owned and borrowed weights, with or without a bias.

use core::borrow::Borrow;
use core::fmt;

use super::storage::flash;
use super::{
    Borrowed, Gradients, Layer, Learn, Owned, Pass, PerRow, Presence, Signal, State, Storage, Trainable, Turn,
    Untrained,
};
use crate::activation::{Differentiable, Kind};
use crate::init::Initializer;
use crate::kernel::{self, fixed};
use crate::loss::Loss;
use crate::optimizer::{InPlace, Optimizer, Row, Tensor, Weights};
use crate::random::{Purpose, Stream};

/// A fully connected layer with `IN` inputs, `OUT` outputs and activation `A`.
///
/// The kernel is `[IN][OUT]`, as Keras stores it; the bias is a row more, for an input that is always 1, or is left out
/// (`BIAS` = 0). Weights must be finite.
///
/// ```
/// use nn_core::activation::Sigmoid;
/// use nn_core::layer::{Dense, Layer};
/// let layer = Dense::new([[1.0], [-1.0]], [0.0], Sigmoid);
/// assert_eq!(layer.predict(&[3.0, 3.0]), [0.5]);
/// ```
#[derive(Clone)]
pub struct Dense<const IN: usize, const OUT: usize, A, S: Storage = Owned, const BIAS: usize = 1> {
    kernel: S::Of<[[f32; OUT]; IN]>,
    bias: S::Of<[[f32; OUT]; BIAS]>,
    activation: A,
}

impl<const IN: usize, const OUT: usize, A> Dense<IN, OUT, A> {
    /// A layer that owns its weights.
    ///
    /// # Shapes
    /// - `kernel`: `[IN][OUT]`, `bias`: `[OUT]`
    pub const fn new(kernel: [[f32; OUT]; IN], bias: [f32; OUT], activation: A) -> Self {
        Self { kernel, bias: [bias], activation }
    }

    /// A layer that owns its weights, with a kernel from an initializer and a bias of zero.
    ///
    /// # Shapes
    /// - kernel: `[IN][OUT]`, with fan_in = `IN` and fan_out = `OUT`; bias: `[OUT]`
    pub fn initialized(initializer: &impl Initializer, stream: &mut Stream, activation: A) -> Self {
        let mut layer = Self::new([[0.0; OUT]; IN], [0.0; OUT], activation);
        initializer.fill(IN, OUT, stream, layer.kernel.as_flattened_mut());
        layer
    }
}

impl<const IN: usize, const OUT: usize, A> Dense<IN, OUT, A, Owned, 0> {
    /// A layer that owns its weights and has no bias.
    ///
    /// ```
    /// # use nn_core::{activation::Identity, layer::{Dense, Layer}};
    /// let layer = Dense::without_bias([[2.0], [3.0]], Identity);
    /// assert_eq!(layer.predict(&[1.0, 10.0]), [32.0]);
    /// ```
    ///
    /// # Shapes
    /// - `kernel`: `[IN][OUT]`
    pub const fn without_bias(kernel: [[f32; OUT]; IN], activation: A) -> Self {
        Self { kernel, bias: [], activation }
    }
}

impl<'m, const IN: usize, const OUT: usize, A> Dense<IN, OUT, A, Borrowed<'m>> {
    /// A layer whose weights are elsewhere.
    ///
    /// # Shapes
    /// - `kernel`: `[IN][OUT]`, `bias`: `[OUT]`
    pub const fn borrowed(kernel: &'m [[f32; OUT]; IN], bias: &'m [f32; OUT], activation: A) -> Self {
        Self { kernel, bias: core::array::from_ref(bias), activation }
    }
}

impl<'m, const IN: usize, const OUT: usize, A> Dense<IN, OUT, A, Borrowed<'m>, 0> {
    /// A layer whose kernel is elsewhere and that has no bias.
    ///
    /// # Shapes
    /// - `kernel`: `[IN][OUT]`
    pub const fn borrowed_without_bias(kernel: &'m [[f32; OUT]; IN], activation: A) -> Self {
        Self { kernel, bias: &[], activation }
    }
}

impl<const IN: usize, const OUT: usize, A, const BIAS: usize> Dense<IN, OUT, A, Borrowed<'_>, BIAS> {
    /// The layer with weights of its own, which can be trained.
    pub const fn to_owned(&self) -> Dense<IN, OUT, A, Owned, BIAS>
    where
        A: Copy,
    {
        Dense { kernel: *self.kernel, bias: *self.bias, activation: self.activation }
    }
}

impl<const IN: usize, const OUT: usize, A, S: Storage> Dense<IN, OUT, A, S> {
    /// The bias, `[OUT]`.
    pub fn bias(&self) -> &[f32; OUT] {
        let [bias] = self.bias.borrow();
        bias
    }
}

impl<const IN: usize, const OUT: usize, A, S: Storage, const BIAS: usize> Dense<IN, OUT, A, S, BIAS> {
    const BIAS_IS_ONE_OR_NONE: () = assert!(BIAS <= 1, "a layer has one bias (1) or none (0)");

    /// The activation.
    pub const fn activation(&self) -> A
    where
        A: Copy,
    {
        self.activation
    }

    /// The bias, `[1][OUT]`, or `[0][OUT]` without one.
    pub fn bias_rows(&self) -> &[[f32; OUT]; BIAS] {
        self.bias.borrow()
    }

    /// The weights, `[IN][OUT]`.
    pub fn kernel(&self) -> &[[f32; OUT]; IN] {
        self.kernel.borrow()
    }

    /// Pre-activations.
    #[inline]
    fn affine<const SKIP_ZEROS: bool>(&self, x: &[f32; IN], z: &mut [f32; OUT]) {
        let () = Self::BIAS_IS_ONE_OR_NONE;
        fixed::affine::<SKIP_ZEROS, OUT>(x, self.kernel(), self.bias_rows(), z);
    }
}

impl<const IN: usize, const OUT: usize, A: Kind, S: Storage, const BIAS: usize> fmt::Debug
    for Dense<IN, OUT, A, S, BIAS>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dense {IN}×{OUT} {}", self.activation.into())
    }
}

impl<const IN: usize, const OUT: usize, A: Kind, const BIAS: usize> Untrained for Dense<IN, OUT, A, Owned, BIAS> {
    const UNTRAINED: Self = Self { kernel: [[0.0; OUT]; IN], bias: [[0.0; OUT]; BIAS], activation: A::DEFAULT };
}

impl<const IN: usize, const OUT: usize, A: Kind, S: Storage, const BIAS: usize> Layer for Dense<IN, OUT, A, S, BIAS> {
    type Input = [f32; IN];
    type Output = [f32; OUT];
    type Hidden = ();

    const LAYERS: u16 = 1;
    const FLASH: usize = flash::<S, ([[f32; OUT]; IN], [[f32; OUT]; BIAS])>();

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[f32; IN], _hidden: &mut (), a: &mut [f32; OUT]) {
        self.affine::<SKIP_ZEROS>(x, a);
        self.activation.forward(a);
    }
}

/// Pre-activations are kept where the activation's derivative needs them, and someone wants it.
type Kept<const OUT: usize, A, S, U> =
    <<<S as Storage>::Learning as Presence>::Or<U> as Presence>::Of<<A as Kind>::PreActivation<OUT>>;

/// Which of the two want the derivative of a layer's activation: its own weights, or what comes before.
type Wanted<S, U> = <<S as Storage>::Learning as Presence>::Or<U>;

impl<const IN: usize, const OUT: usize, A: Differentiable, S: Storage, const BIAS: usize> Trainable
    for Dense<IN, OUT, A, S, BIAS>
{
    type Learning = S::Learning;
    type Tape<U: Presence> = Kept<OUT, A, S, U>;
    type Memory<M: PerRow> = <S::Learning as Presence>::Of<([M::Of<OUT>; IN], [M::Of<OUT>; BIAS])>;

    #[expect(clippy::cast_possible_truncation, reason = "layers have at most 2²⁴ inputs")]
    const ROWS: u32 = if S::Learning::IS_PRESENT { (IN + BIAS) as u32 } else { 0 };

    fn initialize(&mut self, initializer: &impl Initializer, seed: u64, layer: u16) {
        if let Some(kernel) = S::get_mut(&mut self.kernel) {
            let mut stream = Stream::new(seed, Purpose::Initialize { layer }, 0, 0);
            initializer.fill(IN, OUT, &mut stream, kernel.as_flattened_mut());
        }
    }

    fn forward_taped<U: Presence>(&self, _turn: Turn, x: &[f32; IN], tape: &mut Self::Tape<U>, a: &mut [f32; OUT]) {
        self.affine::<true>(x, a);
        if let Some(kept) = Wanted::<S, U>::get_mut(tape) {
            kept.as_mut().iter_mut().zip(a.iter()).for_each(|(kept, &z)| *kept = z);
        }
        self.activation.forward(a);
    }

    #[inline]
    fn output_signal(&self, loss: &impl Loss, y: &[f32], a: &[f32; OUT], d: &mut [f32; OUT]) -> Signal {
        if loss.fused_gradient(self.activation.into(), a, y, d) {
            return Signal::Error;
        }
        loss.gradient(a, y, d);
        Signal::Activation
    }

    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, tape: &mut Self::Tape<U>) {
        let Pass { a, d, signal, dx, .. } = pass;
        if let (Signal::Activation, Some(z)) = (signal, Wanted::<S, U>::get(tape)) {
            self.activation.backward(z.as_ref(), a, d);
        }
        if let Some(dx) = U::get_mut(dx) {
            fixed::input_gradient(self.kernel(), d, dx);
        }
    }

    fn accumulate<U: Presence>(
        &mut self,
        mut learn: Learn<'_, Self>,
        _tape: &mut Self::Tape<U>,
        gradients: &mut Gradients<Self>,
    ) {
        let Some((dw, db)) = S::Learning::get_mut(gradients) else { return };
        learn.scale_error();
        fixed::accumulate_outer_product::<true, OUT>(learn.x, learn.d, dw);
        fixed::accumulate_outer_product::<false, OUT>(&[1.0], learn.d, db);
    }

    fn descend<U: Presence, O: InPlace>(
        &mut self,
        mut learn: Learn<'_, Self>,
        _tape: &mut Self::Tape<U>,
        step: &O::Step,
        state: &mut State<Self, O>,
    ) {
        let Some((kernel_memory, bias_memory)) = S::Learning::get_mut(state) else { return };
        let (Some(w), Some(b)) = (S::get_mut(&mut self.kernel), S::get_mut(&mut self.bias)) else { return };
        learn.scale_error();
        let Learn { x, d, first_row, .. } = learn;
        if O::IS_PLAIN {
            fixed::subtract_outer_product::<true, OUT>(x, d, w);
            fixed::subtract_outer_product::<false, OUT>(&[1.0], d, b);
            return;
        }
        let ones = [1.0; BIAS];
        let kernel_rows = x.iter().zip(w).zip(kernel_memory).map(|row| (Tensor::Kernel, row));
        let bias_rows = ones.iter().zip(b).zip(bias_memory).map(|row| (Tensor::Bias, row));
        let mut g = [0.0; OUT];
        for (number, (tensor, ((&x, w), memory))) in (first_row..).zip(kernel_rows.chain(bias_rows)) {
            if x != 0.0 || !O::ZERO_GRADIENT_IS_IDLE {
                kernel::scale_row(x, d, &mut g);
                O::update_row(step, 1.0, Row { tensor, number, w, g: &mut g, memory: memory.as_mut() });
            }
        }
    }

    fn each_tensor(&mut self, gradients: &mut Gradients<Self>, work: &mut impl FnMut(Weights<'_>)) {
        let Some((dw, db)) = S::Learning::get_mut(gradients) else { return };
        let (Some(w), Some(b)) = (S::get_mut(&mut self.kernel), S::get_mut(&mut self.bias)) else { return };
        let (w, dw) = (w.as_flattened_mut(), dw.as_flattened_mut());
        work(Weights { tensor: Tensor::Kernel, row_length: OUT, w, g: dw });
        for (b, db) in b.iter_mut().zip(db) {
            work(Weights { tensor: Tensor::Bias, row_length: OUT, w: b, g: db });
        }
    }

    fn each_row<O: Optimizer>(
        &mut self,
        first_row: u32,
        gradients: &mut Gradients<Self>,
        state: &mut State<Self, O>,
        work: &mut impl FnMut(Row<'_, O>),
    ) {
        let (Some((dw, db)), Some((kernel_memory, bias_memory))) =
            (S::Learning::get_mut(gradients), S::Learning::get_mut(state))
        else {
            return;
        };
        let (Some(w), Some(b)) = (S::get_mut(&mut self.kernel), S::get_mut(&mut self.bias)) else { return };
        let kernel_rows = w.iter_mut().zip(dw).zip(kernel_memory).map(|row| (Tensor::Kernel, row));
        let bias_rows = b.iter_mut().zip(db).zip(bias_memory).map(|row| (Tensor::Bias, row));
        for (number, (tensor, ((w, g), memory))) in (first_row..).zip(kernel_rows.chain(bias_rows)) {
            work(Row { tensor, number, w, g, memory: memory.as_mut() });
        }
    }
}
