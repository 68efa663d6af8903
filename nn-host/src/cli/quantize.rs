//! `nn quantize`: a model of bytes from one of floats, with what that costs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use nn_core::int8::Rounding;
use nn_host::config::{QuantizeConfig, Size};
use nn_host::metric::Scores;
use nn_host::model::{Model, check_writable};
use nn_host::quantize::{Calibration, Granularity, LayerReport, Report, WeightWidth};
use serde_json::{Map, Value, json};

use super::arguments::Global;
use super::data_arguments::{DATA, ReadArguments};
use super::failure::Failure;
use super::output::{Output, number};
use super::specification::Kernel;
use super::{configuration, data, table};

/// What the columns of the report are.
const REPORT: &str = "\
The report has a line a layer: the numbers that its bytes can stand for and their distance; SQNR, signal to
quantization noise of its outputs behind all layers of bytes before it; the share of the float layer's outputs that are
beyond the range; and what the loss of the float model gains if this layer alone is of bytes, with its share in what
all layers gain. Softmax in bytes has steps of 1/256, so a loss that takes logarithms grows with it, accuracy hardly.";

#[derive(Args, Debug)]
#[command(after_help = REPORT)]
pub(super) struct Quantize {
    /// Model file
    pub(super) model: PathBuf,

    /// Data that shows what values the layers have, the training part if there are two; or a configuration
    #[arg(long, value_name = "DATA|CONFIG.toml", long_help = data_or_config())]
    pub(super) calibration_data: String,

    /// Data to compare the models on [default: the calibration data, the test part if there are two]
    #[arg(long, value_name = "DATA")]
    pub(super) validation_data: Option<String>,

    #[command(flatten)]
    pub(super) read_arguments: ReadArguments,

    /// Where to write the model of bytes
    #[arg(short, long, value_name = "FILE", default_value = "int8.nn")]
    pub(super) output: PathBuf,

    /// Bits of a weight: int8, or int4, of which two stand in a byte; --bias-correction then makes up for most of what is
    /// lost [default: what the weights were trained for, else int8]
    #[arg(long, value_name = "WIDTH")]
    pub(super) weights: Option<WeightWidth>,

    /// Choose 8 or 4 bits for the weights of each layer, so that the file has at most so many bytes (200000, 48KB, 1MB; a
    /// KB has 1,024) and the calibration data the least loss; end with exit code 4, and write nothing, if none is so small
    #[arg(long, value_name = "SIZE", conflicts_with = "weights")]
    pub(super) flash_budget: Option<Size>,

    /// A scale for the weights of each output; the default
    #[arg(long, conflicts_with = "per_tensor")]
    pub(super) per_channel: bool,

    /// One scale for all weights of a layer
    #[arg(long)]
    pub(super) per_tensor: bool,

    /// How a range follows from the values, where none has been learned: min-max, percentile[=99.99], kl or mse [default:
    /// min-max]
    #[arg(long, value_name = "METHOD")]
    pub(super) calibration: Option<Calibration>,

    /// Whose bytes are computed: TensorFlow Lite Micro's or those of LiteRT's reference [default: tflm]
    #[arg(long, value_name = "NAME")]
    pub(super) rounding: Option<RoundingArgument>,

    /// Let biases make up for what the rounding of weights does to the mean of each output
    #[arg(long)]
    pub(super) bias_correction: bool,

    /// Form of the kernels in the file, for programs of your own; firmware of this project takes either [default: plain]
    #[arg(long, value_name = "FORM", conflicts_with = "flash_budget")]
    pub(super) kernel: Option<Kernel>,

    /// End with exit code 4, and write nothing, if the accuracy falls by more than this many points of 100
    #[arg(long, value_name = "POINTS")]
    pub(super) max_drop: Option<f32>,

    /// Calibrate with the first N samples only
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<usize>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum RoundingArgument {
    Tflm,
    Litert,
}

impl From<RoundingArgument> for Rounding {
    fn from(argument: RoundingArgument) -> Self {
        match argument {
            RoundingArgument::Tflm => Self::Tflm,
            RoundingArgument::Litert => Self::Litert,
        }
    }
}

/// What the calibration data can be.
fn data_or_config() -> String {
    format!(
        "{DATA}. CONFIG.toml is a configuration: its table [quantize] says what these options say, under their names \
         (granularity is \"per-channel\" or \"per-tensor\"), and [data] how a table is read; an argument that is given here \
         counts more. Without quantize.calibration_data the data is what is trained on, data.path"
    )
}

impl Quantize {
    /// Puts what is given into a configuration.
    fn apply(&self, config: &mut QuantizeConfig) {
        if self.validation_data.is_some() {
            config.validation_data.clone_from(&self.validation_data);
        }
        config.limit = self.limit.or(config.limit);
        if self.weights.is_some() || self.flash_budget.is_some() {
            (config.weights, config.flash_budget) = (self.weights, self.flash_budget.map(|Size(bytes)| bytes));
        }
        config.granularity = match (self.per_channel, self.per_tensor) {
            (true, _) => Granularity::Channel,
            (_, true) => Granularity::Tensor,
            _ => config.granularity,
        };
        config.calibration = self.calibration.unwrap_or(config.calibration);
        config.rounding = self.rounding.map_or(config.rounding, Into::into);
        config.bias_correction |= self.bias_correction;
        config.kernel = self.kernel.map_or(config.kernel, Into::into);
        config.max_drop = self.max_drop.or(config.max_drop);
    }
}

pub(super) fn run(command: &Quantize, global: &Global, output: &Output) -> Result<(), Failure> {
    check_writable(&command.output)?;
    let mut config = configuration::of(&command.calibration_data, global)?;
    command.apply(&mut config.quantize);
    let settings = &config.quantize;
    if let Some(key) = settings.excluded_by_budget() {
        let message = format!("a budget chooses the bits of plain kernels itself: it cannot go with {key}");
        return Err(Failure::usage(message));
    }
    let model = Model::load(&command.model)?;
    let reading = data::Reading {
        arguments: &command.read_arguments,
        options: data::reading_of(&config, &command.read_arguments),
        table: model.preprocessing(),
        limit: None,
    };
    let calibration_data = settings.calibration_data.as_deref().map_or_else(|| data::name(&config), Ok)?;
    let validation_data = settings.validation_data.as_deref().unwrap_or(calibration_data);
    let calibration = data::Reading { limit: settings.limit, ..reading.clone() }.training_part(calibration_data)?;
    let validation = reading.test(validation_data)?;

    let options = settings.options(model.weight_width());
    let quantized = match settings.flash_budget {
        Some(flash_bytes) => model.quantize_within(&calibration, &options, flash_bytes)?,
        None => model.quantize(&calibration, &options)?,
    };
    let stored = quantized.model().clone().with_kernel_form(settings.kernel);
    let comparison = Comparison {
        float: model.evaluate(&validation)?,
        int8: quantized.model().evaluate(&validation)?,
        bytes: [&model, &stored].map(|model| model.summary().flash_bytes),
        report: quantized.report(&validation)?,
        calibration: settings.calibration,
    };
    comparison.check(settings.max_drop)?;
    stored.save(&command.output)?;
    output.result(|| comparison.text(command), || comparison.json(command))
}

/// Both models beside each other.
struct Comparison {
    float: Scores,
    int8: Scores,
    /// Of the files
    bytes: [usize; 2],
    report: Report,
    /// How the ranges follow from the values
    calibration: Calibration,
}

impl Comparison {
    /// Refuses a model that is too far from what it came from.
    fn check(&self, max_drop: Option<f32>) -> Result<(), Failure> {
        let Some(most) = max_drop else { return Ok(()) };
        let (Some(float), Some(int8)) = (self.float.get("accuracy"), self.int8.get("accuracy")) else {
            return Err(Failure::usage("--max-drop is for models of classes, which have an accuracy".to_owned()));
        };
        let drop = 100.0 * (float - int8);
        if drop <= most {
            return Ok(());
        }
        let worst = self.report.layers.iter().max_by(|a, b| a.loss.total_cmp(&b.loss));
        let worst = worst.map(|layer| format!("; most of the loss comes from {}", layer.name)).unwrap_or_default();
        Err(Failure::threshold(format!(
            "accuracy falls from {float:.4} to {int8:.4}, by {drop:.2} points, {most} are allowed; nothing was \
             written{worst}"
        )))
    }

    fn text(&self, command: &Quantize) -> String {
        let scores = self.float.named().zip(self.int8.named());
        let scores =
            scores.map(|((name, float), (_, int8))| [name.to_owned(), four(float), four(int8), four(int8 - float)]);
        let layers = self.report.layers.iter().map(row);
        let [float, int8] = self.bytes.map(table::grouped);
        format!(
            "{}{}{}: {int8} bytes ({float} in floats)\n",
            table::named(["", "float", "int8", "difference"], scores),
            table::layers(
                ["Layer", "Type", "Range", "Scale", "Zero point", "SQNR", "Clipped", "Loss alone", "Share"],
                layers
            ),
            command.output.display(),
        )
    }

    fn json(&self, command: &Quantize) -> Value {
        let layers: Vec<Value> = self.report.layers.iter().map(layer_json).collect();
        let [float_bytes, int8_bytes] = self.bytes;
        json!({
            "model": command.output.display().to_string(),
            "calibration": self.calibration.to_string(),
            "float": scores_json(&self.float, float_bytes),
            "int8": scores_json(&self.int8, int8_bytes),
            "layers": layers,
        })
    }
}

fn four(value: f32) -> String {
    format!("{value:.4}")
}

fn row(layer: &LayerReport) -> [String; 9] {
    let range = layer.range;
    [
        layer.name.clone(),
        layer.kind.clone(),
        format!("{:.4} … {:.4}", range.low, range.high),
        format!("{:.6}", layer.quantization.scale()),
        layer.quantization.zero_point().to_string(),
        if layer.sqnr.is_finite() { format!("{:.1} dB", layer.sqnr) } else { "exact".to_owned() },
        format!("{:.3} %", 100.0 * layer.clipped),
        format!("{:+.5}", layer.loss),
        format!("{:.1} %", 100.0 * layer.loss_share),
    ]
}

fn scores_json(scores: &Scores, flash_bytes: usize) -> Value {
    let mut json: Map<_, _> = scores.named().map(|(name, value)| (name.to_owned(), number(value))).collect();
    json.insert("flash_bytes".to_owned(), json!(flash_bytes));
    json.into()
}

fn layer_json(layer: &LayerReport) -> Value {
    json!({
        "name": layer.name,
        "type": layer.kind,
        "range": [number(layer.range.low), number(layer.range.high)],
        "scale": number(layer.quantization.scale()),
        "zero_point": layer.quantization.zero_point(),
        "sqnr_db": number(layer.sqnr),
        "clipped": number(layer.clipped),
        "loss": number(layer.loss),
        "loss_share": number(layer.loss_share),
    })
}
