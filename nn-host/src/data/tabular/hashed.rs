//! A file whose bytes are hashed as they are read, so that a table need not be read twice.

use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// A file whose bytes are hashed as they are read.
#[derive(Debug)]
pub(super) struct HashedFile {
    file: File,
    digest: Sha256,
}

impl HashedFile {
    /// Nothing read yet.
    pub(super) fn new(file: File) -> Self {
        Self { file, digest: Sha256::new() }
    }

    /// The checksum of all bytes read so far.
    pub(super) fn sha256(&self) -> [u8; 32] {
        self.digest.clone().finalize().into()
    }
}

impl Read for HashedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.digest.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
