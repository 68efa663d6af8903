//! `nn predict`: a model's answers, one line a sample.

use std::path::PathBuf;

use clap::Args;
use nn_host::config::AugmentList;
use nn_host::metric::argmax;
use nn_host::model::{Model, check_writable};
use serde_json::{Map, Value, json};

use super::arguments::Global;
use super::data_arguments::{DATA, ReadArguments};
use super::failure::Failure;
use super::long_help::AUGMENT;
use super::output::{Output, number};
use super::predictions::{self, Content, check_suffix};
use super::{data, poll};

#[derive(Args, Debug)]
pub(super) struct Predict {
    /// Model file
    pub(super) model: PathBuf,

    /// Data to predict
    #[arg(value_name = "DATA", long_help = DATA)]
    pub(super) data: String,

    #[command(flatten)]
    pub(super) read_arguments: ReadArguments,

    /// Print all outputs of each sample instead of its class
    #[arg(long)]
    pub(super) proba: bool,

    /// Print the outputs of this layer instead, counted from 0
    #[arg(long, value_name = "N", conflicts_with = "poll")]
    pub(super) layer: Option<usize>,

    /// Average the outputs for N copies of each sample: itself and N − 1 distorted ones
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) poll: Option<u32>,

    /// Distort the copies of a poll by this [default: rotation=5,translation=1]
    #[arg(long, value_name = "LIST", long_help = AUGMENT, requires = "poll")]
    pub(super) augment: Option<AugmentList>,

    /// Where to write the predictions instead of printing them: .csv, or .npy with classes as numbers
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// Use the first N samples only
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<usize>,
}

pub(super) fn run(command: &Predict, global: &Global, output: &Output) -> Result<(), Failure> {
    let model = Model::load(&command.model)?;
    if let Some(path) = &command.output {
        check_suffix(path)?;
        check_writable(path)?;
    }
    let (arguments, table) = (&command.read_arguments, model.preprocessing());
    let data = data::Reading { arguments, options: arguments.options(), table, limit: command.limit }
        .unlabeled(&command.data)?;
    let outputs = match command.layer {
        Some(layer) => model.layer_outputs(&data, layer)?,
        None => poll::outputs(&model, &data, command.poll, command.augment.as_ref(), global.seed())?,
    };
    let samples = outputs.as_slice().chunks_exact(outputs.nrows().max(1));
    let class = |a: &[f32]| {
        let class = argmax(a);
        model.labels().get(class).cloned().unwrap_or_else(|| class.to_string())
    };
    let all = |a: &[f32]| a.iter().map(f32::to_string).collect::<Vec<_>>().join(",");
    // A model without labels answers with values.
    let values = command.proba || command.layer.is_some() || model.labels().is_empty();
    if let Some(path) = &command.output {
        let content = if values { Content::Outputs } else { Content::Classes };
        predictions::write(path, &model, &outputs, content)?;
        let (path, count) = (path.display().to_string(), outputs.ncols());
        return output
            .result(|| format!("{path}: {count} predictions\n"), || json!({"output": path, "samples": count}));
    }
    output.result(
        || samples.clone().map(|a| if values { all(a) } else { class(a) } + "\n").collect(),
        || {
            let mut json = Map::new();
            if !model.labels().is_empty() {
                json.insert("classes".to_owned(), json!(samples.clone().map(class).collect::<Vec<_>>()));
            }
            if values {
                json.insert(
                    "outputs".to_owned(),
                    json!(samples.clone().map(|a| a.iter().copied().map(number).collect()).collect::<Vec<Value>>()),
                );
            }
            json.into()
        },
    )
}
