//! What the tensors of a file hold, and how long they are.

use super::int8::multipliers;
use super::{FormatError, padded};
use crate::int8::packed;

/// A tensor that belongs to a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct TensorShape {
    pub(super) name: &'static str,
    pub(super) rows: u32,
    pub(super) columns: u32,
    pub(super) values: Values,
}

/// What a tensor's values are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Values {
    /// f32
    Numbers,
    /// f32 above 0
    Scales,
    /// i8
    Bytes,
    /// u32, each a word of a packed kernel
    Words,
    /// Two in a byte
    Halves,
    /// i32
    Sums,
    /// Multipliers: mantissa i32, exponent i8, three zeros
    Multipliers,
}

impl TensorShape {
    /// A tensor of f32.
    pub(super) const fn numbers(rows: u32, columns: u32, name: &'static str) -> Self {
        Self { name, rows, columns, values: Values::Numbers }
    }

    /// Bytes of the tensor without its padding.
    pub(super) fn size(&self) -> Option<usize> {
        let values = usize::try_from(self.rows).ok()?.checked_mul(usize::try_from(self.columns).ok()?)?;
        values.checked_mul(match self.values {
            Values::Halves => return Some(values.div_ceil(2)),
            Values::Bytes => 1,
            Values::Numbers | Values::Scales | Values::Words | Values::Sums => 4,
            Values::Multipliers => 8,
        })
    }

    /// Bytes of the tensor with its padding.
    pub(super) fn padded_size(&self) -> Option<usize> {
        padded(self.size()?)
    }

    /// Checks that nothing can fail later because of a value; `layer` is whose tensor it is.
    pub(super) fn check(&self, bytes: &[u8], layer: u16) -> Result<(), FormatError> {
        let tensor = self.name;
        let not_finite = |(index, value)| FormatError::NotFinite { layer, tensor, index, value };
        match self.values {
            Values::Numbers => find(floats(bytes), |value| !value.is_finite()).map_or(Ok(()), |at| Err(not_finite(at))),
            Values::Scales => match find(floats(bytes), |value| !(value.is_finite() && *value > 0.0)) {
                None => Ok(()),
                Some((index, value)) => Err(FormatError::Scale { layer, index, value }),
            },
            Values::Multipliers => match find(multipliers(bytes), |multiplier| !multiplier.is_valid()) {
                None => Ok(()),
                Some((index, _)) => Err(FormatError::Multiplier { layer, index }),
            },
            Values::Words => match find(words(bytes), |word| !packed::is_word(*word)) {
                None => Ok(()),
                Some((index, word)) => Err(FormatError::Packed { layer, index, word }),
            },
            Values::Bytes | Values::Halves | Values::Sums => Ok(()),
        }
    }
}

/// The floats of a tensor; empty if its bytes are none.
pub(super) fn floats(bytes: &[u8]) -> &[f32] {
    bytemuck::try_cast_slice(bytes).unwrap_or_default()
}

/// The words of a packed kernel; empty if its bytes are none.
pub(super) fn words(bytes: &[u8]) -> &[u32] {
    bytemuck::try_cast_slice(bytes).unwrap_or_default()
}

/// The first value that is so, with its position.
fn find<T: Copy>(values: &[T], is_so: impl Fn(&T) -> bool) -> Option<(usize, T)> {
    values.iter().copied().enumerate().find(|(_, value)| is_so(value))
}
