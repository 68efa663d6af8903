//! How raw values become a network's input, x = (raw − offset) · scale.

use serde::{Deserialize, Serialize};

use super::FormatError;

/// What raw input values are made of.
///
/// ```
/// use nn_core::format::{Encoding, Scaling};
///
/// assert_eq!(Scaling::PIXELS.encoding, Encoding::U8);
/// assert_eq!((Encoding::U8.size(), Encoding::F32.size()), (1, 4));
/// assert_eq!(Encoding::from_tag(Encoding::F32.tag()), Some(Encoding::F32));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Four bytes a value, little-endian.
    F32,
    /// One byte a value, 0 to 255.
    U8,
}

impl Encoding {
    /// The number that stands for this encoding in files and messages.
    #[must_use]
    pub const fn tag(self) -> u8 {
        match self {
            Self::F32 => 0,
            Self::U8 => 1,
        }
    }

    /// The encoding with this number.
    #[must_use]
    pub const fn from_tag(tag: u8) -> Option<Self> {
        match tag {
            0 => Some(Self::F32),
            1 => Some(Self::U8),
            _ => None,
        }
    }

    /// The name of the Rust type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::U8 => "u8",
        }
    }

    /// Bytes of one value.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::U8 => 1,
        }
    }
}

/// How raw values become the network's input, x = (raw − offset) · scale.
///
/// ```
/// use nn_core::format::Scaling;
/// let mut x = [0.0; 2];
/// assert!(Scaling::PIXELS.apply(&[0, 255], &mut x));
/// assert_eq!(x, [0.0, 1.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaling {
    /// What raw values are made of.
    pub encoding: Encoding,
    /// Taken from each raw value.
    pub offset: f32,
    /// What the difference is multiplied by.
    pub scale: f32,
}

impl Scaling {
    /// Raw values are the input.
    pub const NONE: Self = Self { encoding: Encoding::F32, offset: 0.0, scale: 1.0 };

    /// Bytes 0 to 255 become 0 to 1.
    pub const PIXELS: Self = Self { encoding: Encoding::U8, offset: 0.0, scale: 1.0 / 255.0 };

    /// One raw value as the network's input.
    #[must_use]
    #[inline]
    pub fn scale(&self, raw: f32) -> f32 {
        (raw - self.offset) * self.scale
    }

    /// Encoded raw values as the network's input; `false`, with `x` unspecified, if their number is not that of `x`.
    #[must_use]
    pub fn apply(&self, raw: &[u8], x: &mut [f32]) -> bool {
        if Some(raw.len()) != x.len().checked_mul(self.encoding.size()) {
            return false;
        }
        match self.encoding {
            Encoding::U8 => {
                for (x, &raw) in x.iter_mut().zip(raw) {
                    *x = self.scale(f32::from(raw));
                }
            }
            Encoding::F32 => {
                for (x, &raw) in x.iter_mut().zip(raw.as_chunks::<4>().0) {
                    *x = self.scale(f32::from_le_bytes(raw));
                }
            }
        }
        true
    }
}

/// The scaling as it stands in a file.
#[derive(Serialize, Deserialize)]
pub(super) struct RawScaling {
    encoding: u8,
    offset: f32,
    scale: f32,
}

/// Checks the payload of a record that stands at byte `offset` of the file.
pub(super) fn read(raw: &RawScaling, offset: usize) -> Result<Scaling, FormatError> {
    let found = raw.encoding;
    let encoding = Encoding::from_tag(found).ok_or(FormatError::Tag { what: "encoding", found, offset })?;
    if !(raw.offset.is_finite() && raw.scale.is_finite()) {
        return Err(FormatError::Value { what: "scaling", offset });
    }
    Ok(Scaling { encoding, offset: raw.offset, scale: raw.scale })
}

pub(super) const fn raw(Scaling { encoding, offset, scale }: Scaling) -> RawScaling {
    RawScaling { encoding: encoding.tag(), offset, scale }
}
