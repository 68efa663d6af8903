//! `nn import`: a model of another program's file.

use std::path::PathBuf;

use clap::Args;
use nn_core::format::{Encoding, Scaling};
use nn_host::exchange::{ImportOptions, import};
use nn_host::model::{Model, check_writable};
use serde_json::json;

use super::failure::Failure;
use super::output::Output;
use super::quantize::RoundingArgument;
use super::table;

/// What can be imported.
const FORMATS: &str = "\
.tflite: dense graphs of floats or of int8 (FULLY_CONNECTED per tensor or per channel, activations, SOFTMAX, QUANTIZE and
DEQUANTIZE, RESHAPE, and sums and products of floats with constants). A network of int8 gives the bytes of TensorFlow Lite
Micro's interpreter, or of LiteRT's reference operators. Where it takes or gives int8, conversions are put at its ends, so
that the model takes and gives floats.

The loss, which such files do not have, follows from the last activation: categorical_crossentropy behind softmax,
binary_crossentropy behind sigmoid, else mean_squared_error.";

#[derive(Args, Debug)]
#[command(after_help = FORMATS)]
pub(super) struct Import {
    /// The file: .tflite
    #[arg(value_name = "F")]
    pub(super) input: PathBuf,

    /// Where to write the model
    #[arg(short, long, value_name = "FILE", default_value = "model.nn")]
    pub(super) output: PathBuf,

    /// Whose bytes a network of int8 gives: TensorFlow Lite Micro's or those of LiteRT's reference
    #[arg(long, value_name = "NAME", default_value = "tflm")]
    pub(super) rounding: RoundingArgument,

    /// The names of the classes with commas between [default: 0,1,… behind softmax, none elsewhere]
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub(super) labels: Vec<String>,

    /// The inputs are bytes, such as pixels, that are divided by N: 255 for a network that was trained on 0 … 1
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "255", value_parser = divisor)]
    pub(super) byte_inputs: Option<f32>,
}

impl Import {
    fn options(&self) -> ImportOptions {
        let of_bytes = |divisor| Scaling { encoding: Encoding::U8, scale: 1.0 / divisor, ..Scaling::NONE };
        ImportOptions {
            rounding: self.rounding.into(),
            scaling: self.byte_inputs.map_or(Scaling::NONE, of_bytes),
            labels: self.labels.clone(),
        }
    }
}

fn divisor(text: &str) -> Result<f32, String> {
    let divisor = text.parse().ok().filter(|divisor: &f32| divisor.is_normal() && *divisor > 0.0);
    divisor.ok_or_else(|| "it must be a number above 0".to_owned())
}

pub(super) fn run(command: &Import, output: &Output) -> Result<(), Failure> {
    check_writable(&command.output)?;
    let model = import(&command.input, &command.options())?;
    model.save(&command.output)?;
    // What the file holds, as every other command will see it.
    let summary = Model::load(&command.output)?.summary();
    let path = command.output.display();
    output.result(
        || format!("{}{path}: {} bytes\n", table::summary(&summary), table::grouped(summary.flash_bytes)),
        || {
            json!({
                "model": path.to_string(),
                "inputs": summary.inputs,
                "layers": summary.rows.len(),
                "parameters": summary.parameters(),
                "flash_bytes": summary.flash_bytes,
            })
        },
    )
}
