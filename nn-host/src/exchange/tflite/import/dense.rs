//! FULLY_CONNECTED, versions 1 to 12: weights `[OUT][IN]` of floats, or of symmetric bytes with one scale or one an output.

use nalgebra::{DMatrix, DVector};
use nn_core::activation::{AnyActivation, HardTanh, Identity, Relu, Relu6};
use nn_core::int8::{Clamp, Multiplier, Quantization, fold_zero_point};

use super::super::error::OperatorFault;
use super::super::graph::{Graph, Operator, Tensor};
use super::super::schema::{field, fused, kind};
use super::signal::Signal;
use super::{Layers, Step};
use crate::layer::{DenseLayer, Int8DenseLayer};

/// The newest version whose meaning is known here.
const NEWEST_VERSION: i32 = 12;

/// The tensors of a dense layer.
struct Constants<'b> {
    weights: Tensor<'b>,
    bias: Option<Tensor<'b>>,
    inputs: usize,
    outputs: usize,
}

impl Layers {
    pub(super) fn add_dense(
        &mut self,
        graph: &mut Graph<'_>,
        operator: &Operator<'_>,
        step: &Step<'_>,
    ) -> Result<(), OperatorFault> {
        let constants = constants(graph, operator)?;
        if constants.inputs != self.units {
            let (found, expected) = (self.units, constants.inputs);
            return Err(OperatorFault::Units { what: "its input", found, expected });
        }
        let activation = activation(operator)?;
        match step.signals()? {
            [Signal::Floats, Signal::Floats] => self.push(constants.of_floats(activation)?),
            [Signal::Bytes(input), Signal::Bytes(output)] => {
                let dense = constants.of_bytes([input, output], clamp(activation, output))?;
                self.push(Int8DenseLayer { rounding: self.rounding, ..dense });
            }
            _ => {
                let nearest = "both can be floats, or both bytes; QUANTIZE and DEQUANTIZE change them";
                return Err(OperatorFault::Form { what: "its input and its output are not of one type", nearest });
            }
        }
        self.units = constants.outputs;
        Ok(())
    }
}

fn constants<'b>(graph: &mut Graph<'b>, operator: &Operator<'_>) -> Result<Constants<'b>, OperatorFault> {
    if !(1..=NEWEST_VERSION).contains(&operator.version) {
        return Err(OperatorFault::Version { found: operator.version, newest: NEWEST_VERSION });
    }
    let missing = OperatorFault::Missing { what: "its weights, as a constant," };
    let weights = graph.tensor(operator.input(1).ok_or(missing.clone())?)?;
    if weights.data.is_empty() {
        return Err(missing);
    }
    let bias = operator.input(2).map(|bias| graph.tensor(bias)).transpose()?;
    for constant in [Some(&weights), bias.as_ref()].into_iter().flatten() {
        graph.take(constant.data.len())?;
    }
    let [outputs, inputs] = weights.matrix("the tensor of its weights")?;
    Ok(Constants { weights, bias, inputs, outputs })
}

impl Constants<'_> {
    fn of_floats(&self, activation: AnyActivation) -> Result<DenseLayer, OperatorFault> {
        let expected = "FLOAT32 as its input; for weights of bytes convert with a representative dataset";
        check_kind("the tensor of its weights", &self.weights, kind::FLOAT32, expected)?;
        let weights = self.weights.values("the tensor of its weights", self.size(), f32::from_le_bytes)?;
        let bias = self.bias.as_ref().map(|bias| {
            check_kind("its bias", bias, kind::FLOAT32, "FLOAT32")?;
            bias.values("its bias", self.outputs, f32::from_le_bytes)
        });
        Ok(DenseLayer {
            kernel: DMatrix::from_row_slice(self.outputs, self.inputs, &weights),
            bias: bias.transpose()?.map(DVector::from_vec),
            activation,
        })
    }

    fn of_bytes(&self, [input, output]: [Quantization; 2], clamp: Clamp) -> Result<Int8DenseLayer, OperatorFault> {
        check_kind("the tensor of its weights", &self.weights, kind::INT8, "INT8 as its input")?;
        let kernel = self.weights.values("the tensor of its weights", self.size(), i8::from_le_bytes)?;
        let weight_scales = self.weight_scales()?;
        let mut bias = match &self.bias {
            None => vec![0; self.outputs],
            Some(bias) => {
                check_kind("its bias", bias, kind::INT32, "INT32")?;
                bias.values("its bias", self.outputs, i32::from_le_bytes)?
            }
        };
        fold_zero_point(input.zero_point(), &kernel, &mut bias);
        let multipliers = weight_scales.iter().map(|scale| Multiplier::dense(input, *scale, output));
        Ok(Int8DenseLayer {
            inputs: self.inputs,
            kernel,
            bias,
            multipliers: multipliers.collect::<Result<_, _>>()?,
            weight_scales,
            input,
            output,
            clamp,
            rounding: nn_core::int8::Rounding::default(),
            packed: None,
        })
    }

    const fn size(&self) -> usize {
        self.inputs.saturating_mul(self.outputs)
    }

    /// One, or one an output; their bytes are symmetric.
    fn weight_scales(&self) -> Result<Vec<f32>, OperatorFault> {
        let what = "the tensor of its weights";
        let scales = self.weights.scales(self.outputs)?;
        let is_by_output = scales.len() == self.outputs && self.weights.scaled_dimension()? == 0;
        if scales.len() != 1 && !is_by_output {
            return Err(OperatorFault::Scales { what, found: scales.len(), expected: self.outputs });
        }
        if self.weights.zero_points(self.outputs)?.iter().any(|point| *point != 0) {
            return Err(OperatorFault::ZeroPoint { what, expected: "symmetric weights, whose zero point is 0" });
        }
        // What a weight stands for must be a number; the model file checks it again.
        scales.iter().try_for_each(|scale| Quantization::new(*scale, 0).map(drop))?;
        Ok(scales)
    }
}

fn check_kind(
    what: &'static str,
    tensor: &Tensor<'_>,
    wanted: i8,
    expected: &'static str,
) -> Result<(), OperatorFault> {
    if tensor.kind == wanted { Ok(()) } else { Err(OperatorFault::Kind { what, found: tensor.kind, expected }) }
}

/// The activation that is part of the operator.
fn activation(operator: &Operator<'_>) -> Result<AnyActivation, OperatorFault> {
    let Some(options) = operator.options else { return Ok(Identity.into()) };
    if options.i8(field::fully_connected::WEIGHTS_FORMAT, 0)? != 0 {
        let nearest = "weights in the order [outputs, inputs] can be imported";
        return Err(OperatorFault::Form { what: "its weights are shuffled", nearest });
    }
    fused_activation(options.i8(field::fully_connected::ACTIVATION, fused::NONE)?)
}

/// An activation that is part of an operator, by its number.
pub(super) fn fused_activation(number: i8) -> Result<AnyActivation, OperatorFault> {
    match number {
        fused::NONE => Ok(Identity.into()),
        fused::RELU => Ok(Relu.into()),
        fused::RELU6 => Ok(Relu6.into()),
        fused::RELU_N1_TO_1 => Ok(HardTanh.into()),
        found => Err(OperatorFault::Fused { found }),
    }
}

/// The range that an activation leaves of bytes.
pub(super) fn clamp(activation: AnyActivation, output: Quantization) -> Clamp {
    match activation {
        AnyActivation::Relu(_) => Clamp::relu(output),
        AnyActivation::Relu6(_) => Clamp::relu6(output),
        AnyActivation::HardTanh(_) => Clamp::new(output.quantize(-1.0), output.quantize(1.0)).unwrap_or(Clamp::NONE),
        _ => Clamp::NONE,
    }
}
