//! `nn train`: data to a model file and its history.

use std::path::Path;

use nn_core::activation::AnyActivation;
use nn_core::loss::AnyLoss;
use nn_core::optimizer::AnyOptimizer;
use nn_host::data::{Dataset, Targets};
use nn_host::metric::Metric;
use nn_host::model::{Model, Sequential, write_whole};
use nn_host::prelude::{CategoricalCrossentropy, Identity, MeanSquaredError, Softmax};
use nn_host::train::{EpochRecord, FitOptions, History, Validation};
use serde_json::{Map, Value, json};

use super::arguments::{Global, Train};
use super::failure::Failure;
use super::output::Output;
use super::progress::TrainingProgress;
use super::specification::{Goal, HiddenLayer};
use super::{data, interrupt, table};

pub(super) fn run(command: &Train, global: &Global, output: &Output) -> Result<(), Failure> {
    let (training, test) = data::training(&command.data)?;
    let validation = match &command.validation_data {
        Some(name) => Some(data::test(name, None)?),
        None => test,
    };
    let mut model = model(command, global.seed, &training)?;
    let options = FitOptions {
        epochs: command.epochs,
        batch_size: command.batch_size,
        validation: validation.as_ref().map_or(Validation::None, Validation::Data),
        shuffle: !command.no_shuffle,
        ..FitOptions::default()
    };
    let trained = fit(&mut model, &training, options, &command.output, output)?;
    output.result(|| text(&model, &trained, &command.output), || trained.json.clone())?;
    match &command.fail_under {
        Some(goal) => check(goal, trained.history.epochs.last().into_iter().flat_map(EpochRecord::named)),
        None => Ok(()),
    }
}

/// What a training has brought besides the model.
pub(super) struct Trained {
    pub(super) history: History,
    json: Value,
}

/// Fits the model, showing progress, and writes it and its history; an interrupted one too.
pub(super) fn fit(
    model: &mut Model,
    training: &Dataset,
    options: FitOptions<'_>,
    path: &Path,
    output: &Output,
) -> Result<Trained, Failure> {
    check_folder(path)?;
    interrupt::watch();
    let mut progress = TrainingProgress::new(output, options.epochs, training.len());
    let history = model.fit(training, FitOptions { observer: Some(&mut progress), ..options })?;
    let seconds = core::mem::take(&mut progress.seconds);
    drop(progress);
    model.save(path)?;
    let json = json(model, &history, &seconds, path);
    write_whole(&path.with_extension("history.json"), format!("{json:#}\n").as_bytes())?;
    if history.interrupted {
        let epochs = history.epochs.len();
        let message = format!("interrupted after {epochs} whole epochs; the model so far is in {}", path.display());
        return Err(Failure::interrupted(message));
    }
    Ok(Trained { history, json })
}

/// Refuses a path that cannot be written before hours of training are lost to it.
fn check_folder(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() {
        return Err(Failure::usage(format!("cannot write {}: it is a folder", path.display())));
    }
    if folder.is_dir() {
        return Ok(());
    }
    Err(Failure::usage(format!("cannot write {}: there is no folder {}", path.display(), folder.display())))
}

/// Ends with exit code 4 if a value is below its threshold.
pub(super) fn check(goal: &Goal, mut values: impl Iterator<Item = (String, f32)>) -> Result<(), Failure> {
    let Goal { name, least } = goal;
    match values.find(|(other, _)| other == name) {
        Some((_, value)) if value >= *least => Ok(()),
        Some((_, value)) => Err(Failure::threshold(format!("{name} is {value}, at least {least} was asked for"))),
        None => Err(Failure::usage(format!("--fail-under {name}: there is no such value here"))),
    }
}

/// The model that the arguments ask for.
fn model(command: &Train, seed: u64, data: &Dataset) -> Result<Model, Failure> {
    let is_classes = matches!(data.targets(), Targets::Classes { .. });
    let (activation, loss): (AnyActivation, AnyLoss) = if is_classes {
        (Softmax.into(), CategoricalCrossentropy.into())
    } else {
        (Identity.into(), MeanSquaredError.into())
    };
    let activation = command.output_activation.map_or(activation, |name| name.0);
    let loss = command.loss.map_or(loss, |name| name.0);
    let optimizer = optimizer(command)?;
    let layers = command.layers.0.iter().fold(Sequential::new(data.inputs()), |model, &layer| match layer {
        HiddenLayer::Dense { units, activation } => model.dense(units, activation),
        HiddenLayer::Dropout { rate } => model.dropout(rate),
    });
    let metrics = if is_classes { Metric::ALL } else { &[] };
    let layers = layers.dense(data.outputs(), activation).seed(seed);
    Ok(layers.compile(loss, optimizer, metrics.iter().copied())?)
}

fn optimizer(command: &Train) -> Result<AnyOptimizer, Failure> {
    let optimizer = command.optimizer.0;
    let Some(learning_rate) = command.learning_rate else { return Ok(optimizer) };
    optimizer.with("learning_rate", learning_rate).map_err(|error| Failure::usage(format!("--learning-rate: {error}")))
}

fn text(model: &Model, trained: &Trained, path: &Path) -> String {
    let parameters = table::grouped(model.summary().parameters());
    let mut text = format!("{}: {parameters} parameters", path.display());
    if let Some(last) = trained.history.epochs.last() {
        for (name, value) in last.named() {
            text.push_str(&format!(", {name} {value:.4}"));
        }
    }
    text.push('\n');
    text
}

fn json(model: &Model, history: &History, seconds: &[f64], path: &Path) -> Value {
    let epochs = history.epochs.iter().zip(seconds).map(|(record, &seconds)| {
        let mut epoch = Map::new();
        epoch.insert("epoch".to_owned(), json!(record.epoch + 1));
        epoch.extend(record.named().map(|(name, value)| (name, json!(value))));
        epoch.insert("learning_rate".to_owned(), json!(record.learning_rate));
        epoch.insert("seconds".to_owned(), json!(seconds));
        Value::Object(epoch)
    });
    json!({
        "model": path,
        "parameters": model.summary().parameters(),
        "epochs": epochs.collect::<Vec<_>>(),
        "weights_sha256": hexadecimal(&model.weights_sha256()),
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
