//! What a model is made of, and what it needs on a chip.

use super::Model;

/// One layer of a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryRow {
    /// The name, as Keras would give it.
    pub name: String,
    /// The kind with its settings.
    pub kind: String,
    /// Values of an output.
    pub outputs: usize,
    /// Weights.
    pub parameters: usize,
    /// Multiply-accumulate operations of one inference.
    pub macs: usize,
}

/// What a model is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Values of an input.
    pub inputs: usize,
    /// The layers.
    pub rows: Vec<SummaryRow>,
    /// Bytes of the model file, which stays in flash.
    pub flash_bytes: usize,
    /// Bytes of the input and all activations of one inference.
    pub ram_inference_bytes: usize,
}

impl Summary {
    pub(super) fn of(model: &Model) -> Self {
        let mut widths = model.inputs();
        let mut rows = Vec::new();
        for layer in model.layers() {
            let (outputs, macs) = (layer.outputs(), layer.macs());
            let (name, kind, parameters) = (layer.name().to_owned(), layer.description(), layer.parameters());
            rows.push(SummaryRow { name, kind, outputs, parameters, macs });
            widths = widths.saturating_add(if macs > 0 { outputs } else { 0 });
        }
        let flash_bytes = model.to_bytes().map_or(0, |file| file.as_bytes().len());
        Self { inputs: model.inputs(), rows, flash_bytes, ram_inference_bytes: widths.saturating_mul(size_of::<f32>()) }
    }

    /// All weights.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.rows.iter().map(|row| row.parameters).sum()
    }

    /// Multiply-accumulate operations of one inference.
    #[must_use]
    pub fn macs(&self) -> usize {
        self.rows.iter().map(|row| row.macs).sum()
    }
}
