//! Dense layers as FULLY_CONNECTED, whose weights are `[OUT][IN]` for floats, too.

use nn_core::activation::AnyActivation;
use nn_core::int8::{Clamp, Multiplier, fold_zero_point};

use super::super::flatbuffer::Value;
use super::super::schema::{code, fused, kind, options};
use super::writer::{Constant, Operator, Side};
use super::{Export, bytes};
use crate::layer::{DenseLayer, Int8DenseLayer};

/// Versions of the operator: floats, bytes, bytes with a scale an output.
const VERSIONS: [i32; 3] = [1, 4, 12];

impl Export {
    /// A dense layer of floats, with the activation that can be part of it.
    pub(super) fn add_dense(&mut self, name: &str, layer: &DenseLayer, activation: i8) {
        // The memory of the transposed matrix is `[OUT][IN]`.
        let transposed = layer.kernel.transpose();
        let (outputs, inputs) = layer.kernel.shape();
        let mut b = layer.bias.iter().flat_map(|bias| bias.iter().copied()).collect::<Vec<_>>();
        b.resize(outputs, 0.0);
        let constants = vec![
            self.floats(&format!("{name}/kernel"), vec![outputs, inputs], transposed.as_slice()),
            self.floats(&format!("{name}/bias"), vec![outputs], &b),
        ];
        self.units = outputs;
        let [version, ..] = VERSIONS;
        self.operate(name, Side::Floats, fully_connected(version, constants, activation));
    }

    /// A dense layer of bytes; why not, if it has something that the operator has not.
    pub(super) fn add_int8_dense(&mut self, name: &str, layer: &Int8DenseLayer) -> Result<(), &'static str> {
        let activation = fused_of(layer).ok_or("its range is none of linear, relu, relu6 and hard_tanh")?;
        if !has_multipliers_of_scales(layer) {
            return Err("its multipliers are not those of its scales, which alone are in such a file");
        }
        let outputs = layer.bias.len();
        let mut bias = layer.bias.clone();
        unfold(layer.input.zero_point(), &layer.kernel, &mut bias);
        let bias_scales = layer.weight_scales.iter().map(|scale| layer.input.scale() * scale).collect();
        let scales = layer.weight_scales.clone();
        let [_, per_tensor, per_channel] = VERSIONS;
        let version = if scales.len() == 1 { per_tensor } else { per_channel };
        let weights = Constant {
            shape: vec![outputs, layer.inputs],
            kind: kind::INT8,
            bytes: bytemuck::cast_slice(&layer.kernel),
            scales,
        };
        let little_endian: Vec<u8> = bias.iter().flat_map(|b| b.to_le_bytes()).collect();
        let bias = Constant { shape: vec![outputs], kind: kind::INT32, bytes: &little_endian, scales: bias_scales };
        let constants = vec![
            self.writer.constant(&format!("{name}/kernel"), weights),
            self.writer.constant(&format!("{name}/bias"), bias),
        ];
        self.units = outputs;
        self.operate(name, bytes(layer.output), fully_connected(version, constants, activation));
        Ok(())
    }

    /// A constant of floats.
    pub(super) fn floats(&mut self, name: &str, shape: Vec<usize>, values: &[f32]) -> usize {
        let little_endian: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.writer.constant(name, Constant { shape, kind: kind::FLOAT32, bytes: &little_endian, scales: Vec::new() })
    }
}

fn fully_connected(version: i32, constants: Vec<usize>, activation: i8) -> Operator {
    let options = Some((options::FULLY_CONNECTED, vec![Value::I8(activation)]));
    Operator { code: code::FULLY_CONNECTED, version, constants, options }
}

/// The activation that can be part of an operator, by its number.
pub(super) const fn fused(activation: AnyActivation) -> Option<i8> {
    match activation {
        AnyActivation::Identity(_) => Some(fused::NONE),
        AnyActivation::Relu(_) => Some(fused::RELU),
        AnyActivation::Relu6(_) => Some(fused::RELU6),
        AnyActivation::HardTanh(_) => Some(fused::RELU_N1_TO_1),
        _ => None,
    }
}

/// The activation whose range the bytes of a layer have.
fn fused_of(layer: &Int8DenseLayer) -> Option<i8> {
    let output = layer.output;
    let ranges = [
        (Some(Clamp::NONE), fused::NONE),
        (Some(Clamp::relu(output)), fused::RELU),
        (Some(Clamp::relu6(output)), fused::RELU6),
        (Clamp::new(output.quantize(-1.0), output.quantize(1.0)), fused::RELU_N1_TO_1),
    ];
    ranges.into_iter().find(|(range, _)| *range == Some(layer.clamp)).map(|(_, number)| number)
}

/// An interpreter makes the multipliers again, from the scales.
fn has_multipliers_of_scales(layer: &Int8DenseLayer) -> bool {
    let made = layer.weight_scales.iter().map(|scale| Multiplier::dense(layer.input, *scale, layer.output).ok());
    made.eq(layer.multipliers.iter().copied().map(Some))
}

/// Takes the input's zero point out of the bias again.
fn unfold(zero_point: i8, kernel: &[i8], bias: &mut [i32]) {
    let mut folded = vec![0; bias.len()];
    fold_zero_point(zero_point, kernel, &mut folded);
    bias.iter_mut().zip(folded).for_each(|(b, folded)| *b = b.wrapping_sub(folded));
}
