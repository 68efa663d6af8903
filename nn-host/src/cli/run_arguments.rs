//! How a training runs: batches, steps, weights of classes, where it starts and where it is saved.

use std::path::PathBuf;

use clap::Args;
use nn_host::callback::{Callback, CsvLogger, Monitor};
use nn_host::model::Model;
use nn_host::train::{Checkpoint, ClassWeight, FitOptions};

use super::failure::Failure;

#[derive(Args, Debug)]
#[command(next_help_heading = "Training")]
pub(super) struct RunArguments {
    /// Samples of a batch; 1 is online training [default: 32]
    #[arg(long, value_name = "N")]
    batch_size: Option<usize>,

    /// How often every sample is seen, less --initial-epoch
    #[arg(long, value_name = "N", default_value_t = 1)]
    epochs: u32,

    /// Epochs that count as done
    #[arg(long, value_name = "N", default_value_t = 0)]
    initial_epoch: u32,

    /// Batches of an epoch [default: as many as the samples make]
    #[arg(long, value_name = "N")]
    steps_per_epoch: Option<usize>,

    /// Batches whose gradients make one step together
    #[arg(long, value_name = "N", default_value_t = 1)]
    gradient_accumulation_steps: usize,

    /// Epochs from one validation to the next
    #[arg(long, value_name = "N", default_value_t = 1)]
    validation_freq: u32,

    /// How much the samples of each class count: `balanced`, or a number a class, such as 1,1,5 [default: all the same]
    #[arg(long, value_name = "W", value_parser = class_weight)]
    class_weight: Option<ClassWeight>,

    /// Keep the order of the samples
    #[arg(long)]
    no_shuffle: bool,

    /// Start from the weights of another model, or of an .npz or .safetensors file with Keras' names
    #[arg(long, value_name = "FILE")]
    init_weights: Option<PathBuf>,

    /// Save the training to this folder after each epoch, with the last and the best model
    #[arg(long, value_name = "DIR")]
    checkpoint: Option<PathBuf>,

    /// Go on from the training in --checkpoint, if there is one, to the same bits
    #[arg(long, requires = "checkpoint")]
    resume: bool,

    /// What the best model is the best in
    #[arg(long, value_name = "NAME", default_value = "val_loss", requires = "checkpoint")]
    checkpoint_monitor: String,

    /// Write a line an epoch to this file
    #[arg(long, value_name = "F.csv")]
    csv_log: Option<PathBuf>,
}

impl RunArguments {
    /// The options, without data and callbacks.
    pub(super) fn options(&self) -> FitOptions<'static> {
        let usual = FitOptions::default();
        FitOptions {
            batch_size: self.batch_size.unwrap_or(usual.batch_size),
            epochs: self.epochs,
            initial_epoch: self.initial_epoch,
            steps_per_epoch: self.steps_per_epoch,
            gradient_accumulation_steps: self.gradient_accumulation_steps,
            validation_freq: self.validation_freq,
            class_weight: self.class_weight.clone().unwrap_or_default(),
            shuffle: !self.no_shuffle,
            checkpoint: self.checkpoint(),
            ..usual
        }
    }

    /// The first argument that is given and has no meaning for training on all samples at once.
    pub(super) fn unused_by_solvers(&self) -> Option<&'static str> {
        let given = [
            ("--batch-size", self.batch_size.is_some()),
            ("--no-shuffle", self.no_shuffle),
            ("--steps-per-epoch", self.steps_per_epoch.is_some()),
            ("--gradient-accumulation-steps", self.gradient_accumulation_steps != 1),
            ("--initial-epoch", self.initial_epoch != 0),
            ("--checkpoint", self.checkpoint.is_some()),
        ];
        given.into_iter().find_map(|(name, is_given)| is_given.then_some(name))
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        let checkpoint = Checkpoint::new(self.checkpoint.as_ref()?).monitor(Monitor::of(&*self.checkpoint_monitor));
        Some(if self.resume { checkpoint.resuming() } else { checkpoint })
    }

    /// What is called besides the callbacks of other arguments.
    pub(super) fn callbacks(&self) -> impl Iterator<Item = Box<dyn Callback>> {
        self.csv_log.iter().map(|path| Box::new(CsvLogger::new(path)) as Box<dyn Callback>)
    }

    /// Gives a model the weights to start from.
    pub(super) fn initialize(&self, model: &mut Model) -> Result<(), Failure> {
        let Some(path) = &self.init_weights else { return Ok(()) };
        if path.extension().is_some_and(|suffix| suffix == "nn") {
            let other = Model::load(path)?;
            let named = |error| Failure::from(error).context(path.display().to_string());
            return model.set_weights(&other.weights()).map_err(named);
        }
        Ok(model.load_weights(path)?)
    }
}

fn class_weight(text: &str) -> Result<ClassWeight, String> {
    match text {
        "balanced" => Ok(ClassWeight::Balanced),
        list => {
            let weights = list.split(',').map(str::parse).collect::<Result<_, _>>();
            weights
                .map(ClassWeight::Given)
                .map_err(|_| "it is `balanced`, or a number a class, such as 1,1,5".to_owned())
        }
    }
}
