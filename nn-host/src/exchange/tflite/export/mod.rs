//! From a model to a graph: each layer an operator with its tensors.

mod dense;
mod error;
mod layer;
mod writer;

use nn_core::format::Scaling;
use nn_core::int8::Quantization;

pub use error::TfliteExportError;

use super::flatbuffer::write;
use super::schema::{IDENTIFIER, code};
use crate::exchange::ExportOptions;
use crate::layer::{LayerKind, ModelLayer};
use crate::model::Model;
use crate::quantize::folded;
use writer::{Side, Writer};

/// From 2³¹ bytes on no interpreter reads a file.
const MOST_BYTES: usize = i32::MAX as usize;

/// The bytes of a file that computes what the model does.
///
/// A model of floats is first folded as for bytes: normalizations, dropout and one factor for all inputs go into the dense
/// layers. A model of bytes is written as it is.
pub(in super::super) fn export(model: &Model, options: &ExportOptions) -> Result<Vec<u8>, TfliteExportError> {
    let is_of_bytes = model.layers().iter().any(|layer| layer.kind().is_of_bytes());
    if options.int8_io && !is_of_bytes {
        return Err(TfliteExportError::Int8Io { what: "the model is of floats; quantize it first" });
    }
    if let Some(layer) = model.layers().iter().find(|layer| matches!(layer.kind(), LayerKind::FakeQuantize(_))) {
        let nearest = "what `nn quantize` makes of the model can be: bytes at the same places";
        return Err(TfliteExportError::Layer { layer: layer.name().to_owned(), kind: layer.description(), nearest });
    }
    let model = if is_of_bytes { model.clone() } else { folded(model)?.model };
    let (layers, ends) = if options.int8_io { within(&model)? } else { (model.layers(), [Side::Floats; 2]) };
    let mut export = Export::start(&model, ends[0]);
    layers.iter().try_for_each(|layer| export.add(layer))?;
    let bytes = write(&export.writer.finish(export.flowing), IDENTIFIER);
    if bytes.len() > MOST_BYTES { Err(TfliteExportError::TooLarge { bytes: bytes.len() }) } else { Ok(bytes) }
}

/// The layers between the conversions at both ends, and what the bytes there stand for.
fn within(model: &Model) -> Result<(&[ModelLayer], [Side; 2]), TfliteExportError> {
    let is_raw = (Scaling { encoding: model.scaling().encoding, ..Scaling::NONE }) == model.scaling();
    if let ([first, layers @ .., last], true) = (model.layers(), is_raw)
        && let (LayerKind::Quantize(start), LayerKind::Dequantize(end)) = (first.kind(), last.kind())
    {
        return Ok((layers, [Side::Bytes(start.output), Side::Bytes(end.input)]));
    }
    Err(TfliteExportError::Int8Io { what: "the inputs are scaled in floats before they become bytes" })
}

/// A graph whose operators lead so far.
struct Export {
    writer: Writer,
    /// The tensor that the last operator gives.
    flowing: usize,
    /// Values of a sample there.
    units: usize,
}

impl Export {
    fn start(model: &Model, side: Side) -> Self {
        let mut writer = Writer::default();
        let flowing = writer.flow("input", model.inputs(), side);
        let mut export = Self { writer, flowing, units: model.inputs() };
        let Scaling { offset, scale, .. } = model.scaling();
        if offset != 0.0 {
            export.scale("scaling/offset", code::SUB, &[offset]);
        }
        #[expect(clippy::float_cmp, reason = "the 1 that leaves everything as it is")]
        if scale != 1.0 {
            export.scale("scaling/scale", code::MUL, &[scale]);
        }
        export
    }

    /// Lets the operator give a new tensor, which is what flows from then on.
    fn operate(&mut self, name: &str, side: Side, operator: writer::Operator) {
        let output = self.writer.flow(name, self.units, side);
        self.writer.operator(operator, self.flowing, output);
        self.flowing = output;
    }
}

/// A side of bytes.
const fn bytes(quantization: Quantization) -> Side {
    Side::Bytes(quantization)
}
