//! What the records of a model file say together: layers that join, and what may stand there once.

use super::header::HEADER_SIZE;
use super::record::Record;
use super::records::Records;
use super::shape::ShapeReader;
use super::{CRC_32C, Encoding, FormatError, Receipt, Scaling};
use crate::loss::AnyLoss;

/// What the records say, checked against each other.
pub(super) struct Outline<'m> {
    pub(super) inputs: u32,
    pub(super) outputs: u32,
    pub(super) scaling: Scaling,
    pub(super) loss: Option<AnyLoss>,
    pub(super) receipt: Option<Receipt<'m>>,
    pub(super) fingerprint: u32,
}

impl<'m> Outline<'m> {
    pub(super) fn read(metadata: &'m [u8]) -> Result<Self, FormatError> {
        let mut layers = ShapeReader::new(metadata);
        let shape = layers.sequence()?;
        let mut scaling = None;
        let mut loss = None;
        let mut receipt = None;
        let mut labels = 0_u32;
        let mut columns = 0_u32;
        for record in Records::new(metadata).skip(usize::from(layers.count())) {
            let (offset, record) = record?;
            match record {
                Record::Scaling(found) => once(&mut scaling, found, "scaling", offset)?,
                Record::Loss(found) => once(&mut loss, found, "loss", offset)?,
                Record::Receipt(found) => once(&mut receipt, found, "receipt", offset)?,
                Record::Label(_) => labels = labels.saturating_add(1),
                Record::TestVector(_) => {}
                Record::Table(entry) => columns = columns.saturating_add(entry.inputs()),
                _ => return Err(FormatError::Order { what: "layer", offset }),
            }
        }
        let (inputs, outputs) = shape.filter(|_| layers.has_dense()).ok_or(FormatError::NoLayers)?;
        if labels != 0 && labels != outputs {
            return Err(FormatError::Labels { expected: outputs, found: labels });
        }
        if columns != 0 && columns != inputs {
            return Err(FormatError::Columns { expected: inputs, found: columns });
        }
        let scaling = scaling.unwrap_or(Scaling::NONE);
        check_test_vectors(metadata, inputs, outputs, scaling.encoding)?;
        let fingerprint = CRC_32C.checksum(layer_bytes(metadata));
        Ok(Self { inputs, outputs, scaling, loss, receipt, fingerprint })
    }
}

/// Sets what may be set once.
fn once<T>(slot: &mut Option<T>, value: T, what: &'static str, offset: usize) -> Result<(), FormatError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(FormatError::Order { what, offset }),
    }
}

fn check_test_vectors(metadata: &[u8], inputs: u32, outputs: u32, encoding: Encoding) -> Result<(), FormatError> {
    let bytes = |count: u32, size: usize| usize::try_from(count).ok().and_then(|count| count.checked_mul(size));
    for record in Records::new(metadata) {
        let Ok((offset, Record::TestVector(vector))) = record else { continue };
        let sides = [
            ("input", vector.input.len(), bytes(inputs, encoding.size())),
            ("output", vector.output.len(), bytes(outputs, size_of::<f32>())),
        ];
        if !vector.output.as_chunks::<4>().0.iter().all(|&value| f32::from_le_bytes(value).is_finite()) {
            return Err(FormatError::Value { what: "test vector's output", offset });
        }
        for (what, found, expected) in sides {
            if expected != Some(found) {
                return Err(FormatError::TestVector { what, expected: expected.unwrap_or(usize::MAX), found });
            }
        }
    }
    Ok(())
}

/// The part of the metadata that describes the layers: they come first.
fn layer_bytes(metadata: &[u8]) -> &[u8] {
    let end = Records::new(metadata)
        .find_map(|record| record.ok().filter(|(_, record)| !record.is_layer()))
        .map_or(metadata.len(), |(offset, _)| offset.saturating_sub(HEADER_SIZE));
    metadata.get(..end).unwrap_or(metadata)
}
