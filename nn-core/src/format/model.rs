//! A model file that has been checked; nothing fails afterwards and nothing is copied.

use super::header::{HEADER_SIZE, Header};
use super::outline::Outline;
use super::record::Record;
use super::records::Records;
use super::tensor::floats;
use super::view::Layers;
use super::{FormatError, Receipt, Scaling, TableEntry, TestVector, padded};
use crate::loss::AnyLoss;

/// A checked model file, read in place.
///
/// See [`Writer`](super::Writer) for an example.
#[derive(Clone, Copy, Debug)]
pub struct Model<'m> {
    header: Header,
    metadata: &'m [u8],
    /// All tensors with their padding.
    tensors: &'m [u8],
    inputs: u32,
    outputs: u32,
    scaling: Scaling,
    loss: Option<AnyLoss>,
    receipt: Option<Receipt<'m>>,
}

impl<'m> Model<'m> {
    /// Checks a model file, which must start at a multiple of 4 in memory.
    ///
    /// # Errors
    /// [`FormatError`] says what is wrong, and where.
    pub fn parse(bytes: &'m [u8]) -> Result<Self, FormatError> {
        let header = Header::read(bytes)?;
        let found = header.metadata_length;
        let too_long = FormatError::Metadata { found };
        let metadata_end = usize::try_from(found).ok().and_then(|found| HEADER_SIZE.checked_add(found));
        let metadata_end = metadata_end.ok_or(too_long)?;
        let metadata = bytes.get(HEADER_SIZE..metadata_end).ok_or(too_long)?;
        let tensors_start = padded(metadata_end).ok_or(too_long)?;
        let padding = bytes.get(metadata_end..tensors_start).ok_or(too_long)?;
        if padding.iter().any(|&byte| byte != 0) {
            return Err(FormatError::Padding { offset: tensors_start });
        }
        let tensors = bytes.get(tensors_start..).ok_or(too_long)?;
        bytemuck::try_cast_slice::<u8, u32>(tensors).map_err(|_| FormatError::Address)?;

        let outline = Outline::read(metadata)?;
        if outline.fingerprint != header.fingerprint {
            return Err(FormatError::Fingerprint { expected: outline.fingerprint, found: header.fingerprint });
        }
        let Outline { inputs, outputs, scaling, loss, receipt, .. } = outline;
        let model = Self { header, metadata, tensors, inputs, outputs, scaling, loss, receipt };
        model.check_tensors(tensors_start)?;
        Ok(model)
    }

    /// Checks that the tensors are all there, nothing remains, padding is zero and values are such that nothing fails
    /// later.
    fn check_tensors(&self, start: usize) -> Result<(), FormatError> {
        let found = self.tensors.len();
        let expected = self.layer_records().try_fold(0, tensors_end);
        if expected != Some(found) {
            return Err(FormatError::Tensors { expected: expected.unwrap_or(usize::MAX), found });
        }
        let mut layers = self.layers();
        for (layer, record) in (0..).zip(self.layer_records()) {
            let tensors = layers.tensors_of(&record);
            for (bytes, shape) in tensors.into_iter().zip(record.tensors()) {
                shape.map_or(Ok(()), |shape| shape.check(bytes, layer))?;
            }
            if let (Record::BatchNorm { .. }, [_, statistics, ..]) = (record, tensors) {
                check_variance(floats(statistics), layer)?;
            }
            if !layers.padding_is_zero {
                return Err(FormatError::Padding { offset: start + found - layers.tensors.len() });
            }
        }
        Ok(())
    }

    /// The records of layers, in order.
    fn layer_records(&self) -> impl Iterator<Item = Record<'m>> + use<'m> {
        let records = Records::new(self.metadata).map_while(|record| record.ok().map(|(_, record)| record));
        records.take_while(Record::is_layer)
    }

    /// Values of an input.
    #[must_use]
    pub const fn inputs(&self) -> u32 {
        self.inputs
    }

    /// Values of an output.
    #[must_use]
    pub const fn outputs(&self) -> u32 {
        self.outputs
    }

    /// How raw values become the network's input.
    #[must_use]
    pub const fn scaling(&self) -> Scaling {
        self.scaling
    }

    /// The loss that the network was trained with.
    #[must_use]
    pub const fn loss(&self) -> Option<AnyLoss> {
        self.loss
    }

    /// How the model came to be.
    #[must_use]
    pub const fn receipt(&self) -> Option<Receipt<'m>> {
        self.receipt
    }

    /// A checksum of the layers' kinds and shapes, not of their weights.
    #[must_use]
    pub const fn fingerprint(&self) -> u32 {
        self.header.fingerprint
    }

    /// The checksum of the whole file, which tells models apart.
    #[must_use]
    pub const fn checksum(&self) -> u32 {
        self.header.checksum
    }

    /// The layers with their weights, in the order in which data passes them.
    #[must_use]
    pub const fn layers(&self) -> Layers<'m> {
        Layers::new(Records::new(self.metadata), self.tensors)
    }

    /// The names of the classes, in the order of the outputs; none if the model has none.
    pub fn labels(&self) -> impl Iterator<Item = &'m str> + use<'m> {
        Records::new(self.metadata).filter_map(|record| match record {
            Ok((_, Record::Label(label))) => Some(label),
            _ => None,
        })
    }

    /// What the model knows of the tables that it understands, in the order of its inputs; nothing if it came from others.
    pub fn table(&self) -> impl Iterator<Item = TableEntry<'m>> + use<'m> {
        Records::new(self.metadata).filter_map(|record| match record {
            Ok((_, Record::Table(entry))) => Some(entry),
            _ => None,
        })
    }

    /// Inputs with the outputs that they must give.
    pub fn test_vectors(&self) -> impl Iterator<Item = TestVector<'m>> + use<'m> {
        Records::new(self.metadata).filter_map(|record| match record {
            Ok((_, Record::TestVector(vector))) => Some(vector),
            _ => None,
        })
    }
}

/// Where the tensors of a layer end that start behind `end` bytes of others.
fn tensors_end(end: usize, record: Record<'_>) -> Option<usize> {
    record.tensors().iter().flatten().try_fold(end, |end, tensor| end.checked_add(tensor.padded_size()?))
}

/// The second half of a batch normalization's statistics are variances.
fn check_variance(statistics: &[f32], layer: u16) -> Result<(), FormatError> {
    let units = statistics.len() / 2;
    match statistics.iter().enumerate().skip(units).find(|(_, value)| **value < 0.0) {
        None => Ok(()),
        Some((index, &value)) => Err(FormatError::Variance { layer, index: index - units, value }),
    }
}
