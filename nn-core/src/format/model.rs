//! A model file that has been checked; nothing fails afterwards and nothing is copied.

use super::header::{HEADER_SIZE, Header};
use super::outline::Outline;
use super::record::{Receipt, Record, TestVector};
use super::records::Records;
use super::{FormatError, Scaling, padded};
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
///
/// ```
/// # use nn_core::{activation::Identity, format::{Record, Writer}, layer::DropoutRate};
/// use nn_core::format::{LayerView, Model};
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// # let mut writer = Writer::new(&mut buffer.0);
/// # writer.record(&Record::Dense { inputs: 1, outputs: 1, activation: Identity.into() })?;
/// # let rate = DropoutRate::new(0.5).unwrap();
/// # writer.record(&Record::Dropout { units: 1, rate })?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.tensor(&[2.0])?;
/// # tensors.tensor(&[0.5])?;
/// # let file = tensors.finish()?;
/// # let mut weights = 0;
/// for layer in Model::parse(file)?.layers() {
///     match layer {
///         LayerView::Dense(dense) => weights += dense.kernel.len() + dense.bias.len(),
///         LayerView::Dropout { .. } => {} // has none
///     }
/// }
/// assert_eq!(weights, 2);
/// # Ok::<(), nn_core::format::FormatError>(())
/// ```
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
///
/// ```
/// # use nn_core::{activation::Identity, format::{Record, Writer}};
/// use nn_core::format::{DenseView, LayerView, Model};
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// # let mut writer = Writer::new(&mut buffer.0);
/// # writer.record(&Record::Dense { inputs: 1, outputs: 1, activation: Identity.into() })?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.tensor(&[2.0])?;
/// # tensors.tensor(&[0.5])?;
/// # let file = tensors.finish()?;
///
/// let mut layers = Model::parse(file)?.layers();
/// let Some(LayerView::Dense(DenseView { inputs, outputs, kernel, bias, .. })) = layers.next() else {
///     panic!("the file starts with a dense layer")
/// };
/// assert_eq!((inputs, outputs, kernel, bias), (1, 1, [2.0].as_slice(), [0.5].as_slice()));
/// # Ok::<(), nn_core::format::FormatError>(())
/// ```
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
