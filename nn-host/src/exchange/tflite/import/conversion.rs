//! QUANTIZE and DEQUANTIZE: from floats to bytes, back, and from bytes to others.

use nn_core::int8::Requantization;

use super::super::error::OperatorFault;
use super::signal::Signal;
use super::{Layers, Step};
use crate::layer::{DequantizeLayer, QuantizeLayer, RequantizeLayer};

impl Layers {
    pub(super) fn add_conversion(&mut self, step: &Step<'_>) -> Result<(), OperatorFault> {
        let units = self.units;
        match [Signal::at_end(&step.input)?, Signal::at_end(&step.output)?] {
            [Signal::Floats, Signal::Bytes(output)] => self.push(QuantizeLayer { units, output }),
            [Signal::Bytes(input), Signal::Floats] => self.push(DequantizeLayer { units, input }),
            [Signal::Bytes(input), Signal::Bytes(output)] if input != output => {
                let change = Requantization::new(input, output)?;
                self.push(RequantizeLayer { units, change, input, output });
            }
            _ => {} // signed bytes to unsigned ones of the same meaning, or the other way
        }
        Ok(())
    }
}
