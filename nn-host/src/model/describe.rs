//! A model's training configuration as text, whose checksum goes into the receipt.

use super::Model;
use crate::layer::{ModelLayer, Stack};
use crate::schedule::Schedule;
use crate::train::FitOptions;

/// Everything but the data that the weights depend on, one setting a line.
pub(crate) fn configuration(model: &Model, options: &FitOptions<'_>) -> String {
    let mut lines = vec![format!("inputs {}", model.inputs())];
    lines.extend(model.layers().iter().flat_map(layer_lines));
    // The weights that it starts from stand for the initializer, or for whatever else they come from.
    lines.push(format!("weights {:x?}", model.weights_sha256()));
    lines.push(format!("loss {}", model.loss));
    lines.push(format!("optimizer {:?}", model.optimizer.rule()));
    lines.extend(model.optimizer.adjustments().iter().map(|adjustment| format!("adjustment {adjustment:?}")));
    // Weights without averages stay what they were called before there were any.
    lines.extend(model.optimizer.ema().map(|ema| format!("{ema:?}")));
    let FitOptions {
        batch_size,
        shuffle,
        steps_per_epoch,
        gradient_accumulation_steps,
        class_weight,
        schedule,
        augment,
        ..
    } = options;
    lines.push(format!("seed {} batch_size {batch_size} shuffle {shuffle}", model.seed));
    lines
        .push(format!("steps_per_epoch {steps_per_epoch:?} gradient_accumulation_steps {gradient_accumulation_steps}"));
    lines.push(format!("class_weight {class_weight:?} schedule {schedule:?}"));
    // A schedule may depend on the length of the whole training.
    if *schedule != Schedule::Constant {
        lines.push(format!("epochs {}", options.epochs));
    }
    lines.extend(options.qat.map(|width| format!("qat {width}")));
    lines.extend(augment.map(|augment| format!("augment {augment}")));
    lines.join("\n")
}

/// A layer and what is inside of it.
fn layer_lines(layer: &ModelLayer) -> Vec<String> {
    let own = format!("{} {:?}", layer.description(), layer.policy());
    let inside = layer.stacks().flat_map(Stack::layers).flat_map(layer_lines);
    core::iter::once(own).chain(inside).collect()
}

#[cfg(test)]
mod tests {
    use super::{FitOptions, configuration};
    use crate::prelude::{Adam, Adjust, CategoricalCrossentropy, Optimizer, Sequential, Softmax};

    #[test]
    fn adjustments_are_part_of_the_configuration() {
        let lines = |optimizer: Optimizer| {
            let model = Sequential::new(2).dense(2, Softmax).compile(CategoricalCrossentropy, optimizer, []).unwrap();
            configuration(&model, &FitOptions::default())
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
        let (plain, augment) = (configuration(&model, &FitOptions::default()), "skew,noise=0.5".parse().unwrap());
        let augmented = configuration(&model, &FitOptions { augment: Some(&augment), ..Default::default() });
        assert_eq!(augmented, format!("{plain}\naugment skew=0.2,noise=0.5"));
    }
}
