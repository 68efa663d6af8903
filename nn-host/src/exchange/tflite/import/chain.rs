//! The operators between the input and the output, which must be one way without branches.

use std::collections::HashMap;

use super::super::error::{OperatorFault, TfliteError};
use super::super::graph::{Graph, Operator};
use super::super::schema::code;

/// An operator of the chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// Its position in the graph.
    pub(super) index: usize,
    /// The tensor that it takes from the operator before.
    pub(super) input: usize,
}

/// The way from the input to the output. Operators beside it compute shapes, or nothing that is asked for.
pub(super) fn chain(graph: &Graph<'_>) -> Result<Vec<Link>, TfliteError> {
    let makers = makers(graph);
    let (mut chain, mut tensor) = (Vec::new(), graph.output);
    while tensor != graph.input {
        let &index = makers.get(&tensor).ok_or(TfliteError::Unconnected { tensor })?;
        let Some(operator) = graph.operators.get(index).filter(|_| chain.len() <= graph.operators.len()) else {
            return Err(TfliteError::Circle);
        };
        let fault = |fault| TfliteError::Operator { index, code: operator.code, fault };
        tensor = flowing(graph, operator).map_err(fault)?;
        chain.push(Link { index, input: tensor });
    }
    chain.reverse();
    Ok(chain)
}

/// The operator that gives each tensor.
fn makers(graph: &Graph<'_>) -> HashMap<usize, usize> {
    let made = |(index, operator): (usize, &Operator<'_>)| {
        let outputs = operator.outputs.iter().filter_map(|tensor| usize::try_from(*tensor).ok());
        outputs.map(|tensor| (tensor, index)).collect::<Vec<_>>()
    };
    graph.operators.iter().enumerate().flat_map(made).collect()
}

/// The tensor that an operator takes from the one before; sums and products may have it on either side.
fn flowing(graph: &Graph<'_>, operator: &Operator<'_>) -> Result<usize, OperatorFault> {
    let missing = OperatorFault::Missing { what: "its input" };
    let first = operator.input(0).ok_or(missing.clone())?;
    if !matches!(operator.code, code::ADD | code::MUL | code::SUB) {
        return Ok(first);
    }
    let second = operator.input(1).ok_or(missing)?;
    let is_constant = |tensor| Ok::<_, OperatorFault>(!graph.tensor(tensor)?.data.is_empty());
    match [is_constant(first)?, is_constant(second)?] {
        [false, true] => Ok(first),
        [true, false] if operator.code != code::SUB => Ok(second),
        [true, false] => Err(OperatorFault::Form {
            what: "it takes what flows from a constant",
            nearest: "the constant can be taken from what flows",
        }),
        _ => Err(OperatorFault::Branch),
    }
}
