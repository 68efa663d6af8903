//! What flows between two operators: floats, or bytes with what they stand for.

use nn_core::int8::Quantization;

use super::super::error::OperatorFault;
use super::super::graph::Tensor;
use super::super::schema::kind;

/// What a tensor holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Signal {
    Floats,
    Bytes(Quantization),
}

impl Signal {
    /// Of a tensor between layers.
    pub(super) fn of(tensor: &Tensor<'_>, what: &'static str) -> Result<Self, OperatorFault> {
        match tensor.kind {
            kind::FLOAT32 => Ok(Self::Floats),
            kind::INT8 => Ok(Self::Bytes(tensor.quantization()?)),
            found => Err(OperatorFault::Kind { what, found, expected: "FLOAT32 or INT8" }),
        }
    }

    /// Of a tensor at an end of the graph or of a conversion, where unsigned bytes may be, too.
    pub(super) fn at_end(tensor: &Tensor<'_>) -> Result<Self, OperatorFault> {
        match tensor.kind {
            kind::FLOAT32 => Ok(Self::Floats),
            kind::INT8 | kind::UINT8 => Ok(Self::Bytes(tensor.quantization()?)),
            found => Err(OperatorFault::Kind { what: "it", found, expected: "FLOAT32, INT8 or UINT8" }),
        }
    }
}
