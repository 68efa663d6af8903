//! `nn train`: data to a model file and its history.

use std::path::Path;

use nn_host::data::Dataset;
use nn_host::model::{Model, check_writable, hexadecimal, write_whole};
use nn_host::plot::{self, TrainingCurves};
use nn_host::schedule::Schedule;
use nn_host::train::{Ending, EpochRecord, FitOptions, History, Validation};
use serde_json::{Value, json};

use super::arguments::{Global, Train};
use super::failure::Failure;
use super::output::Output;
use super::plot::PlotFile;
use super::progress::TrainingProgress;
use super::second_order::SecondOrder;
use super::specification::Goal;
use super::{data, interrupt, table};

pub(super) fn run(command: &Train, global: &Global, output: &Output) -> Result<(), Failure> {
    let (training, test) = data::training(&command.data, &command.data_arguments, global.seed)?;
    if command.validation_data.is_some() && command.data_arguments.validation_split.is_some() {
        return Err(Failure::usage("--validation-data and --validation-split: there can be one of them".to_owned()));
    }
    let validation = match &command.validation_data {
        Some(name) => {
            let (arguments, table) = (&command.data_arguments.read, training.preprocessing().map(AsRef::as_ref));
            Some(data::Reading { arguments, table, limit: None }.test(name)?)
        }
        None => test,
    };
    let metrics = command.metrics.as_ref().map(|metrics| metrics.0.clone());
    let mut model = command.model.model((command.learning_rate, metrics), global.seed, &training)?;
    command.plot.iter().try_for_each(PlotFile::check)?;
    for (option, name) in command.callbacks.monitored().chain(command.fail_under.iter().map(Goal::watched)) {
        check_name(option, name, &model, validation.is_some())?;
    }
    let solver = command.model.solver();
    if let Some(solver) = solver {
        check_unused(command, solver)?;
    }
    command.run.initialize(&mut model)?;
    let mut callbacks = command.callbacks.callbacks();
    callbacks.extend(command.run.callbacks());
    let options = FitOptions {
        validation: validation.as_ref().map_or(Validation::None, Validation::Data),
        augment: command.augment.as_ref().map(|list| &list.0),
        schedule: command.callbacks.schedule(),
        callbacks,
        ..command.run.options()
    };
    let trained = fit((&mut model, solver), &training, options, &command.output, output)?;
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

/// Refuses the name of a value that the training will not have, before the training.
fn check_name(option: &str, name: &str, model: &Model, is_validated: bool) -> Result<(), Failure> {
    let (is_of_validation, base) = name.strip_prefix("val_").map_or((false, name), |base| (true, base));
    let is_known = base == "loss" || model.metrics().iter().any(|metric| metric.name() == base);
    if is_known && (is_validated || !is_of_validation) {
        return Ok(());
    }
    let names: Vec<_> = model.metrics().iter().map(|metric| format!(", {metric}")).collect();
    Err(Failure::usage(format!("{option} {name}: there is no such value here; there is loss{}", names.concat())))
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

/// Refuses arguments that a solver, which takes all samples at once, has no use for.
fn check_unused(command: &Train, solver: &SecondOrder) -> Result<(), Failure> {
    let given = [
        ("--learning-rate", command.learning_rate.is_some()),
        ("--augment", command.augment.is_some()),
        ("--lr-schedule", command.callbacks.schedule() != Schedule::Constant),
    ];
    let given = given.into_iter().find_map(|(name, is_given)| is_given.then_some(name));
    match given.or_else(|| command.run.unused_by_solvers()) {
        Some(name) => {
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
    // A training that was taken up again has epochs that were not measured here.
    let unmeasured = history.epochs.len().saturating_sub(seconds.len());
    let seconds = core::iter::repeat_n(Value::Null, unmeasured).chain(seconds.iter().map(|&seconds| json!(seconds)));
    let epochs = history.epochs.iter().zip(seconds).map(|(record, seconds)| {
        let mut epoch = record.json();
        epoch.as_object_mut().into_iter().for_each(|epoch| drop(epoch.insert("seconds".to_owned(), seconds.clone())));
        epoch
    });
    json!({
        "model": path.display().to_string(),
        "parameters": model.parameters(),
        "epochs": epochs.collect::<Vec<_>>(),
        "weights_sha256": hexadecimal(&model.weights_sha256()),
    })
}
