//! The arguments, as clap parses them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::callbacks::CallbackArguments;
use super::lr_find::LrFind;
use super::model::ModelArguments;
use super::specification::{Goal, Place};

/// Trains dense neural networks, runs them on microcontrollers, and shows that both give the same bits.
#[derive(Debug, Parser)]
#[command(name = "nn", version, max_term_width = 110, after_help = EXIT_CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) global: Global,

    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 ok, 1 failure, 2 usage, 3 bad data or model file, 4 threshold not met, \
    5 device or tool missing, 6 training diverged, 130 interrupted (state saved)";

/// What every command takes.
#[derive(Args, Debug)]
pub(super) struct Global {
    /// Seed of everything random: initial weights, order of samples, dropout
    #[arg(long, global = true, value_name = "N", default_value_t = 0)]
    pub(super) seed: u64,

    /// Threads to compute with [default: all]; the result does not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) threads: Option<u16>,

    /// How results are printed
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    pub(super) format: Format,

    /// Show no progress bar
    #[arg(long, global = true)]
    pub(super) no_progress: bool,

    /// Print results and errors only
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Human,
    /// For programs: one JSON object
    Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Train a model
    Train(Box<Train>),
    /// Look for a learning rate: which rates of a ladder work, and a sweep over all
    LrFind(LrFind),
    /// Loss and metrics of a model, on the host or on a device
    Evaluate(Evaluate),
    /// Answers of a model, one line a sample
    Predict(Predict),
    /// Layers, parameters and memory of a model
    Summary(Summary),
    /// Build the firmware of a board with a model inside, or run it in QEMU
    Firmware(Firmware),
    /// The whole path in one go on MNIST: train, evaluate, build firmware, run it in QEMU, compare bits
    Demo(Demo),
}

/// What DATA can be.
pub(super) const DATA: &str = "`mnist` (embedded), `mnist:train`, `mnist:test`, a folder of IDX files (train-… and t10k-…), or the \
    prefix of a pair of IDX files, plain or .gz";

#[derive(Args, Debug)]
pub(super) struct Train {
    /// Training data
    #[arg(value_name = "DATA", long_help = DATA)]
    pub(super) data: String,

    /// Where to write the model; its history goes beside it as .history.json
    #[arg(short, long, value_name = "FILE", default_value = "model.nn")]
    pub(super) output: PathBuf,

    #[command(flatten)]
    pub(super) model: ModelArguments,

    /// Learning rate [default: the optimizer's]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub(super) learning_rate: Option<f32>,

    /// Samples of an update; 1 is online training
    #[arg(long, value_name = "N", default_value_t = 32)]
    pub(super) batch_size: usize,

    /// How often every sample is seen
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) epochs: u32,

    /// Data to validate with after each epoch [default: the test part that comes with DATA]
    #[arg(long, value_name = "DATA")]
    pub(super) validation_data: Option<String>,

    #[command(flatten)]
    pub(super) callbacks: CallbackArguments,

    /// Keep the order of the samples
    #[arg(long)]
    pub(super) no_shuffle: bool,

    /// End with exit code 4 if a value of the last epoch is below a threshold, such as val_accuracy=0.97
    #[arg(long, value_name = "NAME=X")]
    pub(super) fail_under: Option<Goal>,
}

#[derive(Args, Debug)]
pub(super) struct Evaluate {
    /// Model file
    pub(super) model: PathBuf,

    /// Data to evaluate on
    #[arg(value_name = "DATA", long_help = DATA)]
    pub(super) data: String,

    /// Print how often each class was taken for each
    #[arg(long)]
    pub(super) confusion_matrix: bool,

    /// Where to compute: host, qemu or qemu:BOARD, whose outputs are compared with the host's bit for bit
    #[arg(long, value_name = "PLACE", default_value = "host")]
    pub(super) on: Place,

    /// Use the first N samples only
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<usize>,

    /// End with exit code 4 if a value is below a threshold, such as accuracy=0.97
    #[arg(long, value_name = "NAME=X")]
    pub(super) fail_under: Option<Goal>,
}

#[derive(Args, Debug)]
pub(super) struct Predict {
    /// Model file
    pub(super) model: PathBuf,

    /// Data to predict
    #[arg(value_name = "DATA", long_help = DATA)]
    pub(super) data: String,

    /// Print all outputs of each sample instead of its class
    #[arg(long)]
    pub(super) proba: bool,

    /// Use the first N samples only
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<usize>,
}

#[derive(Args, Debug)]
pub(super) struct Summary {
    /// Model file
    pub(super) model: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct Firmware {
    /// What to do with it
    pub(super) action: FirmwareAction,

    /// Board
    #[arg(long, value_name = "BOARD", default_value = "mps2-an386")]
    pub(super) board: String,

    /// Model file
    #[arg(long, value_name = "FILE")]
    pub(super) model: PathBuf,

    /// Where to copy the ELF file
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FirmwareAction {
    /// Build it
    Build,
    /// Build it, boot it in QEMU and ask what it is
    Run,
}

#[derive(Args, Debug)]
pub(super) struct Demo {
    /// Where to write the model
    #[arg(short, long, value_name = "FILE", default_value = "mnist.nn")]
    pub(super) output: PathBuf,

    /// How often every sample is seen
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) epochs: u32,

    /// Board
    #[arg(long, value_name = "BOARD", default_value = "mps2-an386")]
    pub(super) board: String,

    /// Evaluate the first N test images only on the device
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<usize>,
}
