//! Layers of bytes in a model file: what their records say, and their views in place.
//!
//! A record says what its layer gives; what it takes is what the layer before gives, so two neighbors cannot disagree.

mod int4;
mod kernel;
mod payload;
mod view;

pub use int4::Int4DenseView;
pub use kernel::{Int8Kernel, KernelForm};
pub(super) use payload::{read, tag, write};
pub(super) use view::of_bytes;
pub use view::{Int8DenseView, Int8TableView};

use super::record::Record;
use crate::int8::{Clamp, Multiplier, Quantization, Rounding};

/// What the record of a dense layer of bytes says, whose weights have 8 bits or 4; its tensors are the kernel, the bias, the
/// multipliers, and the scales of the weights. The bias has the input's zero point in it if the kernel is plain.
///
/// ```
/// use nn_core::format::{Channels, Int8Dense, KernelForm, Record};
/// use nn_core::int8::{Clamp, Quantization, Rounding};
/// let output = Quantization::new(0.05, -128)?;
/// let (clamp, rounding, kernel) = (Clamp::relu(output), Rounding::Tflm, KernelForm::Plain);
/// let channels = Channels::Each;
/// let record = Record::Int8Dense(Int8Dense { inputs: 784, outputs: 30, channels, output, clamp, rounding, kernel });
/// # assert!(matches!(record, Record::Int8Dense(_)));
/// # Ok::<(), nn_core::int8::QuantizationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Int8Dense {
    /// IN
    pub inputs: u32,
    /// OUT
    pub outputs: u32,
    /// How many multipliers and weight scales there are.
    pub channels: Channels,
    /// What the bytes of the output stand for.
    pub output: Quantization,
    /// The activation, as far as it is a range.
    pub clamp: Clamp,
    /// Which interpreter's bytes.
    pub rounding: Rounding,
    /// How the kernel is stored.
    pub kernel: KernelForm,
}

/// Whether the outputs of a dense layer of bytes have scales of their own.
///
/// ```
/// use nn_core::format::Channels;
/// assert_eq!([Channels::One, Channels::Each].map(|channels| channels.of(30)), [1, 30]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// One scale for all weights: per tensor.
    One,
    /// A scale for the weights of each output: per channel.
    Each,
}

impl Channels {
    /// The scales of a layer with so many outputs.
    #[must_use]
    pub const fn of(self, outputs: u32) -> u32 {
        match self {
            Self::One => 1,
            Self::Each => outputs,
        }
    }
}

/// What a layer does to the kind of values that flow through a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Flow {
    /// Numbers in, numbers out.
    Numbers,
    /// Numbers in, bytes out.
    ToBytes(Quantization),
    /// Bytes in, bytes out.
    Bytes(Quantization),
    /// Bytes in, numbers out.
    ToNumbers,
}

impl Flow {
    pub(super) const fn of(record: &Record<'_>) -> Self {
        match *record {
            Record::Quantize { output, .. } => Self::ToBytes(output),
            Record::Int8Dense(Int8Dense { output, .. })
            | Record::Int4Dense(Int8Dense { output, .. })
            | Record::Int8Table { output, .. }
            | Record::Requantize { output, .. } => Self::Bytes(output),
            Record::Int8Softmax { .. } => Self::Bytes(Quantization::PROBABILITY),
            Record::Dequantize { .. } => Self::ToNumbers,
            _ => Self::Numbers,
        }
    }

    /// Whether the layer takes bytes.
    pub(super) const fn takes_bytes(self) -> bool {
        matches!(self, Self::Bytes(_) | Self::ToNumbers)
    }

    /// What the bytes that it gives stand for; `None` if it gives numbers.
    pub(super) const fn output(self) -> Option<Quantization> {
        match self {
            Self::ToBytes(output) | Self::Bytes(output) => Some(output),
            Self::Numbers | Self::ToNumbers => None,
        }
    }
}

/// The multipliers of a tensor that has been checked; empty if its bytes are none.
pub(super) fn multipliers(bytes: &[u8]) -> &[Multiplier] {
    bytemuck::try_cast_slice(bytes).unwrap_or_default()
}
