//! The records of a model file, one after the other.

use super::FormatError;
use super::header::HEADER_SIZE;
use super::payload::RawRecord;
use super::record::Record;

/// The records of the metadata, each with its place in the file; after an error nothing follows.
#[derive(Clone, Debug)]
pub(super) struct Records<'m> {
    rest: &'m [u8],
    offset: usize,
}

impl<'m> Records<'m> {
    pub(super) const fn new(metadata: &'m [u8]) -> Self {
        Self { rest: metadata, offset: HEADER_SIZE }
    }
}

impl<'m> Iterator for Records<'m> {
    type Item = Result<(usize, Record<'m>), FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let offset = self.offset;
        let read = postcard::take_from_bytes::<RawRecord<'m>>(self.rest)
            .map_err(|_| FormatError::Malformed { offset })
            .and_then(|(raw, rest)| Ok((Record::read(&raw, offset)?, rest)));
        match read {
            Ok((record, rest)) => {
                self.offset += self.rest.len() - rest.len();
                self.rest = rest;
                Some(Ok((offset, record)))
            }
            Err(error) => {
                self.rest = &[];
                Some(Err(error))
            }
        }
    }
}
