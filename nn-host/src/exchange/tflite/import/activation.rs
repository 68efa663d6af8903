//! Activations that are operators: functions of floats, tables or softmax of bytes.

use nn_core::activation::{
    AnyActivation, Elu, Gelu, HardSilu, HardTanh, LeakyRelu, LogSoftmax, Relu, Relu6, Sigmoid, Softmax, Tanh,
};
use nn_core::int8::table::{self, Table};
use nn_core::int8::{self, Quantization, Requantization, Rounding};

use super::super::error::OperatorFault;
use super::super::graph::Operator;
use super::super::schema::{code, field};
use super::dense::clamp;
use super::signal::Signal;
use super::{Layers, Step};
use crate::layer::{ActivationLayer, Int8SoftmaxLayer, Int8TableLayer};

impl Layers {
    pub(super) fn add_activation(&mut self, operator: &Operator<'_>, step: &Step<'_>) -> Result<(), OperatorFault> {
        let activation = activation(operator)?;
        let is_along_values = matches!(activation, AnyActivation::Softmax(_) | AnyActivation::LogSoftmax(_));
        if is_along_values && step.input.innermost() != Some(self.units) {
            return Err(step.input.shape_fault("its input", "[batch, values]: it runs along all values of a sample"));
        }
        match step.signals()? {
            [Signal::Floats, Signal::Floats] => self.add_of_floats(operator, activation),
            [Signal::Bytes(input), Signal::Bytes(output)] => self.add_of_bytes(operator, activation, [input, output]),
            _ => Err(OperatorFault::Form {
                what: "its input and its output are not of one type",
                nearest: "both can be floats, or both bytes",
            }),
        }
    }

    fn add_of_floats(&mut self, operator: &Operator<'_>, activation: AnyActivation) -> Result<(), OperatorFault> {
        #[expect(clippy::float_cmp, reason = "the number of the file, which is written as 1")]
        if operator.code == code::SOFTMAX && beta(operator)? != 1.0 {
            return Err(OperatorFault::Form { what: "its β is not 1", nearest: "1 can be imported in floats" });
        }
        self.push(ActivationLayer { units: self.units, activation });
        Ok(())
    }

    fn add_of_bytes(
        &mut self,
        operator: &Operator<'_>,
        activation: AnyActivation,
        [input, output]: [Quantization; 2],
    ) -> Result<(), OperatorFault> {
        let units = self.units;
        if let AnyActivation::Softmax(_) = activation {
            check_output(output, Quantization::PROBABILITY, "1/256 and −128")?;
            let beta = beta(operator)?;
            self.push(Int8SoftmaxLayer { units, beta, softmax: int8::Softmax::new(input, beta)?, input });
        } else {
            let table = table_of(activation, [input, output], self.rounding)?;
            self.push(Int8TableLayer { units, activation, table, input, output });
        }
        Ok(())
    }
}

fn activation(operator: &Operator<'_>) -> Result<AnyActivation, OperatorFault> {
    let option = |default| operator.options.map_or(Ok(default), |options| options.f32(field::ONLY, default));
    Ok(match operator.code {
        code::RELU => Relu.into(),
        code::RELU6 => Relu6.into(),
        code::RELU_N1_TO_1 => HardTanh.into(),
        code::LEAKY_RELU => LeakyRelu::new(option(0.0)?)?.into(),
        code::TANH => Tanh.into(),
        code::LOGISTIC => Sigmoid.into(),
        code::ELU => Elu::default().into(),
        code::HARD_SWISH => HardSilu.into(),
        code::SOFTMAX => Softmax.into(),
        code::LOG_SOFTMAX => LogSoftmax.into(),
        code::GELU if operator.options.map_or(Ok(0), |options| options.i8(field::ONLY, 0))? == 0 => Gelu.into(),
        code::GELU => {
            return Err(OperatorFault::Form { what: "it is approximate", nearest: "the exact one can be imported" });
        }
        _ => return Err(OperatorFault::Form { what: "it computes no layer", nearest: "it may compute shapes" }),
    })
}

fn beta(operator: &Operator<'_>) -> Result<f32, OperatorFault> {
    // What is left out is 0 in the schema, but every converter writes it.
    Ok(operator.options.map_or(Ok(1.0), |options| options.f32(field::ONLY, 0.0))?)
}

/// The bytes of the interpreter whose rounding is asked for.
fn table_of(
    activation: AnyActivation,
    [input, output]: [Quantization; 2],
    rounding: Rounding,
) -> Result<Table, OperatorFault> {
    match activation {
        AnyActivation::Sigmoid(_) => check_output(output, Quantization::PROBABILITY, "1/256 and −128")?,
        AnyActivation::Tanh(_) => check_output(output, Quantization::TANH, "1/128 and 0")?,
        _ => {}
    }
    let unknown = OperatorFault::Form {
        what: "it has bytes that are not known here",
        nearest: "it can be imported in floats, and other activations in bytes",
    };
    Ok(match (activation, rounding) {
        (AnyActivation::Sigmoid(_), Rounding::Tflm) => table::tflm_sigmoid(input),
        (AnyActivation::Tanh(_), Rounding::Tflm) => table::tflm_tanh(input),
        (AnyActivation::LeakyRelu(kind), _) => table::leaky_relu(kind, input, output)?,
        (AnyActivation::Sigmoid(_) | AnyActivation::Tanh(_) | AnyActivation::Elu(_), _) => {
            table::of(activation, input, output).ok_or(unknown)?
        }
        (AnyActivation::Relu(_), _) => clamped(activation, input, output)?,
        (AnyActivation::Relu6(_) | AnyActivation::HardTanh(_), _) if input == output => {
            clamped(activation, input, output)?
        }
        (AnyActivation::Relu6(_) | AnyActivation::HardTanh(_), _) => {
            let nearest = "the same one can be imported, or the activation as part of FULLY_CONNECTED";
            return Err(OperatorFault::Form {
                what: "its output has another scale or zero point than its input",
                nearest,
            });
        }
        _ => return Err(unknown),
    })
}

/// A change of quantization, then the range of the activation.
fn clamped(activation: AnyActivation, input: Quantization, output: Quantization) -> Result<Table, OperatorFault> {
    let clamp = clamp(activation, output);
    let change = Requantization::new(input, output)?;
    Ok(table::requantization(&change).map(|byte| clamp.apply(byte.into())))
}

fn check_output(found: Quantization, wanted: Quantization, expected: &'static str) -> Result<(), OperatorFault> {
    if found == wanted { Ok(()) } else { Err(OperatorFault::Quantization { what: "its output", found, expected }) }
}
