//! The header: eight little-endian words of 32 bits.

use super::{CRC_32C, FormatError};

/// The first four bytes of every model file.
pub const MAGIC: [u8; 4] = *b"NNM1";

/// The version that this library writes.
pub const VERSION: u32 = 1;

/// Bytes of a header.
pub const HEADER_SIZE: usize = 32;

/// Where the checksummed bytes start: behind magic, version, length and checksum.
pub(super) const CHECKED_FROM: usize = 16;

/// The header's fields that are not checks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) checksum: u32,
    pub(super) fingerprint: u32,
    pub(super) metadata_length: u32,
}

impl Header {
    /// Checks, in this order, length, magic, version, length in the header, checksum and signature.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let Some((header, _)) = bytes.split_first_chunk::<HEADER_SIZE>() else {
            return Err(FormatError::TooShort { found: bytes.len() });
        };
        let (fields, _) = header.as_chunks::<4>();
        let &[magic, version, length, checksum, fingerprint, metadata_length, signature_length, reserved] = fields
        else {
            return Err(FormatError::TooShort { found: bytes.len() });
        };
        if magic != MAGIC {
            return Err(FormatError::Magic { found: magic });
        }
        match u32::from_le_bytes(version) {
            VERSION => {}
            found => return Err(FormatError::Version { found }),
        }
        let expected = u32::from_le_bytes(length);
        if usize::try_from(expected) != Ok(bytes.len()) {
            return Err(FormatError::Length { expected, found: bytes.len() });
        }
        let checksum = u32::from_le_bytes(checksum);
        let found = CRC_32C.checksum(bytes.get(CHECKED_FROM..).unwrap_or_default());
        if found != checksum {
            return Err(FormatError::Checksum { expected: checksum, found });
        }
        match u32::from_le_bytes(signature_length) {
            0 => {}
            found => return Err(FormatError::Signature { found }),
        }
        match u32::from_le_bytes(reserved) {
            0 => {}
            found => return Err(FormatError::Reserved { found }),
        }
        let [fingerprint, metadata_length] = [fingerprint, metadata_length].map(u32::from_le_bytes);
        Ok(Self { checksum, fingerprint, metadata_length })
    }

    /// Writes the header before the rest of `bytes`, which must be complete.
    pub(super) fn write(fingerprint: u32, metadata_length: u32, bytes: &mut [u8]) -> Result<(), FormatError> {
        let capacity = bytes.len();
        let length = u32::try_from(capacity).map_err(|_| FormatError::Full { capacity })?;
        let put = |bytes: &mut [u8], word: usize, value: [u8; 4]| {
            if let Some(place) = bytes.as_chunks_mut::<4>().0.get_mut(word) {
                *place = value;
            }
        };
        let words = [u32::from_le_bytes(MAGIC), VERSION, length, 0, fingerprint, metadata_length, 0, 0];
        for (word, value) in words.into_iter().enumerate() {
            put(bytes, word, value.to_le_bytes());
        }
        let checksum = CRC_32C.checksum(bytes.get(CHECKED_FROM..).unwrap_or_default());
        put(bytes, 3, checksum.to_le_bytes());
        Ok(())
    }
}
