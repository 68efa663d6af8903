//! A network that does not learn, before one that does.

use super::{Absent, Layer, Pass, PerRow, Presence, Trainable, Turn};
use crate::Vector;

/// A network of any layers as the base of one that is trained: nothing in it learns, and nothing before it could.
///
/// Layers of floats with borrowed weights need this not; they are frozen by themselves. Layers of bytes have no derivative, so this is
/// the way to a head that learns behind them: what they give is computed once for each sample, in bytes, and the
/// head trains in floats.
///
/// ```
/// use nn_core::activation::Softmax;
/// use nn_core::int8::Quantization;
/// use nn_core::layer::{Dense, Frozen, Layer, int8};
/// use nn_core::loss::{Class, SparseCategoricalCrossentropy};
/// use nn_core::optimizer::Sgd;
/// use nn_core::train::{Occasion, OnlineTrainer};
///
/// let steps = Quantization::new(0.25, 0)?;
/// let base = Frozen::new(int8::Quantize::<2>::new(steps).then(int8::Dequantize::new(steps)));
/// let network = base.then(Dense::new([[0.0; 2]; 2], [0.0; 2], Softmax));
/// let mut trainer = OnlineTrainer::new(network, SparseCategoricalCrossentropy, Sgd::new(1.0)?);
/// let losses = [(); 2].map(|()| trainer.learn(&[0.3, -0.8], &Class::new(1).unwrap(), Occasion::FIRST));
/// assert!(losses[1] < losses[0]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// A layer before it that would learn does not compile:
///
/// ```compile_fail,E0080
/// # use nn_core::{activation::Identity, int8::Quantization, layer::{Dense, Frozen, Layer, int8}};
/// # use nn_core::{loss::MeanSquaredError, optimizer::Sgd, train::{Occasion, OnlineTrainer}};
/// # let steps = Quantization::new(0.25, 0).unwrap();
/// let base = Frozen::new(int8::Quantize::<1>::new(steps).then(int8::Dequantize::new(steps)));
/// let network = Dense::new([[1.0]], [0.0], Identity).then(base);
/// let mut trainer = OnlineTrainer::new(network, MeanSquaredError, Sgd::default());
/// trainer.learn(&[1.0], &[1.0], Occasion::FIRST);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frozen<N>(N);

impl<N: Layer> Frozen<N> {
    /// This network, frozen.
    pub const fn new(network: N) -> Self {
        Self(network)
    }

    /// The network.
    pub const fn network(&self) -> &N {
        &self.0
    }
}

impl<N: Layer> Layer for Frozen<N> {
    type Input = N::Input;
    type Output = N::Output;
    type Hidden = N::Hidden;

    const LAYERS: u16 = N::LAYERS;
    const FLASH: usize = N::FLASH;

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &N::Input, hidden: &mut N::Hidden, a: &mut N::Output) {
        self.0.forward::<SKIP_ZEROS>(x, hidden, a);
    }
}

/// What flows between the frozen layers is on the tape, where it takes the place of memory of inference.
impl<N: Layer<Input: Vector, Output: Vector>> Trainable for Frozen<N> {
    type Learning = Absent;
    type Tape<U: Presence> = N::Hidden;
    type Memory<M: PerRow> = ();

    const ROWS: u32 = 0;

    fn forward_taped<U: Presence>(&self, _turn: Turn, x: &N::Input, tape: &mut N::Hidden, a: &mut N::Output) {
        const { assert!(!U::IS_PRESENT, "a layer that learns stands before a frozen network, which has no derivative") };
        self.0.forward::<true>(x, tape, a);
    }

    /// Nobody wants the gradient by the input: the forward pass does not compile where somebody would.
    fn backward<U: Presence>(&self, _pass: Pass<'_, Self, U>, _tape: &mut N::Hidden) {}
}
