//! From a graph to a model: its operators as a chain, each a layer or nothing.

mod activation;
mod arithmetic;
mod chain;
mod conversion;
mod dense;
mod signal;

use nn_core::int8::Rounding;

use super::error::{OperatorFault, TfliteError};
use super::graph::{Graph, Operator, Tensor};
use super::schema::code;
use crate::exchange::ImportOptions;
use crate::exchange::trained_for::model_of;
use crate::layer::{DequantizeLayer, LayerKind, QuantizeLayer};
use crate::model::Model;
use chain::{Link, chain};
use signal::Signal;

/// The model of a file's bytes.
pub(in super::super) fn import(bytes: &[u8], options: &ImportOptions) -> Result<Model, TfliteError> {
    let mut graph = Graph::parse(bytes)?;
    let chain = chain(&graph)?;
    let mut layers = Layers::start(&graph, options.rounding)?;
    for link in chain {
        let operator = graph.operators.get(link.index).cloned();
        let Some(operator) = operator else { continue };
        let fault = |fault| TfliteError::Operator { index: link.index, code: operator.code, fault };
        layers.add(&mut graph, &operator, link).map_err(fault)?;
    }
    let (inputs, kinds) = layers.finish(&graph)?;
    let model = model_of(inputs, kinds, options);
    model.to_bytes()?; // which checks all that a file must be
    Ok(model)
}

/// The layers so far.
struct Layers {
    inputs: usize,
    /// Values of a sample that flow.
    units: usize,
    kinds: Vec<LayerKind>,
    rounding: Rounding,
}

/// An operator's input and output, of which the tensor's numbers of values have been checked.
struct Step<'b> {
    input: Tensor<'b>,
    output: Tensor<'b>,
}

impl Step<'_> {
    /// Both signals.
    fn signals(&self) -> Result<[Signal; 2], OperatorFault> {
        Ok([Signal::of(&self.input, "its input")?, Signal::of(&self.output, "its output")?])
    }
}

impl Layers {
    /// At the input; bytes come from floats there.
    fn start(graph: &Graph<'_>, rounding: Rounding) -> Result<Self, TfliteError> {
        let end = |fault| TfliteError::End { what: "input", fault };
        let tensor = graph.tensor(graph.input).map_err(end)?;
        let units = tensor.units().map_err(end)?;
        let first = match Signal::at_end(&tensor).map_err(end)? {
            Signal::Floats => None,
            Signal::Bytes(output) => Some(QuantizeLayer { units, output }.into()),
        };
        Ok(Self { inputs: units, units, kinds: first.into_iter().collect(), rounding })
    }

    /// The next operator.
    fn add(&mut self, graph: &mut Graph<'_>, operator: &Operator<'_>, link: Link) -> Result<(), OperatorFault> {
        let step = Step { input: graph.tensor(link.input)?, output: graph.tensor(operator.output()?)? };
        match operator.code {
            code::FULLY_CONNECTED => self.add_dense(graph, operator, &step)?,
            code::QUANTIZE | code::DEQUANTIZE => self.add_conversion(&step)?,
            code::RESHAPE | code::SQUEEZE | code::EXPAND_DIMS => {}
            code::ADD | code::SUB | code::MUL => self.add_arithmetic(graph, operator, link, &step)?,
            _ => self.add_activation(operator, &step)?,
        }
        let found = step.output.units()?;
        if found == self.units {
            Ok(())
        } else {
            Err(OperatorFault::Units { what: "its output", found, expected: self.units })
        }
    }

    fn push(&mut self, kind: impl Into<LayerKind>) {
        self.kinds.push(kind.into());
    }

    /// At the output; bytes become floats there.
    fn finish(mut self, graph: &Graph<'_>) -> Result<(usize, Vec<LayerKind>), TfliteError> {
        let end = |fault| TfliteError::End { what: "output", fault };
        let tensor = graph.tensor(graph.output).map_err(end)?;
        if let Signal::Bytes(input) = Signal::at_end(&tensor).map_err(end)? {
            self.push(DequantizeLayer { units: self.units, input });
        }
        Ok((self.inputs, self.kinds))
    }
}
