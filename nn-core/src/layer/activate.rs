//! An activation by itself, a = f(x), for where something else stands between it and the dense layer, as a normalization does.

use core::fmt;

use super::{Absent, Layer, Pass, PerRow, Presence, Signal, Trainable, Turn, Untrained};
use crate::activation::{Differentiable, Kind};
use crate::loss::Loss;

/// a = f(x); Keras' `Activation`.
///
/// ```
/// use nn_core::activation::{Identity, Relu};
/// use nn_core::layer::{Activate, BatchNorm, Dense, Layer};
/// let normalization = BatchNorm::new([[1.0; 2], [0.0; 2]], [[3.0; 2], [1.0; 2]]);
/// let network = Dense::new([[1.0, 5.0]], [0.0; 2], Identity).then(normalization).then(Activate::new(Relu));
/// assert_eq!(network.predict(&[1.0])[0], 0.0); // 1 is below the mean
/// ```
#[derive(Clone, Copy, Default, PartialEq)]
pub struct Activate<const UNITS: usize, A> {
    activation: A,
}

impl<const UNITS: usize, A> Activate<UNITS, A> {
    /// A layer of this activation.
    #[must_use]
    pub const fn new(activation: A) -> Self {
        Self { activation }
    }

    /// The activation.
    #[must_use]
    pub const fn activation(&self) -> A
    where
        A: Copy,
    {
        self.activation
    }
}

impl<const UNITS: usize, A: Kind> fmt::Debug for Activate<UNITS, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Activate {UNITS} {}", self.activation.into())
    }
}

impl<const UNITS: usize, A: Kind> Untrained for Activate<UNITS, A> {
    const UNTRAINED: Self = Self::new(A::DEFAULT);
}

impl<const UNITS: usize, A: Kind> Layer for Activate<UNITS, A> {
    type Input = [f32; UNITS];
    type Output = [f32; UNITS];
    type Hidden = ();

    const LAYERS: u16 = 1;
    const FLASH: usize = 0;

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[f32; UNITS], _hidden: &mut (), a: &mut [f32; UNITS]) {
        *a = *x;
        self.activation.forward(a);
    }
}

/// The pre-activations that a derivative may need are the input, so nothing is kept.
impl<const UNITS: usize, A: Differentiable> Trainable for Activate<UNITS, A> {
    type Learning = Absent;
    type Tape<U: Presence> = ();
    type Memory<M: PerRow> = ();

    const ROWS: u32 = 0;

    fn forward_taped<U: Presence>(&self, _turn: Turn, x: &[f32; UNITS], _tape: &mut (), a: &mut [f32; UNITS]) {
        self.forward::<true>(x, &mut (), a);
    }

    fn output_signal(&self, loss: &impl Loss, y: &[f32], a: &[f32; UNITS], d: &mut [f32; UNITS]) -> Signal {
        if loss.fused_gradient(self.activation.into(), a, y, d) {
            return Signal::Error;
        }
        loss.gradient(a, y, d);
        Signal::Activation
    }

    /// dx = (∂a/∂x)ᵀ · d, which the loss may have computed already.
    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, _tape: &mut ()) {
        let Some(dx) = U::get_mut(pass.dx) else { return };
        *dx = *pass.d;
        if pass.signal == Signal::Activation {
            self.activation.backward(pass.x, pass.a, dx);
        }
    }
}
