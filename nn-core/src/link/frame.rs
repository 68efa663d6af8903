//! Frames: COBS bytes that end with a zero, with a CRC-32C inside.

use heapless::Vec;
use postcard::ser_flavors::crc::CrcModifier;
use serde::{Deserialize, Serialize};

use super::cobs::{self, END};
use crate::format::CRC_32C;

/// Why bytes are not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// Longer than the buffer.
    #[error("a frame is longer than the buffer of {capacity} bytes")]
    TooLong {
        /// The size of the buffer.
        capacity: usize,
    },
    /// Not COBS.
    #[error("a frame is not COBS")]
    Cobs,
    /// Too short for a checksum.
    #[error("a frame has {found} bytes, it needs at least 4 for its checksum")]
    TooShort {
        /// Bytes found.
        found: usize,
    },
    /// Damaged.
    #[error("a frame has the checksum {found:08x} and says {expected:08x}")]
    Checksum {
        /// What the frame says.
        expected: u32,
        /// The checksum of its bytes.
        found: u32,
    },
    /// No id and tag.
    #[error("a frame has no id and tag")]
    Malformed,
}

/// The content of a frame: whose request or response it is, of what kind, and its payload in postcard.
///
/// ```
/// use nn_core::link::{FrameReader, PROTOCOL, Request, Response};
///
/// let (mut buffer, mut reader) = ([0; 32], FrameReader::<32>::new());
/// let frame = Response::Pong { protocol: PROTOCOL }.encode(7, &mut buffer)?;
/// assert!(frame.iter().any(|&byte| reader.push(byte)));
/// let envelope = reader.envelope()?;
/// assert_eq!(envelope.id, 7);
/// assert!(Request::decode(&envelope).is_err()); // it holds a response
/// # Ok::<(), nn_core::link::FrameError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope<'f> {
    /// Chosen by the sender of a request, repeated in the response.
    pub id: u32,
    /// The kind of message.
    pub tag: u8,
    /// The message, in postcard.
    pub payload: &'f [u8],
}

#[derive(Serialize, Deserialize)]
struct Head {
    id: u32,
    tag: u8,
}

impl<'f> Envelope<'f> {
    /// Writes a frame, its ending zero included, to the start of `buffer`.
    pub(super) fn encode<'b>(
        id: u32,
        tag: u8,
        payload: &impl Serialize,
        buffer: &'b mut [u8],
    ) -> Result<&'b mut [u8], FrameError> {
        let too_long = FrameError::TooLong { capacity: buffer.len() };
        let frame = CrcModifier::new(cobs::Encoder::new(buffer), CRC_32C.digest());
        postcard::serialize_with_flavor(&(Head { id, tag }, payload), frame).map_err(|_| too_long)
    }

    /// Reads a frame, without its ending zero, in place: first COBS, then the checksum, then id and tag.
    fn decode(frame: &'f mut [u8]) -> Result<Self, FrameError> {
        let content = cobs::decode(frame).ok_or(FrameError::Cobs)?;
        let (content, &expected) =
            content.split_last_chunk::<4>().ok_or(FrameError::TooShort { found: content.len() })?;
        let (expected, found) = (u32::from_le_bytes(expected), CRC_32C.checksum(content));
        if expected != found {
            return Err(FrameError::Checksum { expected, found });
        }
        let (Head { id, tag }, payload) = postcard::take_from_bytes(content).map_err(|_| FrameError::Malformed)?;
        Ok(Self { id, tag, payload })
    }
}

/// Collects bytes into frames of up to `CAPACITY` bytes.
///
/// ```
/// use nn_core::link::{FrameReader, Request};
///
/// let mut buffer = [0; 32];
/// let frame = Request::Ping.encode(7, &mut buffer)?;
/// let mut reader = FrameReader::<32>::new();
/// let complete = frame.iter().any(|&byte| reader.push(byte));
/// assert!(complete);
/// assert_eq!(reader.envelope()?.id, 7);
/// # Ok::<(), nn_core::link::FrameError>(())
/// ```
#[derive(Debug, Default)]
pub struct FrameReader<const CAPACITY: usize> {
    bytes: Vec<u8, CAPACITY>,
    /// Whether bytes were lost since the last zero.
    overflowed: bool,
    /// Whether the frame is complete, so that the next byte starts another.
    complete: bool,
}

impl<const CAPACITY: usize> FrameReader<CAPACITY> {
    /// A reader at the start of a frame.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: Vec::new(), overflowed: false, complete: false }
    }

    /// Takes one byte and says whether a frame is complete. Empty frames are passed over, so that a zero before a
    /// frame cuts it off from whatever noise came earlier.
    pub fn push(&mut self, byte: u8) -> bool {
        if self.complete {
            self.bytes.clear();
            self.overflowed = false;
            self.complete = false;
        }
        if byte == END {
            self.complete = self.overflowed || !self.bytes.is_empty();
        } else {
            self.overflowed |= self.bytes.push(byte).is_err();
        }
        self.complete
    }

    /// The frame, when [`push`](Self::push) has said that it is complete; to be called once.
    ///
    /// # Errors
    /// [`FrameError`] if the bytes are not a frame.
    pub fn envelope(&mut self) -> Result<Envelope<'_>, FrameError> {
        if self.overflowed {
            return Err(FrameError::TooLong { capacity: CAPACITY });
        }
        Envelope::decode(&mut self.bytes)
    }

    /// The memory of the complete frame, of `CAPACITY` bytes, to write a response into; the frame is gone then.
    pub fn recycle(&mut self) -> &mut [u8] {
        // The full capacity always fits.
        let _ = self.bytes.resize_default(CAPACITY);
        &mut self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::{FrameError, FrameReader};
    use crate::format::Encoding;
    use crate::link::Request;

    const REQUEST: Request<'_> = Request::Predict { encoding: Encoding::U8, input: &[1, 0, 0, 2, 255] };

    fn read<const N: usize>(reader: &mut FrameReader<N>, bytes: &[u8]) -> std::vec::Vec<Result<u32, FrameError>> {
        let mut ids = std::vec::Vec::new();
        for &byte in bytes {
            if reader.push(byte) {
                ids.push(reader.envelope().map(|frame| frame.id));
            }
        }
        ids
    }

    #[test]
    fn every_damaged_byte_is_noticed() {
        let mut buffer = [0; 64];
        let frame = REQUEST.encode(9, &mut buffer).unwrap();
        for place in 0..frame.len() - 1 {
            for bit in 0..8 {
                frame[place] ^= 1 << bit;
                let ids = read(&mut FrameReader::<64>::new(), frame);
                assert!(ids.iter().all(Result::is_err), "bit {bit} of byte {place}: {ids:?}");
                frame[place] ^= 1 << bit;
            }
        }
        assert_eq!(read(&mut FrameReader::<64>::new(), frame), [Ok(9)]);
    }

    #[test]
    fn a_frame_after_noise_and_after_an_endless_one_is_read() {
        let mut buffer = [0; 64];
        let frame = REQUEST.encode(9, &mut buffer).unwrap();
        let mut reader = FrameReader::<32>::new();
        assert_eq!(read(&mut reader, &[0, 0]), []);
        assert_eq!(read(&mut reader, &[7; 1000]), []);
        assert_eq!(read(&mut reader, &[0]), [Err(FrameError::TooLong { capacity: 32 })]);
        assert_eq!(read(&mut reader, frame), [Ok(9)]);
        assert_eq!(read(&mut reader, &[1, 0]), [Err(FrameError::TooShort { found: 0 })]);
    }

    #[test]
    fn a_buffer_that_is_too_small_is_refused() {
        let mut buffer = [0; 8];
        assert_eq!(REQUEST.encode(9, &mut buffer), Err(FrameError::TooLong { capacity: 8 }));
    }
}
