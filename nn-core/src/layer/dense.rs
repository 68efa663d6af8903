//! A dense layer, a = f(b + x · W), the same type over owned and borrowed weights.

use core::borrow::Borrow;
use core::fmt;

use super::{Borrowed, Layer, Owned, Storage, Trainable};
use crate::activation::{Differentiable, Kind};
use crate::init::Initializer;
use crate::loss::Loss;
use crate::optimizer::Rule;
use crate::random::Stream;
use crate::train::Occasion;
use crate::{Zero, kernel};

/// A fully connected layer with `IN` inputs, `OUT` outputs and activation `A`.
///
/// The kernel is `[IN][OUT]`, as Keras stores it. Weights must be finite.
///
/// ```
/// use nn_core::activation::Sigmoid;
/// use nn_core::layer::{Dense, Layer};
/// let layer = Dense::new([[1.0], [-1.0]], [0.0], Sigmoid);
/// assert_eq!(layer.predict(&[3.0, 3.0]), [0.5]);
/// ```
pub struct Dense<const IN: usize, const OUT: usize, A, S: Storage = Owned> {
    kernel: S::Of<[[f32; OUT]; IN]>,
    bias: S::Of<[f32; OUT]>,
    activation: A,
}

impl<const IN: usize, const OUT: usize, A> Dense<IN, OUT, A> {
    /// A layer that owns its weights.
    ///
    /// # Shapes
    /// - `kernel`: `[IN][OUT]`, `bias`: `[OUT]`
    pub const fn new(kernel: [[f32; OUT]; IN], bias: [f32; OUT], activation: A) -> Self {
        Self { kernel, bias, activation }
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

impl<'m, const IN: usize, const OUT: usize, A> Dense<IN, OUT, A, Borrowed<'m>> {
    /// A layer whose weights are elsewhere.
    ///
    /// # Shapes
    /// - `kernel`: `[IN][OUT]`, `bias`: `[OUT]`
    pub const fn borrowed(kernel: &'m [[f32; OUT]; IN], bias: &'m [f32; OUT], activation: A) -> Self {
        Self { kernel, bias, activation }
    }

    /// The layer with weights of its own, which can be trained.
    pub const fn to_owned(&self) -> Dense<IN, OUT, A>
    where
        A: Copy,
    {
        Dense::new(*self.kernel, *self.bias, self.activation)
    }
}

impl<const IN: usize, const OUT: usize, A, S: Storage> Dense<IN, OUT, A, S> {
    /// The weights, `[IN][OUT]`.
    pub fn kernel(&self) -> &[[f32; OUT]; IN] {
        self.kernel.borrow()
    }

    /// The bias, `[OUT]`.
    pub fn bias(&self) -> &[f32; OUT] {
        self.bias.borrow()
    }
}

impl<const IN: usize, const OUT: usize, A: Kind, S: Storage> fmt::Debug for Dense<IN, OUT, A, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dense {IN}×{OUT} {}", self.activation.into())
    }
}

impl<const IN: usize, const OUT: usize, A: Kind, S: Storage> Layer for Dense<IN, OUT, A, S> {
    type Input = [f32; IN];
    type Output = [f32; OUT];

    const LAYERS: u16 = 1;

    #[inline]
    fn forward(&self, x: &[f32; IN], a: &mut [f32; OUT]) {
        kernel::affine(x, self.kernel().as_flattened(), self.bias(), a);
        self.activation.forward(a);
    }
}

/// What a dense layer keeps between forward and backward.
///
/// ```
/// # use nn_core::{Zero, activation::Identity, train::Occasion};
/// use nn_core::layer::{Dense, DenseTape, Trainable};
///
/// let mut tape = DenseTape::ZERO;
/// Dense::new([[2.0]], [1.0], Identity).forward_taped(&[3.0], Occasion::FIRST, &mut tape);
/// let (a, d) = Dense::<1, 1, Identity>::signals(&mut tape);
/// assert_eq!((*a, *d), ([7.0], [0.0]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DenseTape<const OUT: usize, Z> {
    /// The pre-activations, or nothing where the activation's derivative does without.
    z: Z,
    a: [f32; OUT],
    d: [f32; OUT],
}

impl<const OUT: usize, Z: Zero> Zero for DenseTape<OUT, Z> {
    const ZERO: Self = Self { z: Z::ZERO, a: [0.0; OUT], d: [0.0; OUT] };
}

impl<const IN: usize, const OUT: usize, A: Differentiable> Trainable for Dense<IN, OUT, A> {
    type Tape = DenseTape<OUT, A::PreActivation<OUT>>;
    /// dw and db.
    type Gradients = ([[f32; OUT]; IN], [f32; OUT]);
    type State<R: Rule> = ([[R::Slot; OUT]; IN], [R::Slot; OUT]);

    fn forward_taped(&self, x: &[f32; IN], _occasion: Occasion, tape: &mut Self::Tape) {
        kernel::affine(x, self.kernel.as_flattened(), &self.bias, &mut tape.a);
        for (kept, &z) in tape.z.as_mut().iter_mut().zip(&tape.a) {
            *kept = z;
        }
        self.activation.forward(&mut tape.a);
    }

    fn signals(tape: &mut Self::Tape) -> (&[f32; OUT], &mut [f32; OUT]) {
        (&tape.a, &mut tape.d)
    }

    fn output_error(&self, loss: &impl Loss, y: &[f32; OUT], tape: &mut Self::Tape) {
        loss.output_error(self.activation.into(), tape.z.as_ref(), &tape.a, y, &mut tape.d);
    }

    fn error(&self, tape: &mut Self::Tape) {
        self.activation.backward(tape.z.as_ref(), &tape.a, &mut tape.d);
    }

    fn backward(
        &self,
        x: &[f32; IN],
        tape: &mut Self::Tape,
        dx: Option<&mut [f32; IN]>,
        (dw, db): &mut Self::Gradients,
    ) {
        let dz = &tape.d;
        if let Some(dx) = dx {
            kernel::input_gradient(self.kernel.as_flattened(), dz, dx);
        }
        kernel::accumulate_outer_product(x, dz, dw.as_flattened_mut());
        kernel::accumulate_outer_product(&[1.0], dz, db);
    }

    fn update<R: Rule>(
        &mut self,
        step: R::Step,
        scale: f32,
        (dw, db): &Self::Gradients,
        (kernel, bias): &mut Self::State<R>,
    ) {
        R::update(step, scale, dw.as_flattened(), kernel.as_flattened_mut(), self.kernel.as_flattened_mut());
        R::update(step, scale, db, bias, &mut self.bias);
    }

    fn backward_update<R: Rule>(
        &mut self,
        x: &[f32; IN],
        tape: &mut Self::Tape,
        dx: Option<&mut [f32; IN]>,
        step: R::Step,
        (kernel, bias): &mut Self::State<R>,
    ) {
        let dz = &tape.d;
        if let Some(dx) = dx {
            kernel::input_gradient(self.kernel.as_flattened(), dz, dx);
        }
        let mut g = [0.0; OUT];
        for ((&x, w), slots) in x.iter().zip(&mut self.kernel).zip(kernel) {
            if x != 0.0 || !R::ZERO_GRADIENT_IS_IDLE {
                kernel::scale_row(x, dz, &mut g);
                R::update(step, 1.0, &g, slots, w);
            }
        }
        kernel::scale_row(1.0, dz, &mut g);
        R::update(step, 1.0, &g, bias, &mut self.bias);
    }
}
