//! A record's bytes: its tag and its payload in postcard, each checked as it is read.

use serde::{Deserialize, Serialize};

use super::record::{MOST_UNITS, Record};
use super::{FormatError, TableEntry, int8, loss, scaling};
use crate::activation::AnyActivation;
use crate::layer::{DropoutRate, Stddev};

/// Tags of records; never renumbered. Layers are below 32, those of bytes stand in `int8/`.
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
    pub(super) const ACTIVATE: u8 = 11;
    pub(super) const ALPHA_DROPOUT: u8 = 12;
    pub(super) const GAUSSIAN_NOISE: u8 = 13;
    pub(super) const SCALING: u8 = 32;
    pub(super) const LOSS: u8 = 33;
    pub(super) const LABEL: u8 = 34;
    pub(super) const RECEIPT: u8 = 35;
    pub(super) const TEST_VECTOR: u8 = 36;
    pub(super) const TABLE: u8 = 37;
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
struct RawActivate {
    units: u32,
    activation: u8,
    /// The activation's setting; 0 for those that have none.
    parameter: f32,
}

/// A layer that is for training alone.
#[derive(Serialize, Deserialize)]
struct RawRandom {
    units: u32,
    /// A rate or a standard deviation.
    strength: f32,
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
pub(super) fn units(count: u32, what: &'static str, offset: usize) -> Result<u32, FormatError> {
    if (1..=MOST_UNITS).contains(&count) { Ok(count) } else { Err(FormatError::Value { what, offset }) }
}

/// The activation with this tag and setting.
pub(super) fn activation(found: u8, parameter: f32, offset: usize) -> Result<AnyActivation, FormatError> {
    let kind = AnyActivation::from_tag(found).ok_or(FormatError::Tag { what: "activation", found, offset })?;
    kind.with_parameter(parameter).ok_or(FormatError::Value { what: "activation parameter", offset })
}

impl<'m> Record<'m> {
    /// Checks a raw record that stands at byte `offset` of the file.
    pub(super) fn read(raw: &RawRecord<'m>, offset: usize) -> Result<Self, FormatError> {
        match raw.tag {
            tag::DENSE | tag::DENSE_WITHOUT_BIAS => Self::read_dense(raw.tag, &payload(raw.payload, offset)?, offset),
            tag::ACTIVATE => {
                let RawActivate { units: count, activation, parameter } = payload(raw.payload, offset)?;
                let activation = self::activation(activation, parameter, offset)?;
                Ok(Self::Activate { units: units(count, "units", offset)?, activation })
            }
            tag::DROPOUT | tag::ALPHA_DROPOUT | tag::GAUSSIAN_NOISE => {
                Self::read_random(raw.tag, &payload(raw.payload, offset)?, offset)
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
            found => int8::read(found, raw.payload, offset),
        }
    }

    fn read_dense(tag: u8, raw: &RawDense, offset: usize) -> Result<Self, FormatError> {
        let activation = activation(raw.activation, raw.parameter, offset)?;
        let inputs = units(raw.inputs, "inputs", offset)?;
        let outputs = units(raw.outputs, "outputs", offset)?;
        Ok(match tag {
            tag::DENSE => Self::Dense { inputs, outputs, activation },
            _ => Self::DenseWithoutBias { inputs, outputs, activation },
        })
    }

    fn read_random(tag: u8, raw: &RawRandom, offset: usize) -> Result<Self, FormatError> {
        let units = units(raw.units, "units", offset)?;
        let wrong = |what| FormatError::Value { what, offset };
        if tag == tag::GAUSSIAN_NOISE {
            let stddev = Stddev::new(raw.strength).map_err(|_| wrong("standard deviation"))?;
            return Ok(Self::GaussianNoise { units, stddev });
        }
        let rate = DropoutRate::new(raw.strength).map_err(|_| wrong("dropout rate"))?;
        Ok(if tag == tag::DROPOUT { Self::Dropout { units, rate } } else { Self::AlphaDropout { units, rate } })
    }

    /// Writes the record to the start of `buffer`, through `scratch`, and returns its length.
    pub(super) fn write(&self, scratch: &mut [u8], buffer: &mut [u8]) -> Result<usize, postcard::Error> {
        let payload: &[u8] = match *self {
            Self::Dense { inputs, outputs, activation } | Self::DenseWithoutBias { inputs, outputs, activation } => {
                let raw = RawDense { inputs, outputs, activation: activation.tag(), parameter: activation.parameter() };
                postcard::to_slice(&raw, scratch)?
            }
            Self::Activate { units, activation } => {
                let raw = RawActivate { units, activation: activation.tag(), parameter: activation.parameter() };
                postcard::to_slice(&raw, scratch)?
            }
            Self::Dropout { units, rate } | Self::AlphaDropout { units, rate } => {
                postcard::to_slice(&RawRandom { units, strength: rate.get() }, scratch)?
            }
            Self::GaussianNoise { units, stddev } => {
                postcard::to_slice(&RawRandom { units, strength: stddev.get() }, scratch)?
            }
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
            ref layer => int8::write(layer, scratch).ok_or(postcard::Error::SerializeBufferFull)??,
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
            Self::Activate { .. } => tag::ACTIVATE,
            Self::AlphaDropout { .. } => tag::ALPHA_DROPOUT,
            Self::GaussianNoise { .. } => tag::GAUSSIAN_NOISE,
            Self::Quantize { .. } => int8::tag::QUANTIZE,
            Self::Int8Dense(_) => int8::tag::INT8_DENSE,
            Self::Int4Dense(_) => int8::tag::INT4_DENSE,
            Self::Int8Table { .. } => int8::tag::INT8_TABLE,
            Self::Int8Softmax { .. } => int8::tag::INT8_SOFTMAX,
            Self::Requantize { .. } => int8::tag::REQUANTIZE,
            Self::Dequantize { .. } => int8::tag::DEQUANTIZE,
            Self::Scaling(_) => tag::SCALING,
            Self::Loss(_) => tag::LOSS,
            Self::Label(_) => tag::LABEL,
            Self::Receipt(_) => tag::RECEIPT,
            Self::TestVector(_) => tag::TEST_VECTOR,
            Self::Table(_) => tag::TABLE,
        }
    }

    /// Whether this is a layer; layers come first.
    pub(super) const fn is_layer(&self) -> bool {
        self.tag() < tag::SCALING
    }
}
