//! A model's training configuration as text, whose checksum goes into the receipt.

use super::{Model, ModelLayer};

/// Everything but the data that the weights depend on, one setting a line.
#[must_use]
pub fn configuration(model: &Model, batch_size: usize, shuffle: bool) -> String {
    let mut lines = vec![format!("inputs {}", model.inputs)];
    for layer in &model.layers {
        lines.push(match layer {
            ModelLayer::Dense(dense) => format!("dense {} {}", dense.bias.len(), dense.activation),
            ModelLayer::Dropout { rate, .. } => format!("dropout {}", rate.get()),
        });
    }
    lines.push(format!("loss {}", model.loss));
    lines.push(format!("optimizer {:?}", model.optimizer));
    lines.push(format!("seed {} batch_size {batch_size} shuffle {shuffle}", model.seed));
    lines.join("\n")
}
