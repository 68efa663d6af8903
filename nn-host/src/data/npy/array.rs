//! An array of NumPy's: a shape, and values in C order.

use super::NpyFault;

/// An array: the last index changes fastest.
///
/// ```
/// use nn_host::data::npy::{Array, Values};
///
/// let array = Array::new(vec![2, 3], Values::F32(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]))?;
/// assert_eq!((array.shape(), array.values().len()), (&[2, 3][..], 6));
/// assert!(Array::new(vec![7], Values::U8(vec![1])).is_err());
/// # Ok::<(), nn_host::data::npy::NpyFault>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    shape: Vec<usize>,
    values: Values,
}

impl Array {
    /// Values of a shape.
    ///
    /// # Errors
    /// [`NpyFault`] if the shape has another number of values.
    pub fn new(shape: Vec<usize>, values: Values) -> Result<Self, NpyFault> {
        let size = values.kind().size() as u64;
        let expected = count(&shape).ok_or_else(|| NpyFault::Size(shape.clone()))? as u64;
        let found = values.len() as u64;
        if expected == found {
            return Ok(Self { shape, values });
        }
        Err(NpyFault::Length { expected: expected.saturating_mul(size), found: found.saturating_mul(size) })
    }

    /// The number of values along each index.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The values, the last index fastest.
    #[must_use]
    pub const fn values(&self) -> &Values {
        &self.values
    }
}

/// Values of a shape, if they can be counted.
pub(super) fn count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1_usize, |count, &size| count.checked_mul(size))
}

/// What values are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    U8,
    I32,
    I64,
    F32,
    F64,
}

impl Kind {
    /// The kind that NumPy calls so, without the byte order.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "b1" => Self::Bool,
            "u1" => Self::U8,
            "i4" => Self::I32,
            "i8" => Self::I64,
            "f4" => Self::F32,
            "f8" => Self::F64,
            _ => return None,
        })
    }

    /// NumPy's name, little-endian.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Bool => "|b1",
            Self::U8 => "|u1",
            Self::I32 => "<i4",
            Self::I64 => "<i8",
            Self::F32 => "<f4",
            Self::F64 => "<f8",
        }
    }

    /// Bytes of a value.
    pub(super) const fn size(self) -> usize {
        match self {
            Self::Bool | Self::U8 => 1,
            Self::I32 | Self::F32 => 4,
            Self::I64 | Self::F64 => 8,
        }
    }
}

/// The values of an array.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// `bool`
    Bool(Vec<bool>),
    /// `uint8`
    U8(Vec<u8>),
    /// `int32`
    I32(Vec<i32>),
    /// `int64`
    I64(Vec<i64>),
    /// `float32`
    F32(Vec<f32>),
    /// `float64`
    F64(Vec<f64>),
}

/// Does the same with whatever values there are.
macro_rules! each {
    ($any:expr, $values:ident => $does:expr) => {
        match $any {
            Values::Bool($values) => $does,
            Values::U8($values) => $does,
            Values::I32($values) => $does,
            Values::I64($values) => $does,
            Values::F32($values) => $does,
            Values::F64($values) => $does,
        }
    };
}

impl Values {
    /// The number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        each!(self, values => values.len())
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values as f32, each the nearest; those too large for it become infinite.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "the nearest f32 is what a network can take"
    )]
    pub fn to_f32(&self) -> Vec<f32> {
        match self {
            Self::Bool(values) => values.iter().map(|&value| f32::from(u8::from(value))).collect(),
            Self::U8(values) => values.iter().copied().map(f32::from).collect(),
            Self::I32(values) => values.iter().map(|&value| value as f32).collect(),
            Self::I64(values) => values.iter().map(|&value| value as f32).collect(),
            Self::F32(values) => values.clone(),
            Self::F64(values) => values.iter().map(|&value| value as f32).collect(),
        }
    }

    /// The values as texts, as labels are read.
    pub(super) fn to_texts(&self) -> Vec<String> {
        match self {
            Self::Bool(values) => values.iter().map(|&value| u8::from(value).to_string()).collect(),
            Self::U8(values) => values.iter().map(u8::to_string).collect(),
            Self::I32(values) => values.iter().map(i32::to_string).collect(),
            Self::I64(values) => values.iter().map(i64::to_string).collect(),
            Self::F32(values) => values.iter().map(f32::to_string).collect(),
            Self::F64(values) => values.iter().map(f64::to_string).collect(),
        }
    }

    pub(super) const fn kind(&self) -> Kind {
        match self {
            Self::Bool(_) => Kind::Bool,
            Self::U8(_) => Kind::U8,
            Self::I32(_) => Kind::I32,
            Self::I64(_) => Kind::I64,
            Self::F32(_) => Kind::F32,
            Self::F64(_) => Kind::F64,
        }
    }

    /// The values in the order of these places.
    pub(super) fn gather(&self, places: &[usize]) -> Self {
        fn all<T: Copy>(values: &[T], places: &[usize]) -> Vec<T> {
            places.iter().filter_map(|&place| values.get(place)).copied().collect()
        }
        match self {
            Self::Bool(values) => Self::Bool(all(values, places)),
            Self::U8(values) => Self::U8(all(values, places)),
            Self::I32(values) => Self::I32(all(values, places)),
            Self::I64(values) => Self::I64(all(values, places)),
            Self::F32(values) => Self::F32(all(values, places)),
            Self::F64(values) => Self::F64(all(values, places)),
        }
    }

    /// Values that stand one after the other.
    pub(super) fn from_bytes(kind: Kind, is_big_endian: bool, bytes: Vec<u8>) -> Result<Self, NpyFault> {
        macro_rules! numbers {
            ($variant:ident, $number:ty) => {{
                let from = if is_big_endian { <$number>::from_be_bytes } else { <$number>::from_le_bytes };
                Self::$variant(bytes.as_chunks().0.iter().copied().map(from).collect())
            }};
        }
        Ok(match kind {
            Kind::Bool => match bytes.iter().enumerate().find(|(_, byte)| **byte > 1) {
                Some((index, &found)) => return Err(NpyFault::Bool { index, found }),
                None => Self::Bool(bytes.into_iter().map(|byte| byte == 1).collect()),
            },
            Kind::U8 => Self::U8(bytes),
            Kind::I32 => numbers!(I32, i32),
            Kind::I64 => numbers!(I64, i64),
            Kind::F32 => numbers!(F32, f32),
            Kind::F64 => numbers!(F64, f64),
        })
    }

    /// Appends the values, little-endian.
    pub(super) fn append_to(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Bool(values) => bytes.extend(values.iter().map(|&value| u8::from(value))),
            Self::U8(values) => bytes.extend(values),
            Self::I32(values) => bytes.extend(values.iter().flat_map(|value| value.to_le_bytes())),
            Self::I64(values) => bytes.extend(values.iter().flat_map(|value| value.to_le_bytes())),
            Self::F32(values) => bytes.extend(values.iter().flat_map(|value| value.to_le_bytes())),
            Self::F64(values) => bytes.extend(values.iter().flat_map(|value| value.to_le_bytes())),
        }
    }
}
