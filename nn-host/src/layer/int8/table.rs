//! Activations of bytes, each a table of 256 entries.

use nn_core::activation::AnyActivation;
use nn_core::format::Int8TableView;
use nn_core::int8::Quantization;
use nn_core::int8::table::{self, Table};

use super::super::batch::Batch;
use super::super::in_place::InPlace;
use super::each_sample_in_bytes;

/// An activation of bytes by table.
#[derive(Clone, Debug, PartialEq)]
pub struct Int8TableLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// What the table was made of.
    pub activation: AnyActivation,
    /// The byte for each byte.
    pub table: Table,
    /// What the bytes of the input stand for.
    pub input: Quantization,
    /// What the bytes of the output stand for.
    pub output: Quantization,
}

impl Int8TableLayer {
    /// A copy of an activation of a model file.
    pub(crate) const fn from_view(view: &Int8TableView<'_>) -> Self {
        let Int8TableView { units, activation, table, input, output } = *view;
        Self { units: units as usize, activation, table: *table, input, output }
    }
}

impl InPlace for Int8TableLayer {
    fn units(&self) -> usize {
        self.units
    }

    fn change(&self, x: &mut Batch) {
        each_sample_in_bytes(x, [self.input, self.output], |bytes| table::apply(&self.table, bytes));
    }
}
