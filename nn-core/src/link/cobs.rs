//! Consistent overhead byte stuffing (Cheshire and Baker, 1999): bytes without a zero among them, so that a zero can
//! end a frame. Blocks of up to 254 bytes stand behind a code, which is one more than their number; a block with a
//! code below 255 has a zero behind it, which the frame leaves out.

use core::cell::Cell;

use postcard::ser_flavors::Flavor;
use postcard::{Error, Result};

/// The byte that ends every frame and is nowhere inside one.
pub(super) const END: u8 = 0;

/// The code of a block that has no zero behind it.
const LONGEST: u8 = 255;

/// Writes a frame, its end included, to the start of a buffer.
pub(super) struct Encoder<'b> {
    buffer: &'b mut [u8],
    /// Where the code of the last block stands.
    block: usize,
    /// That code, as far as the block has come.
    code: u8,
}

impl<'b> Encoder<'b> {
    /// An encoder at the start of a frame.
    pub(super) const fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, block: 0, code: 1 }
    }

    /// Where the next byte of the block goes.
    fn end(&self) -> usize {
        self.block.saturating_add(self.code.into())
    }

    fn put(&mut self, place: usize, byte: u8) -> Result<()> {
        *self.buffer.get_mut(place).ok_or(Error::SerializeBufferFull)? = byte;
        Ok(())
    }

    /// Writes the code of the block, and starts another behind it.
    fn end_block(&mut self) -> Result<()> {
        self.put(self.block, self.code)?;
        (self.block, self.code) = (self.end(), 1);
        Ok(())
    }
}

impl<'b> Flavor for Encoder<'b> {
    type Output = &'b mut [u8];

    fn try_push(&mut self, byte: u8) -> Result<()> {
        if byte != END {
            self.put(self.end(), byte)?;
            self.code = self.code.saturating_add(1);
        }
        if byte == END || self.code == LONGEST { self.end_block() } else { Ok(()) }
    }

    fn finalize(mut self) -> Result<&'b mut [u8]> {
        self.end_block()?;
        self.put(self.block, END)?;
        self.buffer.get_mut(..=self.block).ok_or(Error::SerializeBufferFull)
    }
}

/// What a frame holds, in place; `None` if it is none. The frame is given without its end.
pub(super) fn decode(frame: &mut [u8]) -> Option<&[u8]> {
    let cells = Cell::from_mut(&mut *frame).as_slice_of_cells();
    // Each block is shorter without its code: what is written never overtakes what is read.
    let (mut read, mut write) = (cells.iter().map(Cell::get), cells.iter());
    let mut next = Some(read.next()?);
    while let Some(code) = next {
        for _ in 0..code.checked_sub(1)? {
            write.next()?.set(read.next().filter(|&byte| byte != END)?);
        }
        next = read.next();
        if code != LONGEST && next.is_some() {
            write.next()?.set(END);
        }
    }
    let length = cells.len().saturating_sub(write.len());
    frame.get(..length)
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use postcard::ser_flavors::{Cobs, Slice};

    use super::{Encoder, Error, Flavor, decode};
    use crate::random::{Purpose, Stream};

    fn encode<'b>(bytes: &[u8], buffer: &'b mut [u8]) -> postcard::Result<&'b mut [u8]> {
        let mut encoder = Encoder::new(buffer);
        bytes.iter().try_for_each(|&byte| encoder.try_push(byte))?;
        encoder.finalize()
    }

    /// Bytes of every length up to three blocks, with zeros of every density.
    fn samples() -> impl Iterator<Item = Vec<u8>> {
        let mut stream = Stream::new(0, Purpose::Shuffle, 0, 0);
        (0..770).map(move |length| {
            let zeros = stream.below(256);
            (0..length).map(|_| if stream.below(256) < zeros { 0 } else { stream.word() as u8 }).collect()
        })
    }

    #[test]
    fn every_frame_has_the_bytes_of_postcard() {
        for bytes in samples() {
            let (mut ours, mut theirs) = ([0xaa; 800], [0xaa; 800]);
            let mut encoder = Cobs::try_new(Slice::new(&mut theirs)).unwrap();
            bytes.iter().for_each(|&byte| encoder.try_push(byte).unwrap());
            assert_eq!(encode(&bytes, &mut ours), encoder.finalize());
        }
    }

    #[test]
    fn every_frame_is_read_back_and_fits_a_buffer_of_its_length_alone() {
        for bytes in samples() {
            let mut buffer = [0xaa; 800];
            let length = encode(&bytes, &mut buffer).unwrap().len();
            let (frame, _) = buffer.split_at_mut(length);
            assert_eq!(encode(&bytes, frame).unwrap().len(), length);
            assert_eq!(decode(&mut frame[..length - 1]), Some(&*bytes));
            assert_eq!(encode(&bytes, &mut frame[..length - 1]), Err(Error::SerializeBufferFull));
        }
    }

    #[test]
    fn what_is_no_frame_is_refused_as_by_another_implementation() {
        let mut stream = Stream::new(1, Purpose::Shuffle, 0, 0);
        let mut refused = 0;
        for _ in 0..100_000 {
            let mut ours: Vec<u8> = (0..stream.below(8)).map(|_| 1 + stream.below(5) as u8).collect();
            let mut theirs = ours.clone();
            let length = cobs::decode_in_place(&mut theirs).ok();
            let expected = length.map(|length| &theirs[..length]);
            refused += usize::from(expected.is_none());
            assert_eq!(decode(&mut ours), expected);
        }
        assert!((10_000..90_000).contains(&refused), "{refused}");
        for zeros in [[0, 1], [1, 0], [2, 0]] {
            assert_eq!(decode(&mut zeros.clone()), None);
        }
    }
}
