//! The payloads of layers of bytes, each checked as it is read.

use serde::{Deserialize, Serialize};

use super::super::FormatError;
use super::super::payload::{activation, payload, units};
use super::super::record::Record;
use super::{Channels, Int8Dense};
use crate::int8::{Clamp, Multiplier, Quantization, Rounding};

/// Tags of records; never renumbered.
pub(in super::super) mod tag {
    pub(in super::super::super) const QUANTIZE: u8 = 14;
    pub(in super::super::super) const INT8_DENSE: u8 = 15;
    pub(in super::super::super) const INT8_TABLE: u8 = 16;
    pub(in super::super::super) const INT8_SOFTMAX: u8 = 17;
    pub(in super::super::super) const REQUANTIZE: u8 = 18;
    pub(in super::super::super) const DEQUANTIZE: u8 = 19;
}

/// Numbers that stand for what the fields of a dense layer say; never renumbered.
mod choice {
    pub(super) const ONE_CHANNEL: u8 = 0;
    pub(super) const CHANNEL_EACH: u8 = 1;
    pub(super) const TFLM: u8 = 0;
    pub(super) const LITERT: u8 = 1;
}

#[derive(Serialize, Deserialize)]
struct RawQuantization {
    scale: f32,
    zero_point: i8,
}

#[derive(Serialize, Deserialize)]
struct RawMultiplier {
    mantissa: i32,
    exponent: i8,
}

#[derive(Serialize, Deserialize)]
struct RawQuantize {
    units: u32,
    output: RawQuantization,
}

#[derive(Serialize, Deserialize)]
struct RawDense {
    inputs: u32,
    outputs: u32,
    channels: u8,
    output: RawQuantization,
    least: i8,
    greatest: i8,
    rounding: u8,
}

#[derive(Serialize, Deserialize)]
struct RawTable {
    units: u32,
    activation: u8,
    /// The activation's setting; 0 for those that have none.
    parameter: f32,
    output: RawQuantization,
}

#[derive(Serialize, Deserialize)]
struct RawSoftmax {
    units: u32,
    beta: f32,
    multiplier: RawMultiplier,
}

#[derive(Serialize, Deserialize)]
struct RawRequantize {
    units: u32,
    multiplier: RawMultiplier,
    output: RawQuantization,
}

impl RawQuantization {
    const fn of(quantization: Quantization) -> Self {
        Self { scale: quantization.scale(), zero_point: quantization.zero_point() }
    }

    /// Every byte must stand for a finite number.
    fn check(&self, offset: usize) -> Result<Quantization, FormatError> {
        let quantization = Quantization::new(self.scale, self.zero_point).ok();
        let is_finite = |q: &Quantization| [i8::MIN, i8::MAX].iter().all(|&byte| q.dequantize(byte).is_finite());
        quantization.filter(is_finite).ok_or(FormatError::Value { what: "scale", offset })
    }
}

impl RawMultiplier {
    const fn of(multiplier: Multiplier) -> Self {
        Self { mantissa: multiplier.mantissa(), exponent: multiplier.exponent() }
    }

    fn check(&self, offset: usize) -> Result<Multiplier, FormatError> {
        let multiplier = Multiplier::from_parts(self.mantissa, self.exponent);
        multiplier.ok_or(FormatError::Value { what: "multiplier", offset })
    }
}

/// Checks the record of a layer of bytes that stands at byte `offset` of the file; `None` if the tag is no such layer's.
pub(in super::super) fn read<'m>(tag: u8, bytes: &[u8], offset: usize) -> Option<Result<Record<'m>, FormatError>> {
    Some(match tag {
        tag::QUANTIZE => read_quantize(bytes, offset),
        tag::INT8_DENSE => read_dense(bytes, offset).map(Record::Int8Dense),
        tag::INT8_TABLE => read_table(bytes, offset),
        tag::INT8_SOFTMAX => read_softmax(bytes, offset),
        tag::REQUANTIZE => read_requantize(bytes, offset),
        tag::DEQUANTIZE => payload(bytes, offset)
            .and_then(|count| units(count, "units", offset))
            .map(|units| Record::Dequantize { units }),
        _ => return None,
    })
}

fn read_quantize<'m>(bytes: &[u8], offset: usize) -> Result<Record<'m>, FormatError> {
    let raw: RawQuantize = payload(bytes, offset)?;
    Ok(Record::Quantize { units: units(raw.units, "units", offset)?, output: raw.output.check(offset)? })
}

fn read_dense(bytes: &[u8], offset: usize) -> Result<Int8Dense, FormatError> {
    let raw: RawDense = payload(bytes, offset)?;
    let channels = match raw.channels {
        choice::ONE_CHANNEL => Channels::One,
        choice::CHANNEL_EACH => Channels::Each,
        found => return Err(FormatError::Tag { what: "channels", found, offset }),
    };
    let rounding = match raw.rounding {
        choice::TFLM => Rounding::Tflm,
        choice::LITERT => Rounding::Litert,
        found => return Err(FormatError::Tag { what: "rounding", found, offset }),
    };
    Ok(Int8Dense {
        inputs: units(raw.inputs, "inputs", offset)?,
        outputs: units(raw.outputs, "outputs", offset)?,
        channels,
        output: raw.output.check(offset)?,
        clamp: Clamp::new(raw.least, raw.greatest).ok_or(FormatError::Value { what: "clamp", offset })?,
        rounding,
    })
}

fn read_table<'m>(bytes: &[u8], offset: usize) -> Result<Record<'m>, FormatError> {
    let raw: RawTable = payload(bytes, offset)?;
    Ok(Record::Int8Table {
        units: units(raw.units, "units", offset)?,
        activation: activation(raw.activation, raw.parameter, offset)?,
        output: raw.output.check(offset)?,
    })
}

fn read_softmax<'m>(bytes: &[u8], offset: usize) -> Result<Record<'m>, FormatError> {
    let raw: RawSoftmax = payload(bytes, offset)?;
    if !(raw.beta.is_finite() && raw.beta >= 0.0) {
        return Err(FormatError::Value { what: "beta", offset });
    }
    let (units, multiplier) = (units(raw.units, "units", offset)?, raw.multiplier.check(offset)?);
    Ok(Record::Int8Softmax { units, beta: raw.beta, multiplier })
}

fn read_requantize<'m>(bytes: &[u8], offset: usize) -> Result<Record<'m>, FormatError> {
    let raw: RawRequantize = payload(bytes, offset)?;
    Ok(Record::Requantize {
        units: units(raw.units, "units", offset)?,
        multiplier: raw.multiplier.check(offset)?,
        output: raw.output.check(offset)?,
    })
}

/// The payload of a layer of bytes; `None` if the record is none.
pub(in super::super) fn write<'s>(
    record: &Record<'_>,
    scratch: &'s mut [u8],
) -> Option<Result<&'s mut [u8], postcard::Error>> {
    Some(match *record {
        Record::Quantize { units, output } => {
            postcard::to_slice(&RawQuantize { units, output: RawQuantization::of(output) }, scratch)
        }
        Record::Int8Dense(dense) => postcard::to_slice(&raw_dense(dense), scratch),
        Record::Int8Table { units, activation, output } => {
            let (tag, parameter) = (activation.tag(), activation.parameter());
            let output = RawQuantization::of(output);
            postcard::to_slice(&RawTable { units, activation: tag, parameter, output }, scratch)
        }
        Record::Int8Softmax { units, beta, multiplier } => {
            postcard::to_slice(&RawSoftmax { units, beta, multiplier: RawMultiplier::of(multiplier) }, scratch)
        }
        Record::Requantize { units, multiplier, output } => {
            let (multiplier, output) = (RawMultiplier::of(multiplier), RawQuantization::of(output));
            postcard::to_slice(&RawRequantize { units, multiplier, output }, scratch)
        }
        Record::Dequantize { units } => postcard::to_slice(&units, scratch),
        _ => return None,
    })
}

const fn raw_dense(dense: Int8Dense) -> RawDense {
    RawDense {
        inputs: dense.inputs,
        outputs: dense.outputs,
        channels: match dense.channels {
            Channels::One => choice::ONE_CHANNEL,
            Channels::Each => choice::CHANNEL_EACH,
        },
        output: RawQuantization::of(dense.output),
        least: dense.clamp.least(),
        greatest: dense.clamp.greatest(),
        rounding: match dense.rounding {
            Rounding::Tflm => choice::TFLM,
            Rounding::Litert => choice::LITERT,
        },
    }
}
