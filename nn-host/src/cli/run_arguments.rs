//! How a training runs: batches, steps, weights of classes, where it starts and where it is saved.

use std::path::PathBuf;

use clap::Args;
use nn_host::callback::Monitor;
use nn_host::config::{AugmentList, Config, Window};
use nn_host::quantize::WeightWidth;
use nn_host::train::{Checkpoint, ClassWeight};

use super::failure::Failure;
use super::long_help::AUGMENT;

#[derive(Args, Debug)]
#[command(next_help_heading = "Training")]
pub(super) struct RunArguments {
    /// Learning rate [default: the optimizer's]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    learning_rate: Option<f32>,

    /// Samples of a batch; 1 is online training [default: 32]
    #[arg(long, value_name = "N")]
    batch_size: Option<usize>,

    /// How often every sample is seen, less --initial-epoch [default: 1]
    #[arg(long, value_name = "N")]
    epochs: Option<u32>,

    /// Epochs that count as done [default: 0]
    #[arg(long, value_name = "N")]
    initial_epoch: Option<u32>,

    /// Batches of an epoch [default: as many as the samples make]
    #[arg(long, value_name = "N")]
    steps_per_epoch: Option<usize>,

    /// Batches whose gradients make one step together [default: 1]
    #[arg(long, value_name = "N")]
    gradient_accumulation_steps: Option<usize>,

    /// Epochs from one validation to the next [default: 1]
    #[arg(long, value_name = "N")]
    validation_freq: Option<u32>,

    /// How much the samples of each class count: `balanced`, so that each class counts the same, or a number a class, such
    /// as 1,1,5 [default: all the same]
    #[arg(long, value_name = "W", value_parser = class_weight)]
    class_weight: Option<ClassWeight>,

    /// Read a table window by window in each epoch, for files larger than memory; samples are shuffled within windows of
    /// ROWS rows, best a multiple of the batch size [default ROWS: about 64 MB, in whole batches]
    #[arg(long, value_name = "ROWS", value_parser = window)]
    stream: Option<Option<usize>>,

    /// Keep the order of the samples
    #[arg(long)]
    no_shuffle: bool,

    /// Distort training samples anew in every epoch, such as rotation=10,translation=2,elastic=34,sigma=4
    #[arg(long, value_name = "LIST", long_help = AUGMENT)]
    augment: Option<AugmentList>,

    /// Quantization-aware training: the network learns to live with 8-bit activations and weights of 8 or 4 bits, best for
    /// a few epochs from --init-weights of a trained model; nn quantize then takes the ranges that it has learned
    #[arg(long, value_name = "int8|int4")]
    qat: Option<WeightWidth>,

    /// Start from the weights of another model, or of an .npz or .safetensors file with Keras' names
    #[arg(long, value_name = "FILE")]
    init_weights: Option<PathBuf>,

    /// Save the training to this folder after each epoch, with the last and the best model
    #[arg(long, value_name = "DIR")]
    checkpoint: Option<PathBuf>,

    /// Go on from the training in the folder of the checkpoint, if there is one, to the same bits
    #[arg(long)]
    resume: bool,

    /// What the best model of the checkpoint is the best in [default: val_loss]
    #[arg(long, value_name = "NAME")]
    checkpoint_monitor: Option<String>,

    /// Write a line an epoch to this file
    #[arg(long, value_name = "F.csv")]
    csv_log: Option<PathBuf>,
}

impl RunArguments {
    /// Puts what is given into a configuration, whose optimizer may refuse the learning rate.
    pub(super) fn apply(&self, config: &mut Config) -> Result<(), Failure> {
        let fit = &mut config.fit;
        fit.batch_size = self.batch_size.unwrap_or(fit.batch_size);
        fit.epochs = self.epochs.unwrap_or(fit.epochs);
        fit.initial_epoch = self.initial_epoch.unwrap_or(fit.initial_epoch);
        fit.steps_per_epoch = self.steps_per_epoch.or(fit.steps_per_epoch);
        fit.gradient_accumulation_steps = self.gradient_accumulation_steps.unwrap_or(fit.gradient_accumulation_steps);
        fit.validation_freq = self.validation_freq.unwrap_or(fit.validation_freq);
        fit.shuffle &= !self.no_shuffle;
        fit.qat = self.qat.or(fit.qat);
        if let Some(weight) = &self.class_weight {
            fit.class_weight = weight.clone();
        }
        if let Some(AugmentList(augment)) = &self.augment {
            fit.augment = Some(augment.clone());
        }
        if let Some(rows) = self.stream {
            config.data.stream = Some(rows.map_or(Window::Usual, Window::Rows));
        }
        if let Some(path) = &self.init_weights {
            config.model.init_weights = Some(path.clone());
        }
        if let Some(path) = &self.csv_log {
            config.callbacks.csv_logger = Some(path.clone());
        }
        self.apply_checkpoint(&mut config.callbacks.checkpoint)?;
        self.apply_learning_rate(config)
    }

    fn apply_checkpoint(&self, checkpoint: &mut Option<Checkpoint>) -> Result<(), Failure> {
        if let Some(folder) = &self.checkpoint {
            *checkpoint = Some(Checkpoint::new(folder));
        }
        if let Some(name) = &self.checkpoint_monitor {
            let saved = checkpoint.take().ok_or_else(|| without_checkpoint("--checkpoint-monitor"))?;
            *checkpoint = Some(saved.monitor(Monitor::of(&**name)));
        }
        if self.resume {
            let saved = checkpoint.take().ok_or_else(|| without_checkpoint("--resume"))?;
            *checkpoint = Some(saved.resuming());
        }
        Ok(())
    }

    fn apply_learning_rate(&self, config: &mut Config) -> Result<(), Failure> {
        let Some(learning_rate) = self.learning_rate else { return Ok(()) };
        let optimizer = config.compile.optimizer.clone().with("learning_rate", learning_rate);
        config.compile.optimizer = optimizer.map_err(|error| Failure::usage(format!("--learning-rate: {error}")))?;
        Ok(())
    }

    /// The first argument that is given and has no meaning for training on all samples at once.
    pub(super) fn unused_by_solvers(&self) -> Option<&'static str> {
        let given = [
            ("--learning-rate", self.learning_rate.is_some()),
            ("--augment", self.augment.is_some()),
            ("--qat", self.qat.is_some()),
            ("--batch-size", self.batch_size.is_some()),
            ("--no-shuffle", self.no_shuffle),
            ("--steps-per-epoch", self.steps_per_epoch.is_some()),
            ("--gradient-accumulation-steps", self.gradient_accumulation_steps.is_some_and(|steps| steps != 1)),
            ("--initial-epoch", self.initial_epoch.is_some_and(|epoch| epoch != 0)),
            ("--checkpoint", self.checkpoint.is_some()),
            ("--stream", self.stream.is_some()),
        ];
        given.into_iter().find_map(|(name, is_given)| is_given.then_some(name))
    }
}

fn without_checkpoint(option: &str) -> Failure {
    Failure::usage(format!("{option}: there is no checkpoint; --checkpoint DIR says where the training is saved"))
}

/// Rows of a window, at least one.
fn window(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(rows) if rows > 0 => Ok(rows),
        _ => Err("a whole number of rows is needed, at least 1; DATA comes before --stream".to_owned()),
    }
}

/// `balanced`, or numbers with commas between.
fn class_weight(text: &str) -> Result<ClassWeight, String> {
    if text == "balanced" {
        return Ok(ClassWeight::Balanced);
    }
    let weight = |word: &str| word.parse().ok().filter(|weight: &f32| weight.is_finite() && *weight >= 0.0);
    let weights = text.split(',').map(weight).collect::<Option<_>>();
    weights
        .map(ClassWeight::Given)
        .ok_or_else(|| "neither balanced nor numbers from 0 on with commas between, such as 1,1,5".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{ClassWeight, class_weight};

    #[test]
    fn class_weights_are_balanced_or_numbers() {
        assert_eq!(class_weight("balanced"), Ok(ClassWeight::Balanced));
        assert_eq!(class_weight("1,2.5"), Ok(ClassWeight::Given(vec![1.0, 2.5])));
        assert!(class_weight("1,-2").is_err() && class_weight("").is_err() && class_weight("1,NaN").is_err());
    }
}
