//! The payloads of layers of bytes, each checked as it is read.
//!
//! Fields are read one by one and written as tuples, not derived: a reader for each record would take more of the flash of
//! every chip, also of those with networks of floats.

use super::super::FormatError;
use super::super::payload::{activation, units};
use super::super::record::Record;
use super::{Channels, Int8Dense, KernelForm};
use crate::activation::AnyActivation;
use crate::int8::{Clamp, Multiplier, Quantization, Rounding};

/// Tags of records; never renumbered.
pub(in super::super) mod tag {
    pub(in super::super::super) const QUANTIZE: u8 = 14;
    pub(in super::super::super) const INT8_DENSE: u8 = 15;
    pub(in super::super::super) const INT8_TABLE: u8 = 16;
    pub(in super::super::super) const INT8_SOFTMAX: u8 = 17;
    pub(in super::super::super) const REQUANTIZE: u8 = 18;
    pub(in super::super::super) const DEQUANTIZE: u8 = 19;
    pub(in super::super::super) const INT4_DENSE: u8 = 20;
}

/// Numbers that stand for what the fields of a dense layer say; never renumbered.
mod choice {
    pub(super) const ONE_CHANNEL: u8 = 0;
    pub(super) const CHANNEL_EACH: u8 = 1;
    pub(super) const TFLM: u8 = 0;
    pub(super) const LITERT: u8 = 1;
    pub(super) const PLAIN: u8 = 0;
    pub(super) const PACKED: u8 = 1;
}

/// The fields of a payload that are still to be read.
struct Fields<'p> {
    rest: &'p [u8],
    /// Where in the file the record stands.
    offset: usize,
}

impl<'p> Fields<'p> {
    fn number(&mut self) -> Result<u32, FormatError> {
        self.next()
    }

    fn float(&mut self) -> Result<f32, FormatError> {
        self.next()
    }

    fn byte(&mut self) -> Result<u8, FormatError> {
        self.next()
    }

    fn signed_byte(&mut self) -> Result<i8, FormatError> {
        self.byte().map(u8::cast_signed)
    }

    /// The next field, in postcard.
    #[inline(never)]
    fn next<T: serde::Deserialize<'p>>(&mut self) -> Result<T, FormatError> {
        let malformed = FormatError::Malformed { offset: self.offset };
        let (field, rest) = postcard::take_from_bytes(self.rest).map_err(|_| malformed)?;
        self.rest = rest;
        Ok(field)
    }

    #[inline(never)]
    fn units(&mut self, what: &'static str) -> Result<u32, FormatError> {
        units(self.number()?, what, self.offset)
    }

    /// What bytes stand for: every one for a finite number.
    #[inline(never)]
    fn quantization(&mut self) -> Result<Quantization, FormatError> {
        let quantization = Quantization::new(self.float()?, self.signed_byte()?).ok();
        let is_finite = |q: &Quantization| [i8::MIN, i8::MAX].iter().all(|&byte| q.dequantize(byte).is_finite());
        quantization.filter(is_finite).ok_or(self.wrong("scale"))
    }

    fn multiplier(&mut self) -> Result<Multiplier, FormatError> {
        Multiplier::from_parts(self.next()?, self.signed_byte()?).ok_or(self.wrong("multiplier"))
    }

    fn channels(&mut self) -> Result<Channels, FormatError> {
        match self.byte()? {
            choice::ONE_CHANNEL => Ok(Channels::One),
            choice::CHANNEL_EACH => Ok(Channels::Each),
            found => Err(FormatError::Tag { what: "channels", found, offset: self.offset }),
        }
    }

    fn clamp(&mut self) -> Result<Clamp, FormatError> {
        Clamp::new(self.signed_byte()?, self.signed_byte()?).ok_or(self.wrong("clamp"))
    }

    fn rounding(&mut self) -> Result<Rounding, FormatError> {
        match self.byte()? {
            choice::TFLM => Ok(Rounding::Tflm),
            choice::LITERT => Ok(Rounding::Litert),
            found => Err(FormatError::Tag { what: "rounding", found, offset: self.offset }),
        }
    }

    fn kernel(&mut self) -> Result<KernelForm, FormatError> {
        match self.byte()? {
            choice::PLAIN => Ok(KernelForm::Plain),
            choice::PACKED => Ok(KernelForm::Packed),
            found => Err(FormatError::Tag { what: "kernel", found, offset: self.offset }),
        }
    }

    #[inline(never)]
    fn dense(&mut self) -> Result<Int8Dense, FormatError> {
        Ok(Int8Dense {
            inputs: self.units("inputs")?,
            outputs: self.units("outputs")?,
            channels: self.channels()?,
            output: self.quantization()?,
            clamp: self.clamp()?,
            rounding: self.rounding()?,
            kernel: self.kernel()?,
        })
    }

    fn activation(&mut self) -> Result<AnyActivation, FormatError> {
        activation(self.byte()?, self.float()?, self.offset)
    }

    fn beta(&mut self) -> Result<f32, FormatError> {
        let beta = self.float()?;
        if beta.is_finite() && beta >= 0.0 { Ok(beta) } else { Err(self.wrong("beta")) }
    }

    const fn wrong(&self, what: &'static str) -> FormatError {
        FormatError::Value { what, offset: self.offset }
    }
}

/// Checks the record of a layer of bytes that stands at byte `offset` of the file, and that nothing remains of it.
pub(in super::super) fn read<'m>(found: u8, rest: &[u8], offset: usize) -> Result<Record<'m>, FormatError> {
    let mut fields = Fields { rest, offset };
    let record = read_fields(found, &mut fields)?;
    if fields.rest.is_empty() { Ok(record) } else { Err(FormatError::Malformed { offset }) }
}

fn read_fields<'m>(found: u8, fields: &mut Fields<'_>) -> Result<Record<'m>, FormatError> {
    Ok(match found {
        tag::QUANTIZE => Record::Quantize { units: fields.units("units")?, output: fields.quantization()? },
        tag::INT8_DENSE => Record::Int8Dense(fields.dense()?),
        tag::INT4_DENSE => match fields.dense()? {
            Int8Dense { kernel: KernelForm::Packed, .. } => return Err(fields.wrong("kernel")),
            dense => Record::Int4Dense(dense),
        },
        tag::INT8_TABLE => Record::Int8Table {
            units: fields.units("units")?,
            activation: fields.activation()?,
            output: fields.quantization()?,
        },
        tag::INT8_SOFTMAX => Record::Int8Softmax {
            units: fields.units("units")?,
            beta: fields.beta()?,
            multiplier: fields.multiplier()?,
        },
        tag::REQUANTIZE => Record::Requantize {
            units: fields.units("units")?,
            multiplier: fields.multiplier()?,
            output: fields.quantization()?,
        },
        tag::DEQUANTIZE => Record::Dequantize { units: fields.units("units")? },
        found => return Err(FormatError::Tag { what: "record", found, offset: fields.offset }),
    })
}

/// The payload of a layer of bytes; `None` if the record is none.
pub(in super::super) fn write<'s>(
    record: &Record<'_>,
    scratch: &'s mut [u8],
) -> Option<Result<&'s mut [u8], postcard::Error>> {
    Some(match *record {
        Record::Quantize { units, output } => postcard::to_slice(&(units, parts(output)), scratch),
        Record::Int8Dense(dense) | Record::Int4Dense(dense) => {
            let Int8Dense { inputs, outputs, channels, output, clamp, rounding, kernel } = dense;
            let channels = match channels {
                Channels::One => choice::ONE_CHANNEL,
                Channels::Each => choice::CHANNEL_EACH,
            };
            let rounding = match rounding {
                Rounding::Tflm => choice::TFLM,
                Rounding::Litert => choice::LITERT,
            };
            let kernel = match kernel {
                KernelForm::Plain => choice::PLAIN,
                KernelForm::Packed => choice::PACKED,
            };
            let ends = (clamp.least(), clamp.greatest());
            postcard::to_slice(&(inputs, outputs, channels, parts(output), ends, rounding, kernel), scratch)
        }
        Record::Int8Table { units, activation, output } => {
            postcard::to_slice(&(units, activation.tag(), activation.parameter(), parts(output)), scratch)
        }
        Record::Int8Softmax { units, beta, multiplier } => {
            postcard::to_slice(&(units, beta, (multiplier.mantissa(), multiplier.exponent())), scratch)
        }
        Record::Requantize { units, multiplier, output } => {
            postcard::to_slice(&(units, (multiplier.mantissa(), multiplier.exponent()), parts(output)), scratch)
        }
        Record::Dequantize { units } => postcard::to_slice(&units, scratch),
        _ => return None,
    })
}

/// A quantization as it stands in a file.
const fn parts(quantization: Quantization) -> (f32, i8) {
    (quantization.scale(), quantization.zero_point())
}
