//! A dense layer of bytes whose kernel has two rows in a word, for chips with SMLAD; the bytes are those of [`Dense`](super::Dense).

use super::ChannelsError;
use super::machine::{self, Workspace};
use crate::int8::{DenseOutput, Multiplier, packed};
use crate::layer::Layer;

/// A fully connected layer with `IN` inputs and `OUT` outputs, each a byte, and a [packed](packed::pack) kernel.
///
/// The bias does not have the input's zero point in it, which is subtracted from each input. So an input that stands for 0
/// can be skipped: [`forward`](Layer::forward) does so on chips that multiply pairs of 16-bit numbers, or takes the same
/// number of instructions for every input.
///
/// ```
/// use nn_core::int8::{Clamp, DenseOutput, Multiplier, Rounding, packed};
/// use nn_core::layer::{Layer, int8::PackedDense};
/// let mut kernel = [0; packed::words(3, 1)];
/// packed::pack(&[1, 2, 3], 3, &mut kernel)?;
/// let multipliers = [Multiplier::new(0.5)?];
/// let output = DenseOutput { multipliers: &multipliers, zero_point: 1, clamp: Clamp::NONE, rounding: Rounding::Tflm };
/// let layer = PackedDense::<3, 1>::new(&kernel, &[6], 10, output)?;
/// assert_eq!(layer.predict(&[11, 12, 13]), [11]); // (6 + 14) / 2 + 1
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PackedDense<'m, const IN: usize, const OUT: usize> {
    kernel: &'m [u32],
    bias: &'m [i32; OUT],
    zero_point: i8,
    output: DenseOutput<'m>,
    is_usual: bool,
}

impl<'m, const IN: usize, const OUT: usize> PackedDense<'m, IN, OUT> {
    /// A layer whose weights are elsewhere; `zero_point` is the input's.
    ///
    /// # Shapes
    /// - `kernel`: `[words(IN, OUT)]`, `bias`: `[OUT]`, `output.multipliers`: `[1]` or `[OUT]`
    ///
    /// # Errors
    /// [`PackedError`] if there is another number of words or of multipliers.
    pub const fn new(
        kernel: &'m [u32],
        bias: &'m [i32; OUT],
        zero_point: i8,
        output: DenseOutput<'m>,
    ) -> Result<Self, PackedError> {
        let (found, expected) = (kernel.len(), packed::words(IN, OUT));
        if found != expected {
            return Err(PackedError::Words { found, expected });
        }
        match ChannelsError::unless_right::<OUT>(&output) {
            Some(error) => Err(PackedError::Channels(error)),
            None => Ok(Self { kernel, bias, zero_point, output, is_usual: output.is_usual(IN, bias) }),
        }
    }
}

impl<const IN: usize, const OUT: usize> Layer for PackedDense<'_, IN, OUT> {
    type Input = [i8; IN];
    type Output = [i8; OUT];
    type Hidden = Workspace<IN>;

    const LAYERS: u16 = 1;

    /// With a multiplier for each output; one for all takes less.
    const FLASH: usize = 4 * packed::words(IN, OUT) + size_of::<([i32; OUT], [Multiplier; OUT])>();

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[i8; IN], hidden: &mut Workspace<IN>, a: &mut [i8; OUT]) {
        let output = (&self.output, self.is_usual);
        machine::packed_dense::<SKIP_ZEROS, IN, OUT>((x, self.zero_point), self.kernel, self.bias, output, hidden, a);
    }
}

/// Parts that do not make a layer.
///
/// ```
/// use nn_core::layer::int8::PackedError;
/// let error = PackedError::Words { found: 3, expected: 8 };
/// assert_eq!(error.to_string(), "a packed kernel of this shape has 8 words, found 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackedError {
    /// The kernel is of another shape.
    #[error("a packed kernel of this shape has {expected} words, found {found}")]
    Words {
        /// The words that were given.
        found: usize,
        /// The words of the shape.
        expected: usize,
    },
    /// The multipliers are of another number.
    #[error(transparent)]
    Channels(ChannelsError),
}
