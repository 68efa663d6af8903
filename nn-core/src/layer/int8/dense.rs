//! A dense layer of bytes, whose weights stay in flash or in a model file.

use super::machine::{self, Workspace};
use crate::int8::{DenseOutput, Multiplier};
use crate::layer::Layer;

/// A fully connected layer with `IN` inputs and `OUT` outputs, each a byte.
///
/// The kernel is `[OUT][IN]`, as TensorFlow Lite stores it; the bias has the input's zero point in it
/// ([`fold_zero_point`](crate::int8::fold_zero_point)). No input is skipped: the number of instructions is the same for all.
///
/// ```
/// use nn_core::int8::{Clamp, DenseOutput, Multiplier, Rounding};
/// use nn_core::layer::{Layer, int8::Dense};
/// let multipliers = [Multiplier::new(0.5)?];
/// let output = DenseOutput { multipliers: &multipliers, zero_point: 1, clamp: Clamp::NONE, rounding: Rounding::Tflm };
/// let layer = Dense::new(&[[1, 2, 3]], &[6], output)?;
/// assert_eq!(layer.predict(&[1, 2, 3]), [11]); // (6 + 14) / 2 + 1
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Dense<'m, const IN: usize, const OUT: usize> {
    kernel: &'m [[i8; IN]; OUT],
    bias: &'m [i32; OUT],
    output: DenseOutput<'m>,
    is_usual: bool,
}

impl<'m, const IN: usize, const OUT: usize> Dense<'m, IN, OUT> {
    /// A layer whose weights are elsewhere.
    ///
    /// # Shapes
    /// - `kernel`: `[OUT][IN]`, `bias`: `[OUT]`, `output.multipliers`: `[1]` or `[OUT]`
    ///
    /// # Errors
    /// [`ChannelsError`] if there is another number of multipliers.
    pub const fn new(
        kernel: &'m [[i8; IN]; OUT],
        bias: &'m [i32; OUT],
        output: DenseOutput<'m>,
    ) -> Result<Self, ChannelsError> {
        match ChannelsError::unless_right::<OUT>(&output) {
            Some(error) => Err(error),
            None => Ok(Self { kernel, bias, output, is_usual: output.is_usual(IN, bias) }),
        }
    }
}

impl<const IN: usize, const OUT: usize> Layer for Dense<'_, IN, OUT> {
    type Input = [i8; IN];
    type Output = [i8; OUT];
    type Hidden = Workspace<IN>;

    const LAYERS: u16 = 1;

    /// With a multiplier for each output; one for all takes less.
    const FLASH: usize = size_of::<([[i8; IN]; OUT], [i32; OUT], [Multiplier; OUT])>();

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[i8; IN], hidden: &mut Workspace<IN>, a: &mut [i8; OUT]) {
        machine::dense(x, self.kernel, self.bias, (&self.output, self.is_usual), hidden, a);
    }
}

/// Multipliers that are neither one for all outputs nor one for each.
///
/// ```
/// use nn_core::layer::int8::ChannelsError;
/// let error = ChannelsError { found: 3, outputs: 10 };
/// assert_eq!(error.to_string(), "a dense layer of 10 outputs has 1 or 10 multipliers, found 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a dense layer of {outputs} outputs has 1 or {outputs} multipliers, found {found}")]
pub struct ChannelsError {
    /// The multipliers that were given.
    pub found: usize,
    /// The layer's outputs.
    pub outputs: usize,
}

impl ChannelsError {
    /// The error, if the multipliers of a layer are neither one nor `OUT`.
    pub(super) const fn unless_right<const OUT: usize>(output: &DenseOutput<'_>) -> Option<Self> {
        let found = output.multipliers.len();
        if found == 1 || found == OUT { None } else { Some(Self { found, outputs: OUT }) }
    }
}
