//! `nn export`: a model as a file for other programs.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use nn_host::exchange::{ExportOptions, Format, export};
use nn_host::model::Model;
use serde_json::json;

use super::failure::Failure;
use super::output::Output;
use super::table;

/// What can be exported.
const FORMATS: &str = "\
.tflite, for TensorFlow Lite, TensorFlow Lite Micro and LiteRT: dense layers and activations of floats, of which
normalizations and one factor for all inputs are folded into the weights, or of int8 as `nn quantize` makes them. The file
takes what `nn predict` takes, raw values of bytes as floats, and gives what it gives.";

#[derive(Args, Debug)]
#[command(after_help = FORMATS)]
pub(super) struct Export {
    /// Model file
    pub(super) model: PathBuf,

    /// Where to write it, the suffix says in which format: F.tflite
    #[arg(short, long, value_name = "F")]
    pub(super) output: PathBuf,

    /// Let a network of int8 take and give int8, without QUANTIZE and DEQUANTIZE at its ends
    #[arg(long)]
    pub(super) int8_io: bool,
}

pub(super) fn run(command: &Export, output: &Output) -> Result<(), Failure> {
    let format = Format::of(&command.output).map_err(|error| Failure::usage(error.to_string()))?;
    let model = Model::load(&command.model)?;
    export(&model, &command.output, &ExportOptions { int8_io: command.int8_io })?;
    let bytes = fs::metadata(&command.output)?.len();
    let path = command.output.display();
    output.result(
        || format!("{path}: {} bytes\n", table::grouped(usize::try_from(bytes).unwrap_or(usize::MAX))),
        || json!({"output": path.to_string(), "format": format.suffix(), "bytes": bytes}),
    )
}
