//! ADD, SUB and MUL of floats with a constant, as normalizations become: a scaling a value, (x − offset) · scale.

use nn_core::activation::Identity;

use super::super::error::OperatorFault;
use super::super::graph::{Graph, Operator};
use super::super::schema::{code, field, fused, kind};
use super::chain::Link;
use super::dense::fused_activation;
use super::signal::Signal;
use super::{Layers, Step};
use crate::layer::{ActivationLayer, LayerKind, ScaleLayer};

impl Layers {
    pub(super) fn add_arithmetic(
        &mut self,
        graph: &mut Graph<'_>,
        operator: &Operator<'_>,
        link: Link,
        step: &Step<'_>,
    ) -> Result<(), OperatorFault> {
        if step.signals()? != [Signal::Floats; 2] {
            let nearest = "fold it into FULLY_CONNECTED, as converters do behind a layer without activation";
            return Err(OperatorFault::Form { what: "it is of bytes, and only floats can be imported", nearest });
        }
        let constants = self.constants(graph, operator, link)?;
        match operator.code {
            code::MUL => self.multiply(constants),
            code::SUB => self.push_scale(constants, vec![1.0; self.units]),
            _ => self.push_scale(constants.iter().map(|b| -b).collect(), vec![1.0; self.units]),
        }
        let number = operator.options.map_or(Ok(fused::NONE), |options| options.i8(field::ONLY, fused::NONE))?;
        let activation = fused_activation(number)?;
        if activation != Identity.into() {
            self.push(ActivationLayer { units: self.units, activation });
        }
        Ok(())
    }

    /// The other input, one value for all or one each.
    fn constants(&self, graph: &mut Graph<'_>, operator: &Operator<'_>, link: Link) -> Result<Vec<f32>, OperatorFault> {
        let others = [operator.input(0), operator.input(1)].into_iter().flatten().find(|tensor| *tensor != link.input);
        let constant = graph.tensor(others.ok_or(OperatorFault::Branch)?)?;
        if constant.kind != kind::FLOAT32 {
            return Err(OperatorFault::Kind { what: "its constant", found: constant.kind, expected: "FLOAT32" });
        }
        graph.take(2 * size_of::<f32>() * self.units)?;
        if constant.data.len() == size_of::<f32>() {
            let one = constant.values("its constant", 1, f32::from_le_bytes)?;
            return Ok(one.repeat(self.units));
        }
        constant.values("its constant", self.units, f32::from_le_bytes)
    }

    /// Into a scaling just before that has offsets alone, so that (x − offset) · scale is one layer.
    fn multiply(&mut self, factors: Vec<f32>) {
        match self.kinds.last_mut() {
            #[expect(clippy::float_cmp, reason = "the 1 that has been put there")]
            Some(LayerKind::Scale(before)) if before.scale.iter().all(|scale| *scale == 1.0) => before.scale = factors,
            _ => self.push_scale(vec![0.0; self.units], factors),
        }
    }

    fn push_scale(&mut self, offset: Vec<f32>, scale: Vec<f32>) {
        self.push(ScaleLayer { offset, scale });
    }
}
