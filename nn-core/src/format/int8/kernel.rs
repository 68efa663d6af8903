//! The two forms in which a kernel of bytes stands in a file: as TensorFlow Lite has it, or packed for a chip.

use super::super::tensor::{TensorShape, Values};
use crate::int8::packed;

/// How the kernel of a dense layer of bytes is stored.
///
/// What the layer computes does not depend on it. A chip with SMLAD (Cortex-M4, M7, M33) is faster with a packed kernel,
/// others with a plain one.
///
/// ```
/// use nn_core::format::{Int8Kernel, KernelForm};
/// assert_eq!(Int8Kernel::Plain(&[1, 2, 3]).form(), KernelForm::Plain);
/// assert_eq!(KernelForm::Packed.to_string(), "packed");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KernelForm {
    /// `[OUT][IN]`; the bias has the input's zero point in it.
    #[default]
    Plain,
    /// Two rows in a word ([`pack`](packed::pack)); the bias does not have the input's zero point in it.
    Packed,
}

impl KernelForm {
    /// The tensor of a kernel of this form.
    pub(in super::super) const fn tensor(self, inputs: u32, outputs: u32) -> TensorShape {
        let (rows, columns, values) = match self {
            Self::Plain => (outputs, inputs, Values::Bytes),
            Self::Packed => (outputs.div_ceil(2), packed::words_of_pair(inputs), Values::Words),
        };
        TensorShape { name: "kernel", rows, columns, values }
    }
}

impl core::fmt::Display for KernelForm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Plain => "plain",
            Self::Packed => "packed",
        })
    }
}

/// The kernel of a dense layer of bytes, in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Int8Kernel<'m> {
    /// `[OUT][IN]`
    Plain(&'m [i8]),
    /// `[words(IN, OUT)]`
    Packed(&'m [u32]),
}

impl Int8Kernel<'_> {
    /// How it is stored.
    #[must_use]
    pub const fn form(&self) -> KernelForm {
        match self {
            Self::Plain(_) => KernelForm::Plain,
            Self::Packed(_) => KernelForm::Packed,
        }
    }
}
