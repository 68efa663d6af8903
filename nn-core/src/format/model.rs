//! A model file that has been checked; nothing fails afterwards and nothing is copied.

use super::header::{HEADER_SIZE, Header};
use super::record::{Encoding, RawRecord, Receipt, Record, Scaling, TestVector};
use super::{ALIGNMENT, CRC_32C, FormatError, padded};
use crate::activation::AnyActivation;
use crate::layer::DropoutRate;
use crate::loss::AnyLoss;

/// A checked model file, read in place.
///
/// See [`Writer`](super::Writer) for an example.
#[derive(Clone, Copy, Debug)]
pub struct Model<'m> {
    header: Header,
    metadata: &'m [u8],
    /// All tensors with their padding.
    tensors: &'m [f32],
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
        let tensors = bytemuck::try_cast_slice(tensors).map_err(|_| FormatError::Address)?;

        let outline = Outline::read(metadata)?;
        if outline.fingerprint != header.fingerprint {
            return Err(FormatError::Fingerprint { expected: outline.fingerprint, found: header.fingerprint });
        }
        let Outline { inputs, outputs, scaling, loss, receipt, .. } = outline;
        let model = Self { header, metadata, tensors, inputs, outputs, scaling, loss, receipt };
        model.check_tensors(tensors_start)?;
        Ok(model)
    }

    /// Checks that the tensors are all there, nothing remains, padding is zero and weights are finite.
    fn check_tensors(&self, start: usize) -> Result<(), FormatError> {
        let found = size_of_val(self.tensors);
        let mut expected = 0_usize;
        for record in Records::new(self.metadata) {
            if let Ok((_, Record::Dense { inputs, outputs, .. })) = record {
                let kernel = tensor_size(inputs, outputs);
                let both = kernel.zip(tensor_size(1, outputs)).and_then(|(kernel, bias)| kernel.checked_add(bias));
                let sum = both.and_then(|both| expected.checked_add(both));
                expected = sum.ok_or(FormatError::Tensors { expected: usize::MAX, found })?;
            }
        }
        if expected != found {
            return Err(FormatError::Tensors { expected, found });
        }
        let mut layers = self.layers();
        let mut layer = 0;
        while let Some(view) = layers.next() {
            if let LayerView::Dense(DenseView { kernel, bias, .. }) = view {
                check_finite(kernel, layer, "kernel")?;
                check_finite(bias, layer, "bias")?;
                if !layers.padding_is_zero {
                    return Err(FormatError::Padding { offset: start + found - size_of_val(layers.tensors) });
                }
            }
            layer += 1;
        }
        Ok(())
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
        Layers { records: Records::new(self.metadata), tensors: self.tensors, padding_is_zero: true }
    }

    /// The names of the classes, in the order of the outputs; none if the model has none.
    pub fn labels(&self) -> impl Iterator<Item = &'m str> + use<'m> {
        Records::new(self.metadata).filter_map(|record| match record {
            Ok((_, Record::Label(label))) => Some(label),
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

/// A layer of a model file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LayerView<'m> {
    /// A dense layer.
    Dense(DenseView<'m>),
    /// A dropout layer.
    Dropout {
        /// Inputs, which are the outputs.
        units: u32,
        /// The probability with which a unit is switched off in training.
        rate: DropoutRate,
    },
}

/// A dense layer of a model file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DenseView<'m> {
    /// IN
    pub inputs: u32,
    /// OUT
    pub outputs: u32,
    /// The activation.
    pub activation: AnyActivation,
    /// `[IN][OUT]`
    pub kernel: &'m [f32],
    /// `[OUT]`
    pub bias: &'m [f32],
}

/// The layers of a model file, in the order in which data passes them.
#[derive(Clone, Debug)]
pub struct Layers<'m> {
    records: Records<'m>,
    /// The tensors of the layers to come.
    tensors: &'m [f32],
    padding_is_zero: bool,
}

impl<'m> Layers<'m> {
    /// The next tensor, without its padding.
    fn tensor(&mut self, rows: u32, columns: u32) -> Option<&'m [f32]> {
        let values = usize::try_from(rows).ok()?.checked_mul(usize::try_from(columns).ok()?)?;
        let (tensor, rest) = self.tensors.split_at_checked(tensor_size(rows, columns)? / size_of::<f32>())?;
        self.tensors = rest;
        let (values, padding) = tensor.split_at_checked(values)?;
        self.padding_is_zero &= padding.iter().all(|padding| padding.to_bits() == 0);
        Some(values)
    }
}

impl<'m> Iterator for Layers<'m> {
    type Item = LayerView<'m>;

    fn next(&mut self) -> Option<LayerView<'m>> {
        match self.records.next()? {
            Ok((_, Record::Dense { inputs, outputs, activation })) => {
                let kernel = self.tensor(inputs, outputs)?;
                let bias = self.tensor(1, outputs)?;
                Some(LayerView::Dense(DenseView { inputs, outputs, activation, kernel, bias }))
            }
            Ok((_, Record::Dropout { units, rate })) => Some(LayerView::Dropout { units, rate }),
            _ => None, // layers come first, so nothing is left
        }
    }
}

/// What the records say, checked against each other.
struct Outline<'m> {
    inputs: u32,
    outputs: u32,
    scaling: Scaling,
    loss: Option<AnyLoss>,
    receipt: Option<Receipt<'m>>,
    fingerprint: u32,
}

impl<'m> Outline<'m> {
    fn read(metadata: &'m [u8]) -> Result<Self, FormatError> {
        let mut layers = LayerCheck::default();
        let mut scaling = None;
        let mut loss = None;
        let mut receipt = None;
        let mut labels = 0_u32;
        for record in Records::new(metadata) {
            let (offset, record) = record?;
            if record.is_layer() && layers.ended {
                return Err(FormatError::Order { what: "layer", offset });
            }
            layers.ended |= !record.is_layer();
            match record {
                Record::Dense { inputs, outputs, .. } => layers.add(inputs, outputs, true)?,
                Record::Dropout { units, .. } => layers.add(units, units, false)?,
                Record::Scaling(found) => once(&mut scaling, found, "scaling", offset)?,
                Record::Loss(found) => once(&mut loss, found, "loss", offset)?,
                Record::Receipt(found) => once(&mut receipt, found, "receipt", offset)?,
                Record::Label(_) => labels = labels.saturating_add(1),
                Record::TestVector(_) => {}
            }
        }
        let (inputs, outputs) = layers.shape.filter(|_| layers.has_dense).ok_or(FormatError::NoLayers)?;
        if labels != 0 && labels != outputs {
            return Err(FormatError::Labels { expected: outputs, found: labels });
        }
        let scaling = scaling.unwrap_or(Scaling::NONE);
        check_test_vectors(metadata, inputs, outputs, scaling.encoding)?;
        let fingerprint = CRC_32C.checksum(layer_bytes(metadata));
        Ok(Self { inputs, outputs, scaling, loss, receipt, fingerprint })
    }
}

/// The layers seen so far.
#[derive(Default)]
struct LayerCheck {
    count: u16,
    /// Inputs of the first layer and outputs of the last.
    shape: Option<(u32, u32)>,
    has_dense: bool,
    /// Whether a record that is no layer has been seen.
    ended: bool,
}

impl LayerCheck {
    fn add(&mut self, inputs: u32, outputs: u32, is_dense: bool) -> Result<(), FormatError> {
        let first = match self.shape {
            Some((_, expected)) if expected != inputs => {
                return Err(FormatError::Join { layer: self.count, expected, found: inputs });
            }
            Some((first, _)) => first,
            None => inputs,
        };
        self.shape = Some((first, outputs));
        self.has_dense |= is_dense;
        self.count = self.count.saturating_add(1);
        Ok(())
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
        let Ok((_, Record::TestVector(vector))) = record else { continue };
        let sides = [
            ("input", vector.input.len(), bytes(inputs, encoding.size())),
            ("output", vector.output.len(), bytes(outputs, size_of::<f32>())),
        ];
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

/// Bytes of a tensor with its padding.
fn tensor_size(rows: u32, columns: u32) -> Option<usize> {
    let values = usize::try_from(rows).ok()?.checked_mul(usize::try_from(columns).ok()?)?;
    padded(values.checked_mul(size_of::<f32>())?)
}

fn check_finite(values: &[f32], layer: u16, tensor: &'static str) -> Result<(), FormatError> {
    match values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some((index, &value)) => Err(FormatError::NotFinite { layer, tensor, index, value }),
    }
}

/// The records of the metadata, each with its place in the file; after an error nothing follows.
#[derive(Clone, Debug)]
struct Records<'m> {
    rest: &'m [u8],
    offset: usize,
}

impl<'m> Records<'m> {
    const fn new(metadata: &'m [u8]) -> Self {
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

const _: () = assert!(HEADER_SIZE.is_multiple_of(ALIGNMENT), "tensors are aligned in the file");
