//! Which operator each layer becomes.

use nn_core::activation::AnyActivation;
use nn_core::int8::Quantization;

use super::super::flatbuffer::Value;
use super::super::schema::{code, fused as fused_number, options};
use super::dense::fused;
use super::writer::{Operator, Side};
use super::{Export, TfliteExportError, bytes};
use crate::layer::{LayerKind, ModelLayer};

/// What can be exported of activations.
const OF_FLOATS: &str =
    "relu, relu6, hard_tanh, leaky_relu, elu, sigmoid, tanh, hard_silu, softmax and log_softmax can be";
const OF_BYTES: &str = "relu, relu6, hard_tanh, leaky_relu, elu, sigmoid, tanh and softmax can be";

impl Export {
    pub(super) fn add(&mut self, layer: &ModelLayer) -> Result<(), TfliteExportError> {
        let name = layer.name();
        let refused = |nearest| TfliteExportError::Layer { layer: name.to_owned(), kind: layer.description(), nearest };
        match layer.kind() {
            LayerKind::Dense(dense) => match fused(dense.activation) {
                Some(number) => self.add_dense(name, dense, number),
                None => {
                    self.add_dense(name, dense, fused_number::NONE);
                    self.add_activation(name, dense.activation, Side::Floats).ok_or_else(|| refused(OF_FLOATS))?;
                }
            },
            LayerKind::Activation(layer) => {
                self.add_activation(name, layer.activation, Side::Floats).ok_or_else(|| refused(OF_FLOATS))?;
            }
            LayerKind::Scale(layer) => {
                self.scale(&format!("{name}/offset"), code::SUB, &layer.offset);
                self.scale(&format!("{name}/scale"), code::MUL, &layer.scale);
            }
            LayerKind::Quantize(layer) => self.convert(name, code::QUANTIZE, 1, bytes(layer.output)),
            LayerKind::Requantize(layer) => self.convert(name, code::QUANTIZE, 2, bytes(layer.output)),
            LayerKind::Dequantize(_) => self.convert(name, code::DEQUANTIZE, 2, Side::Floats),
            LayerKind::Int8Dense(layer) => self.add_int8_dense(name, layer).map_err(refused)?,
            // In 8 bits, which more interpreters take; the bytes that come out are the same.
            LayerKind::Int4Dense(layer) => self.add_int8_dense(name, layer.unpacked()).map_err(refused)?,
            LayerKind::Int8Table(layer) => {
                let side = bytes(layer.output);
                self.add_activation(name, layer.activation, side).ok_or_else(|| refused(OF_BYTES))?;
            }
            LayerKind::Int8Softmax(layer) => {
                self.add_softmax(name, layer.beta, bytes(Quantization::PROBABILITY));
            }
            _ => return Err(refused("only dense layers, activations and scalings can be, one after the other")),
        }
        Ok(())
    }

    fn convert(&mut self, name: &str, code: i32, version: i32, side: Side) {
        self.operate(name, side, Operator { code, version, ..Default::default() });
    }

    /// An activation that is an operator; nothing if there is none.
    fn add_activation(&mut self, name: &str, activation: AnyActivation, side: Side) -> Option<()> {
        let of_bytes = side != Side::Floats;
        let (code, oldest_of_bytes) = match activation {
            AnyActivation::Relu(_) => (code::RELU, 2),
            AnyActivation::Relu6(_) => (code::RELU6, 2),
            AnyActivation::HardTanh(_) => (code::RELU_N1_TO_1, 1),
            AnyActivation::LeakyRelu(_) => (code::LEAKY_RELU, 2),
            AnyActivation::Sigmoid(_) => (code::LOGISTIC, 2),
            AnyActivation::Tanh(_) => (code::TANH, 2),
            // TensorFlow Lite's ELU has no α.
            AnyActivation::Elu(elu) if elu == nn_core::activation::Elu::default() => (code::ELU, 1),
            AnyActivation::HardSilu(_) if !of_bytes => (code::HARD_SWISH, 1),
            AnyActivation::LogSoftmax(_) if !of_bytes => (code::LOG_SOFTMAX, 1),
            AnyActivation::Softmax(_) => {
                self.add_softmax(name, 1.0, side);
                return Some(());
            }
            _ => return None,
        };
        let options = match activation {
            AnyActivation::LeakyRelu(kind) => Some((options::LEAKY_RELU, vec![Value::F32(kind.negative_slope())])),
            _ => None,
        };
        let version = if of_bytes { oldest_of_bytes } else { 1 };
        self.operate(name, side, Operator { code, version, options, ..Default::default() });
        Some(())
    }

    fn add_softmax(&mut self, name: &str, beta: f32, side: Side) {
        let version = if side == Side::Floats { 1 } else { 2 };
        let options = Some((options::SOFTMAX, vec![Value::F32(beta)]));
        self.operate(name, side, Operator { code: code::SOFTMAX, version, options, ..Default::default() });
    }

    /// A sum or product with constants, one for all values or one each.
    pub(super) fn scale(&mut self, name: &str, code: i32, values: &[f32]) {
        let constant = self.floats(&format!("{name}/constant"), vec![values.len()], values);
        let kind = if code == code::MUL { options::MUL } else { options::SUB };
        let options = Some((kind, vec![Value::I8(fused_number::NONE)]));
        let operator = Operator { code, version: 1, constants: vec![constant], options };
        self.operate(name, Side::Floats, operator);
    }
}
