//! The arguments, as clap parses them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use nn_host::config::{AugmentList, MetricList};
use nn_host::gemm::InstructionSet;

use super::callbacks::CallbackArguments;
use super::configuration::data_or_config;
use super::data_arguments::{DATA, DataArguments, ReadArguments};
use super::demo::Demo;
use super::export::Export;
use super::firmware::Firmware;
use super::import::Import;
use super::long_help::{AUGMENT, metrics_help};
use super::lr_find::LrFind;
use super::model::ModelArguments;
use super::plot::{PlotFile, Shape};
use super::predict::Predict;
use super::quantize::Quantize;
use super::run_arguments::RunArguments;
use super::specification::{Goal, Kernel, Place};
use super::summary::Summary;
use super::tune::Tune;

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
    /// [default: 0]
    #[arg(long, global = true, value_name = "N")]
    pub(super) seed: Option<u64>,

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

impl Global {
    /// The seed where no configuration may say another.
    pub(super) fn seed(&self) -> u64 {
        self.seed.unwrap_or_default()
    }
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
    /// Search for good values of a configuration: random, grid or TPE, with pruning, folds and resumption
    Tune(Tune),
    /// Look for a learning rate: which rates of a ladder work, and a sweep over all
    LrFind(LrFind),
    /// Loss and metrics of a model, on the host or on a device
    Evaluate(Evaluate),
    /// Answers of a model, one line a sample
    Predict(Predict),
    /// Layers, parameters and memory of a model
    Summary(Summary),
    /// Make a model of bytes: int8 weights and activations by ranges on data, beside the floats' accuracy, with a report a layer
    Quantize(Quantize),
    /// Make a model of another program's file: .tflite
    Import(Import),
    /// Write a model for other programs: .tflite
    Export(Export),
    /// Draw a training's history, or the weights of a model's layer
    Plot(Plot),
    /// Build the firmware of a board with a model inside, or run it in QEMU
    Firmware(Firmware),
    /// The whole path in one go on MNIST: train, evaluate, build firmware, run it in QEMU, compare bits
    Demo(Demo),
}

#[derive(Args, Debug)]
pub(super) struct Train {
    /// Training data, or a configuration (.toml)
    #[arg(value_name = "DATA|CONFIG", long_help = data_or_config())]
    pub(super) data: String,

    #[command(flatten)]
    pub(super) data_arguments: DataArguments,

    /// Where to write the model; its history goes beside it as .history.json
    #[arg(short, long, value_name = "FILE", default_value = "model.nn")]
    pub(super) output: PathBuf,

    #[command(flatten)]
    pub(super) model: ModelArguments,

    #[command(flatten)]
    pub(super) run: RunArguments,

    #[command(flatten)]
    pub(super) callbacks: CallbackArguments,

    /// Instruction set to compute with: scalar or what else the machine has, such as avx2 [default: the best]; the result does
    /// not depend on it
    #[arg(long, value_name = "NAME", value_parser = instruction_set)]
    pub(super) instructions: Option<InstructionSet>,

    /// Draw loss, metrics and learning rate over epochs: F.svg or F.png
    #[arg(long, value_name = "F")]
    pub(super) plot: Option<PlotFile>,

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

    #[command(flatten)]
    pub(super) read_arguments: ReadArguments,

    /// Print how often each class was taken for each; with F.svg or F.png, draw it too
    #[arg(long, value_name = "F")]
    pub(super) confusion_matrix: Option<Option<PlotFile>>,

    /// Draw the true positive rate over the false one, a curve a class with its area: F.svg or F.png
    #[arg(long, value_name = "F")]
    pub(super) roc: Option<PlotFile>,

    /// Draw precision over recall, a curve a class with its average precision: F.svg or F.png
    #[arg(long, value_name = "F")]
    pub(super) precision_recall: Option<PlotFile>,

    /// Draw how often the model is right over how sure it is: F.svg or F.png
    #[arg(long, value_name = "F")]
    pub(super) reliability: Option<PlotFile>,

    /// Print precision, recall and F1 of each class
    #[arg(long)]
    pub(super) per_class: bool,

    /// Metrics with commas between, each with its settings: M[,key=value…] [default: accuracy for classes, none for values]
    #[arg(long, value_name = "M,…", long_help = metrics_help())]
    pub(super) metrics: Option<MetricList>,

    /// Add the share of samples whose class is among the N largest outputs
    #[arg(long, value_name = "N")]
    pub(super) top_k: Option<usize>,

    /// Where to compute: host, qemu or qemu:BOARD, whose outputs are compared with the host's bit for bit
    #[arg(long, value_name = "PLACE", default_value = "host")]
    pub(super) on: Place,

    /// Form of int8 kernels in the device's firmware [default: the one that is faster there]; the outputs do not depend on it
    #[arg(long, value_name = "FORM")]
    pub(super) kernel: Option<Kernel>,

    /// Average the outputs for N copies of each sample: itself and N − 1 distorted ones
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) poll: Option<u32>,

    /// Distort the copies of a poll by this [default: rotation=5,translation=1]
    #[arg(long, value_name = "LIST", long_help = AUGMENT, requires = "poll")]
    pub(super) augment: Option<AugmentList>,

    /// Use the first N samples only
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<usize>,

    /// End with exit code 4 if a value is below a threshold, such as accuracy=0.97
    #[arg(long, value_name = "NAME=X")]
    pub(super) fail_under: Option<Goal>,
}

#[derive(Args, Debug)]
pub(super) struct Plot {
    /// A history that `nn train` has written (.json, or .csv by --csv-log), or a model file, of which a layer's weights are drawn
    #[arg(value_name = "FILE")]
    pub(super) input: PathBuf,

    /// Where to write the plot: F.svg or F.png
    #[arg(short, long, value_name = "F")]
    pub(super) output: PlotFile,

    /// Which layer of the model, counted from 0 [default: 0]
    #[arg(long, value_name = "N")]
    pub(super) layer: Option<usize>,

    /// Rows and columns of a unit's image, such as 28x28 [default: the shape nearest to a square]
    #[arg(long, value_name = "RxC")]
    pub(super) shape: Option<Shape>,

    /// Draw the first N units only [default: 25]
    #[arg(long, value_name = "N")]
    pub(super) units: Option<usize>,
}

fn instruction_set(name: &str) -> Result<InstructionSet, String> {
    let unknown = || {
        let names: Vec<_> = InstructionSet::all().into_iter().map(InstructionSet::name).collect();
        format!("this machine has {}", names.join(", "))
    };
    InstructionSet::named(name).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn arguments_name_only_what_their_command_has() {
        Arguments::command().debug_assert();
    }
}
