//! Layers as types: what they compute, how they chain, what training keeps; inference and training side by side.

mod inference;
mod presence;
mod rows;
mod storage;
mod trainable;
mod turn;
mod untrained;
mod vector_rows;

mod chain;
mod concatenate;
mod residual;
mod skip;

mod activate;
mod alpha_dropout;
mod dense;
mod dropout;
mod frozen;
mod gaussian_noise;
#[cfg(feature = "nalgebra")]
mod matrix;
mod prelu;
mod scale;

mod batch_norm;
mod layer_norm;

pub mod int8;

pub use activate::Activate;
pub use alpha_dropout::AlphaDropout;
pub use batch_norm::{BatchNorm, BatchStatistics, Fold, Normalizer};
pub use chain::{Chain, ChainTape};
pub use concatenate::{Concatenate, ConcatenateTape};
pub use dense::Dense;
pub use dropout::{Dropout, DropoutRate, RateError};
pub use frozen::Frozen;
pub use gaussian_noise::{GaussianNoise, Stddev, StddevError};
pub use inference::Inference;
pub use layer_norm::{LayerNorm, SampleStatistics};
pub use prelu::{Prelu, Slopes};
pub use presence::{Absent, Presence, Present};
pub use residual::{Residual, ResidualTape, Shortcut};
pub use rows::{PerRow, StateOf, Sums};
pub use scale::{FeatureScale, Scale};
pub use skip::Skip;
pub use storage::{Borrowed, Owned, Storage};
pub use trainable::{Gradients, Learn, Pass, Signal, State, Trainable};
pub use turn::Turn;
pub use untrained::Untrained;

pub use crate::Vector;

use crate::Zero;

/// A layer, or a network of layers: a function from one vector to another.
///
/// ```
/// use nn_core::activation::Identity;
/// use nn_core::layer::{Dense, Layer};
/// let double = Dense::new([[2.0]], [0.0], Identity);
/// assert_eq!(double.predict(&[21.0]), [42.0]);
/// ```
pub trait Layer: Sized {
    /// The input, `[f32; IN]`, or other numbers, which a trainable layer does not take.
    type Input: Zero + Copy + PartialEq;

    /// The output, `[f32; OUT]`, or other numbers.
    type Output: Zero + Copy + PartialEq;

    /// What flows between the layers of a network at inference; nothing for a single layer.
    type Hidden: Zero;

    /// How many layers this is; a chain counts all its parts.
    const LAYERS: u16;

    /// Bytes of weights that are borrowed, from flash or from a model file.
    const FLASH: usize;

    /// Bytes of RAM that inference takes: those of [`Inference`].
    const RAM_INFERENCE: usize = size_of::<Inference<Self>>();

    /// The answer `a` to one input `x`, as after training: dropout and noise let everything pass.
    ///
    /// Inputs of a kernel that are zero are skipped, which changes no bit and makes time depend on the input;
    /// without `SKIP_ZEROS` the number of instructions is the same for every input.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, `a`: `[OUT]`
    fn forward<const SKIP_ZEROS: bool>(&self, x: &Self::Input, hidden: &mut Self::Hidden, a: &mut Self::Output);

    /// The answer to one input, by value.
    ///
    /// # Shapes
    /// - `x`: `[IN]`, the answer: `[OUT]`
    #[inline]
    fn predict(&self, x: &Self::Input) -> Self::Output {
        let (mut hidden, mut a) = (Self::Hidden::ZERO, Self::Output::ZERO);
        self.forward::<true>(x, &mut hidden, &mut a);
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
    fn then<L: Layer<Input = Self::Output>>(self, next: L) -> Chain<Self, L> {
        Chain::new(self, next)
    }
}
