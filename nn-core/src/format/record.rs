//! The metadata's records: a tag and a payload in postcard, each checked as it is read.

use serde::{Deserialize, Serialize};

use super::{Encoding, FormatError, Scaling, loss};
use crate::activation::AnyActivation;
use crate::layer::DropoutRate;
use crate::loss::AnyLoss;

/// Tags of records; never renumbered. Layers are below 32.
mod tag {
    pub(super) const DENSE: u8 = 1;
    pub(super) const DROPOUT: u8 = 2;
    pub(super) const SCALING: u8 = 32;
    pub(super) const LOSS: u8 = 33;
    pub(super) const LABEL: u8 = 34;
    pub(super) const RECEIPT: u8 = 35;
    pub(super) const TEST_VECTOR: u8 = 36;
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
    /// A dropout layer; nothing at inference.
    Dropout {
        /// Inputs, which are the outputs.
        units: u32,
        /// The probability with which a unit is switched off in training.
        rate: DropoutRate,
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
}

/// How the model came to be.
///
/// ```
/// # use nn_core::activation::Identity;
/// use nn_core::format::{Model, Receipt, Record, Writer};
///
/// let (data_sha256, configuration_sha256) = ([0x11; 32], [0x22; 32]);
/// let receipt = Receipt { seed: 42, epochs: 20, data_sha256, configuration_sha256, tool: "nn 1.0.0" };
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// # let mut writer = Writer::new(&mut buffer.0);
/// # writer.record(&Record::Dense { inputs: 1, outputs: 1, activation: Identity.into() })?;
/// writer.record(&Record::Receipt(receipt))?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.tensor(&[2.0])?;
/// # tensors.tensor(&[0.5])?;
/// # let file = tensors.finish()?;
/// assert_eq!(Model::parse(file)?.receipt(), Some(receipt));
/// # Ok::<(), nn_core::format::FormatError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt<'m> {
    /// The seed of everything random.
    pub seed: u64,
    /// Epochs trained.
    pub epochs: u32,
    /// SHA-256 of the training data.
    pub data_sha256: [u8; 32],
    /// SHA-256 of the training configuration.
    pub configuration_sha256: [u8; 32],
    /// Name and version of the program that trained it.
    pub tool: &'m str,
}

/// An input with the output that it must give, bit for bit.
///
/// A network proves itself with the test vectors of its file:
///
/// ```
/// # use nn_core::{activation::Identity, format::{Model, Record, TestVector, Writer, load}, layer::{Dense, Layer}};
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// # let mut writer = Writer::new(&mut buffer.0);
/// # writer.record(&Record::Dense { inputs: 1, outputs: 1, activation: Identity.into() })?;
/// # let (input, output) = (3.0_f32.to_le_bytes(), 6.5_f32.to_le_bytes());
/// # writer.record(&Record::TestVector(TestVector { input: &input, output: &output }))?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.tensor(&[2.0])?;
/// # tensors.tensor(&[0.5])?;
/// # let file = tensors.finish()?;
/// # let mut tested = 0;
/// let model = Model::parse(file)?;
/// let network: Dense<1, 1, Identity> = load(&model)?;
/// for vector in model.test_vectors() {
///     let mut x = [0.0];
///     assert!(model.scaling().apply(vector.input, &mut x));
///     assert_eq!(network.predict(&x)[0].to_le_bytes(), vector.output);
/// #   tested += 1;
/// }
/// # assert_eq!(tested, 1);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestVector<'m> {
    /// Raw values in the model's encoding.
    pub input: &'m [u8],
    /// The output, f32 little-endian.
    pub output: &'m [u8],
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
struct RawScaling {
    encoding: u8,
    offset: f32,
    scale: f32,
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
            tag::DENSE => Self::read_dense(&payload(raw.payload, offset)?, offset),
            tag::DROPOUT => {
                let raw: RawDropout = payload(raw.payload, offset)?;
                let rate =
                    DropoutRate::new(raw.rate).map_err(|_| FormatError::Value { what: "dropout rate", offset })?;
                Ok(Self::Dropout { units: units(raw.units, "units", offset)?, rate })
            }
            tag::SCALING => Self::read_scaling(&payload(raw.payload, offset)?, offset),
            tag::LOSS => loss::read(raw.payload, offset).map(Self::Loss),
            tag::LABEL => payload(raw.payload, offset).map(Self::Label),
            tag::RECEIPT => payload(raw.payload, offset).map(Self::Receipt),
            tag::TEST_VECTOR => payload(raw.payload, offset).map(Self::TestVector),
            found => Err(FormatError::Tag { what: "record", found, offset }),
        }
    }

    fn read_dense(raw: &RawDense, offset: usize) -> Result<Self, FormatError> {
        let found = raw.activation;
        let activation =
            AnyActivation::from_tag(found).ok_or(FormatError::Tag { what: "activation", found, offset })?;
        let wrong = FormatError::Value { what: "activation parameter", offset };
        let activation = activation.with_parameter(raw.parameter).ok_or(wrong)?;
        let inputs = units(raw.inputs, "inputs", offset)?;
        let outputs = units(raw.outputs, "outputs", offset)?;
        Ok(Self::Dense { inputs, outputs, activation })
    }

    fn read_scaling(raw: &RawScaling, offset: usize) -> Result<Self, FormatError> {
        let found = raw.encoding;
        let encoding = Encoding::from_tag(found).ok_or(FormatError::Tag { what: "encoding", found, offset })?;
        if !(raw.offset.is_finite() && raw.scale.is_finite()) {
            return Err(FormatError::Value { what: "scaling", offset });
        }
        Ok(Self::Scaling(Scaling { encoding, offset: raw.offset, scale: raw.scale }))
    }

    /// Writes the record to the start of `buffer`, through `scratch`, and returns its length.
    pub(super) fn write(&self, scratch: &mut [u8], buffer: &mut [u8]) -> Result<usize, postcard::Error> {
        let payload: &[u8] = match *self {
            Self::Dense { inputs, outputs, activation } => {
                let raw = RawDense { inputs, outputs, activation: activation.tag(), parameter: activation.parameter() };
                postcard::to_slice(&raw, scratch)?
            }
            Self::Dropout { units, rate } => postcard::to_slice(&RawDropout { units, rate: rate.get() }, scratch)?,
            Self::Scaling(Scaling { encoding, offset, scale }) => {
                postcard::to_slice(&RawScaling { encoding: encoding.tag(), offset, scale }, scratch)?
            }
            Self::Loss(loss) => loss::write(loss, scratch).ok_or(postcard::Error::SerializeBufferFull)?,
            Self::Label(label) => postcard::to_slice(label, scratch)?,
            Self::Receipt(receipt) => postcard::to_slice(&receipt, scratch)?,
            Self::TestVector(vector) => postcard::to_slice(&vector, scratch)?,
        };
        Ok(postcard::to_slice(&RawRecord { tag: self.tag(), payload }, buffer)?.len())
    }

    const fn tag(&self) -> u8 {
        match self {
            Self::Dense { .. } => tag::DENSE,
            Self::Dropout { .. } => tag::DROPOUT,
            Self::Scaling(_) => tag::SCALING,
            Self::Loss(_) => tag::LOSS,
            Self::Label(_) => tag::LABEL,
            Self::Receipt(_) => tag::RECEIPT,
            Self::TestVector(_) => tag::TEST_VECTOR,
        }
    }

    /// Whether this is a layer; layers come first.
    pub(super) const fn is_layer(&self) -> bool {
        self.tag() < tag::SCALING
    }
}
