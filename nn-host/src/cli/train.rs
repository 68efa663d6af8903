//! `nn train`: data to a model file and its history.

use std::path::Path;

use nn_core::activation::AnyActivation;
use nn_core::loss::AnyLoss;
use nn_host::data::{Dataset, Targets};
use nn_host::model::{Model, Sequential, check_writable, write_whole};
use nn_host::optimizer::Optimizer;
use nn_host::plot::{self, TrainingCurves};
use nn_host::prelude::{Accuracy, Adam, CategoricalCrossentropy, Identity, MeanSquaredError, Softmax};
use nn_host::train::{Ending, EpochRecord, FitOptions, History, Validation};
use serde_json::{Map, Value, json};

use super::arguments::{Global, Train};
use super::failure::Failure;
use super::output::{Output, number};
use super::plot::PlotFile;
use super::progress::TrainingProgress;
use super::second_order::{Method, SecondOrder};
use super::specification::{Goal, HiddenLayer};
use super::{data, interrupt, table};

pub(super) fn run(command: &Train, global: &Global, output: &Output) -> Result<(), Failure> {
    let (training, test) = data::training(&command.data, &command.data_arguments, global.seed)?;
    let validation = match &command.validation_data {
        Some(name) => {
            let (arguments, table) = (&command.data_arguments.read, training.preprocessing().map(AsRef::as_ref));
            Some(data::Reading { arguments, table, limit: None }.test(name)?)
        }
        None => test,
    };
    let mut model = model(command, global.seed, &training)?;
    command.plot.iter().try_for_each(PlotFile::check)?;
    if let Some(goal) = &command.fail_under {
        check_name(goal, &model, validation.is_some())?;
    }
    let usual = FitOptions::default();
    let options = FitOptions {
        epochs: command.epochs,
        batch_size: command.batch_size.unwrap_or(usual.batch_size),
        validation: validation.as_ref().map_or(Validation::None, Validation::Data),
        shuffle: !command.no_shuffle,
        augment: command.augment.as_ref().map(|list| &list.0),
        ..usual
    };
    let trained = fit((&mut model, command.optimizer.second_order()), &training, options, &command.output, output)?;
    if let Some(file) = &command.plot {
        file.write(plot::history(&TrainingCurves::from(&trained.history)))?;
    }
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
    (model, solver): (&mut Model, Option<&SecondOrder>),
    training: &Dataset,
    options: FitOptions<'_>,
    path: &Path,
    output: &Output,
) -> Result<Trained, Failure> {
    let history_path = path.with_extension("history.json");
    check_writable(path)?;
    check_writable(&history_path)?;
    interrupt::watch();
    let mut progress = TrainingProgress::new(output, options.epochs, training.len());
    let mut options = options;
    options.callbacks.push(Box::new(&mut progress));
    let history = match solver {
        Some(solver) => solver.fit(model, training, options)?,
        None => model.fit(training, options)?,
    };
    let seconds = core::mem::take(&mut progress.seconds);
    drop(progress);
    let is_interrupted = history.ending == Ending::Interrupted;
    if is_interrupted && history.epochs.is_empty() {
        return Err(Failure::interrupted("interrupted within the first epoch; nothing was written".to_owned()));
    }
    model.save(path)?;
    let json = json(model, &history, &seconds, path);
    write_whole(&history_path, format!("{json:#}\n").as_bytes())?;
    if is_interrupted {
        let epochs = history.epochs.len();
        let message = format!("interrupted; the model after {epochs} epochs is in {}", path.display());
        return Err(Failure::interrupted(message));
    }
    Ok(Trained { history, json })
}

/// Refuses a threshold of a value that the training will not have, before the training.
fn check_name(goal: &Goal, model: &Model, is_validated: bool) -> Result<(), Failure> {
    let (is_of_validation, name) = goal.name.strip_prefix("val_").map_or((false, &*goal.name), |name| (true, name));
    let is_known = name == "loss" || model.metrics().iter().any(|metric| metric.name() == name);
    if is_known && (is_validated || !is_of_validation) {
        return Ok(());
    }
    let names: Vec<_> = model.metrics().iter().map(|metric| format!(", {metric}")).collect();
    let names = names.concat();
    Err(Failure::usage(format!("--fail-under {}: there is no such value here; there is loss{names}", goal.name)))
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
    let loss = command.loss.map_or(loss, |chosen| chosen.0);
    let activation = if loss.is_from_logits() { Identity.into() } else { activation };
    let activation = command.output_activation.map_or(activation, |chosen| chosen.0);
    let optimizer = optimizer(command)?;
    let layers = command.layers.0.iter().fold(Sequential::new(data.inputs()), |model, &layer| match layer {
        HiddenLayer::Dense { units, activation } => model.dense(units, activation),
        HiddenLayer::Dropout { rate } => model.dropout(rate),
    });
    let usual = if is_classes { vec![Accuracy.into()] } else { Vec::new() };
    let metrics = command.metrics.as_ref().map_or(usual, |metrics| metrics.0.clone());
    let layers = layers.dense(data.outputs(), activation).kernel_initializer(command.kernel_initializer.0).seed(seed);
    Ok(layers.compile(loss, optimizer, metrics)?)
}

fn optimizer(command: &Train) -> Result<Optimizer, Failure> {
    let optimizer = match &command.optimizer {
        Method::Optimizer(settings) => settings.0.clone(),
        Method::SecondOrder(solver) => {
            check_unused(command, solver)?;
            // The model has one, in case that it is trained on in batches.
            Adam::default().into()
        }
    };
    let Some(learning_rate) = command.learning_rate else { return Ok(optimizer) };
    optimizer.with("learning_rate", learning_rate).map_err(|error| Failure::usage(format!("--learning-rate: {error}")))
}

/// Refuses arguments that a solver, which takes all samples at once, has no use for.
fn check_unused(command: &Train, solver: &SecondOrder) -> Result<(), Failure> {
    let given = [
        ("--batch-size", command.batch_size.is_some()),
        ("--learning-rate", command.learning_rate.is_some()),
        ("--no-shuffle", command.no_shuffle),
        ("--augment", command.augment.is_some()),
    ];
    match given.into_iter().find(|(_, is_given)| *is_given) {
        Some((name, _)) => {
            let message = format!("{name} has no meaning for {}, which takes all samples at once", solver.name());
            Err(Failure::usage(message))
        }
        None => Ok(()),
    }
}

fn text(model: &Model, trained: &Trained, path: &Path) -> String {
    let parameters = table::grouped(model.parameters());
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
        epoch.extend(record.named().map(|(name, value)| (name, number(value))));
        epoch.insert("learning_rate".to_owned(), number(record.learning_rate));
        epoch.insert("seconds".to_owned(), json!(seconds));
        Value::Object(epoch)
    });
    json!({
        "model": path.display().to_string(),
        "parameters": model.parameters(),
        "epochs": epochs.collect::<Vec<_>>(),
        "weights_sha256": hexadecimal(&model.weights_sha256()),
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
