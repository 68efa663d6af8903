//! Bytes in memory as a model file needs them.

/// Bytes at an address where floats can be read in place.
#[derive(Clone, Debug)]
pub struct AlignedBytes {
    words: Vec<u128>,
    length: usize,
}

impl AlignedBytes {
    /// So many zeros.
    pub(super) fn zeros(length: usize) -> Self {
        Self { words: vec![0; length.div_ceil(size_of::<u128>())], length }
    }

    /// A copy of bytes.
    #[must_use]
    pub fn copy_of(bytes: &[u8]) -> Self {
        let mut copy = Self::zeros(bytes.len());
        copy.as_mut_bytes().copy_from_slice(bytes);
        copy
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.words).get(..self.length).unwrap_or_default()
    }

    /// The bytes, to change them.
    #[must_use]
    pub fn as_mut_bytes(&mut self) -> &mut [u8] {
        bytemuck::cast_slice_mut(&mut self.words).get_mut(..self.length).unwrap_or_default()
    }
}
