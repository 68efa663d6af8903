//! The header of an array: magic, version, length, then a Python dictionary of type, order and shape.

use std::io::Read;

use super::NpyFault;
use super::array::{Kind, count};

const MAGIC: [u8; 6] = *b"\x93NUMPY";

/// The most bytes of a dictionary; NumPy's own limit is smaller.
const MOST_BYTES: u32 = 1 << 16;

/// Where values start is a multiple of this, as NumPy writes it.
const ALIGNMENT: usize = 64;

/// What is in an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) is_big_endian: bool,
    /// Whether the first index changes fastest.
    pub(super) is_fortran: bool,
    pub(super) shape: Vec<usize>,
}

impl Header {
    /// Reads a header, up to where the values start; also the bytes that it has.
    pub(super) fn read(file: &mut impl Read) -> Result<(Self, u64), NpyFault> {
        let mut start = [0; 8];
        file.read_exact(&mut start)?;
        let [magic @ .., major, _minor] = start;
        if magic != MAGIC {
            return Err(NpyFault::Magic);
        }
        let (size_of_length, length) = match major {
            1 => (2, u32::from(u16::from_le_bytes(read_array(file)?))),
            2 | 3 => (4, u32::from_le_bytes(read_array(file)?)),
            version => return Err(NpyFault::Version(version)),
        };
        if length > MOST_BYTES {
            return Err(NpyFault::Header);
        }
        let mut dictionary = Vec::new();
        file.take(length.into()).read_to_end(&mut dictionary)?;
        if dictionary.len() as u64 != u64::from(length) {
            return Err(NpyFault::Header);
        }
        let dictionary = str::from_utf8(&dictionary).map_err(|_| NpyFault::Header)?;
        Ok((Self::parse(dictionary)?, start.len() as u64 + size_of_length + u64::from(length)))
    }

    /// Bytes of the values.
    pub(super) fn size(&self) -> Result<u64, NpyFault> {
        let bytes = count(&self.shape).and_then(|count| count.checked_mul(self.kind.size()));
        bytes.map(|bytes| bytes as u64).ok_or_else(|| NpyFault::Size(self.shape.clone()))
    }

    /// The header of values in C order, little-endian.
    pub(super) fn bytes(kind: Kind, shape: &[usize]) -> Vec<u8> {
        let sizes: String = shape.iter().map(|size| format!("{size}, ")).collect();
        let sizes = if shape.len() > 1 { sizes.trim_end_matches(", ") } else { sizes.trim_end() };
        let name = kind.name();
        let mut dictionary = format!("{{'descr': '{name}', 'fortran_order': False, 'shape': ({sizes}), }}");
        // Version 2 has 12 bytes before the dictionary, which ends with a line feed.
        let end = (12 + dictionary.len() + 1).next_multiple_of(ALIGNMENT);
        let padding = end - 12 - dictionary.len() - 1;
        dictionary.extend(core::iter::repeat_n(' ', padding).chain(['\n']));
        let length = u32::try_from(dictionary.len()).unwrap_or(u32::MAX);
        [&MAGIC[..], &[2, 0], &length.to_le_bytes(), dictionary.as_bytes()].concat()
    }

    fn parse(dictionary: &str) -> Result<Self, NpyFault> {
        let entries = entries(dictionary).ok_or(NpyFault::Header)?;
        let value =
            |key: &str| entries.iter().find(|entry| entry.0 == key).map(|entry| entry.1).ok_or(NpyFault::Header);
        let [descr, order, shape] = [value("descr")?, value("fortran_order")?, value("shape")?];
        let descr = unquoted(descr).ok_or_else(|| NpyFault::Dtype(descr.to_owned()))?;
        let unknown = || NpyFault::Dtype(descr.to_owned());
        let (is_big_endian, name) = match descr.split_at_checked(1).ok_or_else(unknown)? {
            (">", name) => (true, name),
            ("<" | "|", name) => (false, name),
            _ => return Err(unknown()),
        };
        let kind = Kind::from_name(name).ok_or_else(unknown)?;
        let is_fortran = match order {
            "True" => true,
            "False" => false,
            _ => return Err(NpyFault::Header),
        };
        let shape = shape.strip_prefix('(').and_then(|shape| shape.strip_suffix(')')).ok_or(NpyFault::Header)?;
        let sizes = shape.split(',').map(str::trim).filter(|size| !size.is_empty()).map(str::parse);
        let shape = sizes.collect::<Result<_, _>>().map_err(|_| NpyFault::Header)?;
        Ok(Self { kind, is_big_endian, is_fortran, shape })
    }
}

/// Keys and values of a Python dictionary whose values are texts, names or tuples; three of them, as there must be.
fn entries(dictionary: &str) -> Option<[(&str, &str); 3]> {
    let mut rest = dictionary.trim().strip_prefix('{')?.strip_suffix('}')?.trim();
    let mut next = || {
        let (key, behind) = rest.split_once(':')?;
        let behind = behind.trim_start();
        let end = match behind.chars().next()? {
            '(' => behind.find(')')? + 1,
            '[' => behind.rfind(']')? + 1,
            _ => behind.find(',').unwrap_or(behind.len()),
        };
        let (value, behind) = behind.split_at_checked(end)?;
        rest = behind.trim_start().trim_start_matches(',').trim_start();
        Some((unquoted(key.trim())?, value.trim()))
    };
    let entries = [next()?, next()?, next()?];
    rest.is_empty().then_some(entries)
}

/// A text without its quotes.
fn unquoted(text: &str) -> Option<&str> {
    let between = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    between('\'').or_else(|| between('"'))
}

fn read_array<const N: usize>(file: &mut impl Read) -> Result<[u8; N], NpyFault> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}
