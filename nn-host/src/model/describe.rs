//! A model's training configuration as text, whose checksum goes into the receipt.

use super::{DenseLayer, Model, ModelLayer};

/// Everything but the data that the weights depend on, one setting a line.
#[must_use]
pub fn configuration(model: &Model, batch_size: usize, shuffle: bool) -> String {
    let mut lines = vec![format!("inputs {}", model.inputs)];
    for layer in &model.layers {
        lines.push(match layer {
            ModelLayer::Dense(DenseLayer { bias, activation, .. }) => {
                format!("dense {} {activation} {}", bias.len(), activation.parameter())
            }
            ModelLayer::Dropout { rate, .. } => format!("dropout {}", rate.get()),
        });
    }
    // The weights that it starts from stand for the initializer, or for whatever else they come from.
    lines.push(format!("weights {:x?}", model.weights_sha256()));
    lines.push(format!("loss {}", model.loss));
    lines.push(format!("optimizer {:?}", model.optimizer.rule()));
    lines.extend(model.optimizer.adjustments().iter().map(|adjustment| format!("adjustment {adjustment:?}")));
    lines.push(format!("seed {} batch_size {batch_size} shuffle {shuffle}", model.seed));
    lines.join("\n")
}
