//! Writes a model file into a buffer: first the records, then the tensors, last the header.

use super::header::{HEADER_SIZE, Header};
use super::record::Record;
use super::{CRC_32C, FormatError, padded};

/// Writes the records of a model file.
///
/// ```
/// use nn_core::activation::Identity;
/// use nn_core::format::{Model, Record, Writer};
///
/// #[repr(align(16))]
/// struct Aligned([u8; 256]);
/// let mut buffer = Aligned([0; 256]);
/// let mut writer = Writer::new(&mut buffer.0);
/// writer.record(&Record::Dense { inputs: 1, outputs: 1, activation: Identity.into() })?;
/// let mut tensors = writer.tensors()?;
/// tensors.tensor(&[2.0])?;
/// tensors.tensor(&[0.5])?;
/// let file = tensors.finish()?;
/// assert_eq!(Model::parse(file)?.inputs(), 1);
/// # Ok::<(), nn_core::format::FormatError>(())
/// ```
#[derive(Debug)]
pub struct Writer<'b> {
    buffer: &'b mut [u8],
    end: usize,
    layers_end: usize,
}

impl<'b> Writer<'b> {
    /// A writer into this buffer.
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, end: HEADER_SIZE, layers_end: HEADER_SIZE }
    }

    /// Appends a record. Layers come first, in the order in which data passes them.
    ///
    /// # Errors
    /// [`FormatError::Full`] if the buffer is too small, for a while also for a copy of the record.
    pub fn record(&mut self, record: &Record<'_>) -> Result<(), FormatError> {
        let full = FormatError::Full { capacity: self.buffer.len() };
        // The payload is made in the last half of what is free: a record is longer than its payload.
        let free = self.buffer.get_mut(self.end..).ok_or(full)?;
        let (front, scratch) = free.split_at_mut(free.len() / 2);
        self.end += record.write(scratch, front).map_err(|_| full)?;
        if record.is_layer() {
            self.layers_end = self.end;
        }
        Ok(())
    }

    /// Ends the records.
    ///
    /// # Errors
    /// [`FormatError::Full`] if the buffer is too small.
    pub fn tensors(self) -> Result<TensorWriter<'b>, FormatError> {
        let full = FormatError::Full { capacity: self.buffer.len() };
        let fingerprint = CRC_32C.checksum(self.buffer.get(HEADER_SIZE..self.layers_end).ok_or(full)?);
        let metadata_length = u32::try_from(self.end - HEADER_SIZE).map_err(|_| full)?;
        let mut writer = TensorWriter { buffer: self.buffer, end: self.end, fingerprint, metadata_length };
        writer.pad()?;
        Ok(writer)
    }
}

/// Writes the tensors of a model file: those of each layer in turn.
#[derive(Debug)]
pub struct TensorWriter<'b> {
    buffer: &'b mut [u8],
    end: usize,
    fingerprint: u32,
    metadata_length: u32,
}

impl<'b> TensorWriter<'b> {
    /// Appends a tensor of f32.
    ///
    /// # Errors
    /// [`FormatError::Full`] if the buffer is too small.
    pub fn tensor(&mut self, values: &[f32]) -> Result<(), FormatError> {
        self.bytes(bytemuck::cast_slice(values))
    }

    /// Appends a tensor of whatever kind by its bytes, little-endian.
    ///
    /// # Errors
    /// [`FormatError::Full`] if the buffer is too small.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), FormatError> {
        let full = FormatError::Full { capacity: self.buffer.len() };
        self.buffer
            .get_mut(self.end..)
            .and_then(|free| free.get_mut(..bytes.len()))
            .ok_or(full)?
            .copy_from_slice(bytes);
        self.end += bytes.len();
        self.pad()
    }

    /// Writes the header and returns the file.
    ///
    /// # Errors
    /// [`FormatError::Full`] if the file would be longer than a header can say.
    pub fn finish(self) -> Result<&'b [u8], FormatError> {
        let full = FormatError::Full { capacity: self.buffer.len() };
        let file = self.buffer.get_mut(..self.end).ok_or(full)?;
        Header::write(self.fingerprint, self.metadata_length, file)?;
        Ok(file)
    }

    /// Fills with zeros up to where the next tensor starts.
    fn pad(&mut self) -> Result<(), FormatError> {
        let full = FormatError::Full { capacity: self.buffer.len() };
        let end = padded(self.end).ok_or(full)?;
        self.buffer.get_mut(self.end..end).ok_or(full)?.fill(0);
        self.end = end;
        Ok(())
    }
}
