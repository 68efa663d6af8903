//! A model's training configuration as text, whose checksum goes into the receipt.

use super::{DenseLayer, Model, ModelLayer};
use crate::augment::Augment;

/// Everything but the data that the weights depend on, one setting a line.
#[must_use]
pub fn configuration(model: &Model, batch_size: usize, shuffle: bool, augment: Option<&Augment>) -> String {
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
    lines.extend(augment.map(|augment| format!("augment {augment}")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::configuration;
    use crate::prelude::{Adam, Adjust, CategoricalCrossentropy, Optimizer, Sequential, Softmax};

    #[test]
    fn adjustments_are_part_of_the_configuration() {
        let lines = |optimizer: Optimizer| {
            let model = Sequential::new(2).dense(2, Softmax).compile(CategoricalCrossentropy, optimizer, []).unwrap();
            configuration(&model, 32, true, None)
        };
        let adjusted = lines(Adam::default().clipped_by_norm(0.5).unwrap().into());
        let added: Vec<_> = adjusted.lines().filter(|line| line.starts_with("adjustment ")).collect();
        assert_eq!(added, ["adjustment ClipNorm(ClipNorm(0.5))"]);
        let plain = lines(Adam::default().into());
        assert_eq!(adjusted.replace("adjustment ClipNorm(ClipNorm(0.5))\n", ""), plain);
    }

    #[test]
    fn distortions_are_part_of_the_configuration() {
        let model = Sequential::new(4).dense(2, Softmax).compile(CategoricalCrossentropy, Adam::default(), []).unwrap();
        let (plain, augment) = (configuration(&model, 32, true, None), "skew,noise=0.5".parse().unwrap());
        let augmented = configuration(&model, 32, true, Some(&augment));
        assert_eq!(augmented, format!("{plain}\naugment skew=0.2,noise=0.5"));
    }
}
