//! The metadata's records: a tag and a payload in postcard, each checked as it is read.

use serde::{Deserialize, Serialize};

use super::{FormatError, Receipt, Scaling, TableEntry, TestVector, loss, scaling};
use crate::activation::AnyActivation;
use crate::layer::DropoutRate;
use crate::loss::AnyLoss;

/// Tags of records; never renumbered. Layers are below 32.
mod tag {
    pub(super) const DENSE: u8 = 1;
    pub(super) const DROPOUT: u8 = 2;
    pub(super) const DENSE_WITHOUT_BIAS: u8 = 3;
    pub(super) const PRELU: u8 = 4;
    pub(super) const SCALE: u8 = 5;
    pub(super) const BATCH_NORM: u8 = 6;
    pub(super) const LAYER_NORM: u8 = 7;
    pub(super) const SKIP: u8 = 8;
    pub(super) const RESIDUAL: u8 = 9;
    pub(super) const CONCATENATE: u8 = 10;
    pub(super) const SCALING: u8 = 32;
    pub(super) const LOSS: u8 = 33;
    pub(super) const LABEL: u8 = 34;
    pub(super) const RECEIPT: u8 = 35;
    pub(super) const TEST_VECTOR: u8 = 36;
    pub(super) const TABLE: u8 = 37;
}

/// The most inputs or outputs that a layer can have: counts up to 2²⁴ are exact in f32.
pub const MOST_UNITS: u32 = 1 << 24;

/// One record of a model file.
///
/// ```
/// use nn_core::{activation::Softmax, format::{Model, Record, Writer}};
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
///
/// let mut writer = Writer::new(&mut buffer.0);
/// writer.record(&Record::Dense { inputs: 1, outputs: 2, activation: Softmax.into() })?;
/// writer.record(&Record::Label("cat"))?;
/// writer.record(&Record::Label("dog"))?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.tensor(&[1.0, -1.0])?;
/// # tensors.tensor(&[0.0, 0.0])?;
/// # let file = tensors.finish()?;
/// // … and the tensors
/// assert!(Model::parse(file)?.labels().eq(["cat", "dog"]));
/// # Ok::<(), nn_core::format::FormatError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Record<'m> {
    /// A dense layer; its kernel and bias are the next two tensors.
    Dense {
        /// IN
        inputs: u32,
        /// OUT
        outputs: u32,
        /// The activation.
        activation: AnyActivation,
    },
    /// A dense layer without a bias; its kernel is the next tensor.
    DenseWithoutBias {
        /// IN
        inputs: u32,
        /// OUT
        outputs: u32,
        /// The activation.
        activation: AnyActivation,
    },
    /// A dropout layer; nothing at inference.
    Dropout {
        /// Inputs, which are the outputs.
        units: u32,
        /// The probability with which a unit is switched off in training.
        rate: DropoutRate,
    },
    /// Parametric ReLU; its slopes are the next tensor.
    Prelu {
        /// Inputs, which are the outputs.
        units: u32,
    },
    /// Input scaling a feature; offset and scale are the next two tensors.
    Scale {
        /// Inputs, which are the outputs.
        units: u32,
    },
    /// Batch normalization; γ and β are the next tensor, mean and variance the one after it.
    BatchNorm {
        /// Inputs, which are the outputs.
        units: u32,
    },
    /// Layer normalization; γ and β are the next tensor.
    LayerNorm {
        /// Inputs, which are the outputs.
        units: u32,
    },
    /// A layer that does nothing.
    Skip {
        /// Inputs, which are the outputs.
        units: u32,
    },
    /// A residual block: the layers of its branch follow, then its shortcut.
    Residual {
        /// Layer records of the branch.
        branch: u16,
        /// Layer records of the shortcut: one, which skips, or a dense layer without bias and activation.
        shortcut: u16,
    },
    /// Two branches side by side: the layers of the first follow, then those of the second.
    Concatenate {
        /// Layer records of the first branch.
        first: u16,
        /// Layer records of the second branch.
        second: u16,
    },
    /// How raw values become the network's input.
    Scaling(Scaling),
    /// The loss that the network was trained with.
    Loss(AnyLoss),
    /// The name of the next class.
    Label(&'m str),
    /// How the model came to be.
    Receipt(Receipt<'m>),
    /// An input with the output that it must give.
    TestVector(TestVector<'m>),
    /// What the model knows of the tables that it understands.
    Table(TableEntry<'m>),
}

/// A record as it stands in the file.
#[derive(Serialize, Deserialize)]
pub(super) struct RawRecord<'m> {
    pub(super) tag: u8,
    pub(super) payload: &'m [u8],
}

#[derive(Serialize, Deserialize)]
struct RawDense {
    inputs: u32,
    outputs: u32,
    activation: u8,
    /// The activation's setting; 0 for those that have none.
    parameter: f32,
}

#[derive(Serialize, Deserialize)]
struct RawDropout {
    units: u32,
    rate: f32,
}

#[derive(Serialize, Deserialize)]
struct RawParts {
    first: u16,
    second: u16,
}

/// A payload, from which nothing may remain.
fn payload<'m, T: Deserialize<'m>>(bytes: &'m [u8], offset: usize) -> Result<T, FormatError> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        _ => Err(FormatError::Malformed { offset }),
    }
}

/// A number of units that a layer can have.
fn units(count: u32, what: &'static str, offset: usize) -> Result<u32, FormatError> {
    if (1..=MOST_UNITS).contains(&count) { Ok(count) } else { Err(FormatError::Value { what, offset }) }
}

impl<'m> Record<'m> {
    /// Checks a raw record that stands at byte `offset` of the file.
    pub(super) fn read(raw: &RawRecord<'m>, offset: usize) -> Result<Self, FormatError> {
        match raw.tag {
            tag::DENSE | tag::DENSE_WITHOUT_BIAS => Self::read_dense(raw.tag, &payload(raw.payload, offset)?, offset),
            tag::DROPOUT => {
                let raw: RawDropout = payload(raw.payload, offset)?;
                let rate =
                    DropoutRate::new(raw.rate).map_err(|_| FormatError::Value { what: "dropout rate", offset })?;
                Ok(Self::Dropout { units: units(raw.units, "units", offset)?, rate })
            }
            tag::PRELU | tag::SCALE | tag::BATCH_NORM | tag::LAYER_NORM | tag::SKIP => {
                let units = units(payload(raw.payload, offset)?, "units", offset)?;
                Ok(match raw.tag {
                    tag::PRELU => Self::Prelu { units },
                    tag::SCALE => Self::Scale { units },
                    tag::BATCH_NORM => Self::BatchNorm { units },
                    tag::LAYER_NORM => Self::LayerNorm { units },
                    _ => Self::Skip { units },
                })
            }
            tag::RESIDUAL | tag::CONCATENATE => {
                let RawParts { first, second } = payload(raw.payload, offset)?;
                let residual = Self::Residual { branch: first, shortcut: second };
                Ok(if raw.tag == tag::RESIDUAL { residual } else { Self::Concatenate { first, second } })
            }
            tag::SCALING => scaling::read(&payload(raw.payload, offset)?, offset).map(Self::Scaling),
            tag::LOSS => loss::read(raw.payload, offset).map(Self::Loss),
            tag::LABEL => payload(raw.payload, offset).map(Self::Label),
            tag::RECEIPT => payload(raw.payload, offset).map(Self::Receipt),
            tag::TEST_VECTOR => payload(raw.payload, offset).map(Self::TestVector),
            tag::TABLE => TableEntry::read(payload(raw.payload, offset)?, offset).map(Self::Table),
            found => Err(FormatError::Tag { what: "record", found, offset }),
        }
    }

    fn read_dense(tag: u8, raw: &RawDense, offset: usize) -> Result<Self, FormatError> {
        let found = raw.activation;
        let activation =
            AnyActivation::from_tag(found).ok_or(FormatError::Tag { what: "activation", found, offset })?;
        let wrong = FormatError::Value { what: "activation parameter", offset };
        let activation = activation.with_parameter(raw.parameter).ok_or(wrong)?;
        let inputs = units(raw.inputs, "inputs", offset)?;
        let outputs = units(raw.outputs, "outputs", offset)?;
        Ok(match tag {
            tag::DENSE => Self::Dense { inputs, outputs, activation },
            _ => Self::DenseWithoutBias { inputs, outputs, activation },
        })
    }

    /// Writes the record to the start of `buffer`, through `scratch`, and returns its length.
    pub(super) fn write(&self, scratch: &mut [u8], buffer: &mut [u8]) -> Result<usize, postcard::Error> {
        let payload: &[u8] = match *self {
            Self::Dense { inputs, outputs, activation } | Self::DenseWithoutBias { inputs, outputs, activation } => {
                let raw = RawDense { inputs, outputs, activation: activation.tag(), parameter: activation.parameter() };
                postcard::to_slice(&raw, scratch)?
            }
            Self::Dropout { units, rate } => postcard::to_slice(&RawDropout { units, rate: rate.get() }, scratch)?,
            Self::Prelu { units }
            | Self::Scale { units }
            | Self::BatchNorm { units }
            | Self::LayerNorm { units }
            | Self::Skip { units } => postcard::to_slice(&units, scratch)?,
            Self::Residual { branch: first, shortcut: second } | Self::Concatenate { first, second } => {
                postcard::to_slice(&RawParts { first, second }, scratch)?
            }
            Self::Scaling(scaling) => postcard::to_slice(&scaling::raw(scaling), scratch)?,
            Self::Loss(loss) => loss::write(loss, scratch).ok_or(postcard::Error::SerializeBufferFull)?,
            Self::Label(label) => postcard::to_slice(label, scratch)?,
            Self::Receipt(receipt) => postcard::to_slice(&receipt, scratch)?,
            Self::TestVector(vector) => postcard::to_slice(&vector, scratch)?,
            Self::Table(entry) => postcard::to_slice(&entry.raw(), scratch)?,
        };
        Ok(postcard::to_slice(&RawRecord { tag: self.tag(), payload }, buffer)?.len())
    }

    const fn tag(&self) -> u8 {
        match self {
            Self::Dense { .. } => tag::DENSE,
            Self::DenseWithoutBias { .. } => tag::DENSE_WITHOUT_BIAS,
            Self::Dropout { .. } => tag::DROPOUT,
            Self::Prelu { .. } => tag::PRELU,
            Self::Scale { .. } => tag::SCALE,
            Self::BatchNorm { .. } => tag::BATCH_NORM,
            Self::LayerNorm { .. } => tag::LAYER_NORM,
            Self::Skip { .. } => tag::SKIP,
            Self::Residual { .. } => tag::RESIDUAL,
            Self::Concatenate { .. } => tag::CONCATENATE,
            Self::Scaling(_) => tag::SCALING,
            Self::Loss(_) => tag::LOSS,
            Self::Label(_) => tag::LABEL,
            Self::Receipt(_) => tag::RECEIPT,
            Self::TestVector(_) => tag::TEST_VECTOR,
            Self::Table(_) => tag::TABLE,
        }
    }

    /// The tensors of a layer in the order of the file: rows, columns and name of each.
    pub(super) const fn tensors(&self) -> [Option<(u32, u32, &'static str)>; 2] {
        match *self {
            Self::Dense { inputs, outputs, .. } => [Some((inputs, outputs, "kernel")), Some((1, outputs, "bias"))],
            Self::DenseWithoutBias { inputs, outputs, .. } => [Some((inputs, outputs, "kernel")), None],
            Self::Prelu { units } => [Some((1, units, "alpha")), None],
            Self::Scale { units } => [Some((1, units, "offset")), Some((1, units, "scale"))],
            Self::BatchNorm { units } => [Some((2, units, "gamma and beta")), Some((2, units, "mean and variance"))],
            Self::LayerNorm { units } => [Some((2, units, "gamma and beta")), None],
            _ => [None, None],
        }
    }

    /// Whether this is a layer; layers come first.
    pub(super) const fn is_layer(&self) -> bool {
        self.tag() < tag::SCALING
    }
}
