//! The command line: arguments to library calls, results to standard output, everything else to standard error.

mod arguments;
mod callbacks;
mod configuration;
mod data;
mod data_arguments;
mod demo;
mod evaluate;
mod export;
mod failure;
mod firmware;
mod import;
mod interrupt;
mod long_help;
mod lr_find;
mod model;
mod output;
mod plot;
mod poll;
mod predict;
mod predictions;
mod progress;
mod quantize;
mod run_arguments;
mod specification;
mod summary;
mod table;
mod train;
mod training_data;
mod tune;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use failure::Failure;
use output::Output;

/// Runs the command that the arguments ask for.
pub(crate) fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors, and clap knows which stream each goes to.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let output = Output::new(&arguments.global);
    match execute(arguments, &output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn execute(arguments: Arguments, output: &Output) -> Result<(), Failure> {
    let global = arguments.global;
    rayon::ThreadPoolBuilder::new()
        .num_threads(global.threads.map_or(0, usize::from)) // 0 means all
        .build_global()
        .map_err(|error| Failure::new(1, error))?;
    match arguments.command {
        Command::Train(command) => train::run(&command, &global, output),
        Command::Tune(command) => tune::run(&command, &global, output),
        Command::LrFind(command) => lr_find::run(&command, &global, output),
        Command::Evaluate(command) => evaluate::run(&command, &global, output),
        Command::Predict(command) => predict::run(&command, &global, output),
        Command::Summary(command) => summary::run(&command, output),
        Command::Quantize(command) => quantize::run(&command, &global, output),
        Command::Import(command) => import::run(&command, output),
        Command::Export(command) => export::run(&command, output),
        Command::Plot(command) => plot::run(&command, output),
        Command::Firmware(command) => firmware::run(&command, output),
        Command::Demo(command) => demo::run(&command, &global, output),
    }
}
