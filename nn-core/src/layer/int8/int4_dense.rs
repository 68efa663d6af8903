//! A dense layer of bytes whose weights are of 4 bits, two in a byte, and stay in flash or in a model file.

use super::ChannelsError;
use super::machine::{self, Workspace};
use crate::int8::{DenseOutput, Multiplier, int4};
use crate::layer::Layer;

/// A fully connected layer with `IN` inputs and `OUT` outputs, each a byte, and a kernel [packed](int4::pack) to 4 bits a
/// weight.
///
/// The bias has the input's zero point in it ([`fold_zero_point`](crate::int8::fold_zero_point)). No input is skipped: the
/// number of instructions is the same for all.
///
/// ```
/// use nn_core::int8::{Clamp, DenseOutput, Multiplier, Rounding, int4};
/// use nn_core::layer::{Layer, int8::Int4Dense};
/// let mut kernel = [0; int4::size(3, 1)];
/// int4::pack(&[1, 2, 3], &mut kernel)?;
/// let multipliers = [Multiplier::new(0.5)?];
/// let output = DenseOutput { multipliers: &multipliers, zero_point: 1, clamp: Clamp::NONE, rounding: Rounding::Tflm };
/// let layer = Int4Dense::<3, 1>::new(&kernel, &[6], output)?;
/// assert_eq!(layer.predict(&[1, 2, 3]), [11]); // (6 + 14) / 2 + 1
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Int4Dense<'m, const IN: usize, const OUT: usize> {
    kernel: &'m [u8],
    bias: &'m [i32; OUT],
    output: DenseOutput<'m>,
    is_usual: bool,
}

impl<'m, const IN: usize, const OUT: usize> Int4Dense<'m, IN, OUT> {
    /// A layer whose weights are elsewhere.
    ///
    /// # Shapes
    /// - `kernel`: `[size(IN, OUT)]`, `bias`: `[OUT]`, `output.multipliers`: `[1]` or `[OUT]`
    ///
    /// # Errors
    /// [`Int4Error`] if there is another number of bytes or of multipliers.
    pub const fn new(kernel: &'m [u8], bias: &'m [i32; OUT], output: DenseOutput<'m>) -> Result<Self, Int4Error> {
        let (found, expected) = (kernel.len(), int4::size(IN, OUT));
        if found != expected {
            return Err(Int4Error::Bytes { found, expected });
        }
        match ChannelsError::unless_right::<OUT>(&output) {
            Some(error) => Err(Int4Error::Channels(error)),
            None => Ok(Self { kernel, bias, output, is_usual: output.is_usual(IN, bias) }),
        }
    }
}

impl<const IN: usize, const OUT: usize> Layer for Int4Dense<'_, IN, OUT> {
    type Input = [i8; IN];
    type Output = [i8; OUT];
    type Hidden = Workspace<IN>;

    const LAYERS: u16 = 1;

    /// With a multiplier for each output; one for all takes less.
    const FLASH: usize = int4::size(IN, OUT) + size_of::<([i32; OUT], [Multiplier; OUT])>();

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[i8; IN], hidden: &mut Workspace<IN>, a: &mut [i8; OUT]) {
        machine::int4_dense(x, self.kernel, self.bias, (&self.output, self.is_usual), hidden, a);
    }
}

/// Parts that do not make a layer.
///
/// ```
/// use nn_core::layer::int8::Int4Error;
/// let error = Int4Error::Bytes { found: 3, expected: 8 };
/// assert_eq!(error.to_string(), "a kernel of 4-bit weights of this shape has 8 bytes, found 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Int4Error {
    /// The kernel is of another shape.
    #[error("a kernel of 4-bit weights of this shape has {expected} bytes, found {found}")]
    Bytes {
        /// The bytes that were given.
        found: usize,
        /// The bytes of the shape.
        expected: usize,
    },
    /// The multipliers are of another number.
    #[error(transparent)]
    Channels(ChannelsError),
}
