//! `nn train`: data to a model file and its history.

use std::path::Path;

use nn_host::callback::{Callback, CsvLogger};
use nn_host::config::{Config, Solver};
use nn_host::data::Dataset;
use nn_host::model::{Model, check_writable, hexadecimal, write_whole};
use nn_host::plot::{self, TrainingCurves};
use nn_host::train::{Ending, EpochRecord, FitOptions, History};
use serde_json::{Value, json};

use super::arguments::{Global, Train};
use super::data_arguments::DataArguments;
use super::failure::Failure;
use super::output::Output;
use super::plot::PlotFile;
use super::progress::TrainingProgress;
use super::specification::Goal;
use super::training_data::TrainingData;
use super::{configuration, data, interrupt, table};

pub(super) fn run(command: &Train, global: &Global, output: &Output) -> Result<(), Failure> {
    let mut config = config(command, global)?;
    let (mut training, validation) = training_data(&config, &command.data_arguments)?;
    let mut model = training.model(&config)?;
    command.plot.iter().try_for_each(PlotFile::check)?;
    let mut log = log(&mut config)?;
    for (option, name) in config.callbacks.monitored().chain(command.fail_under.iter().map(Goal::watched)) {
        check_name((option, name), &model, validation.is_some())?;
    }
    let mut options = config.fit_options(validation.as_ref());
    options.instructions = command.instructions.unwrap_or_default();
    options.callbacks.extend(log.iter_mut().map(|log| Box::new(log) as Box<dyn Callback>));
    let solver = config.compile.solver.as_ref();
    let trained = fit((&mut model, solver), &mut *training, options, &command.output, output)?;
    log.iter().try_for_each(|log| check_log(log, &command.output))?;
    if let Some(file) = &command.plot {
        file.write(plot::history(&TrainingCurves::from(&trained.history)))?;
    }
    output.result(|| text(&model, &trained, &command.output), || trained.json.clone())?;
    match &command.fail_under {
        Some(goal) => check(goal, trained.history.epochs.last().into_iter().flat_map(EpochRecord::named)),
        None => Ok(()),
    }
}

/// What the file says, with what the arguments say over it.
fn config(command: &Train, global: &Global) -> Result<Config, Failure> {
    let mut config = configuration::of(&command.data, global)?;
    command.data_arguments.apply(&mut config);
    command.model.apply(&mut config);
    command.run.apply(&mut config)?;
    command.callbacks.apply(&mut config);
    check_unused(command, &config)?;
    Ok(config)
}

/// Takes the log out of a configuration, to be asked after the training whether it was written.
fn log(config: &mut Config) -> Result<Option<CsvLogger>, Failure> {
    let path = config.callbacks.csv_logger.take();
    path.iter().try_for_each(|path| check_writable(path))?;
    Ok(path.map(CsvLogger::new))
}

/// Fails if the log could not be written, which has ended the training; the model is in `path`.
fn check_log(log: &CsvLogger, path: &Path) -> Result<(), Failure> {
    let Some(failure) = log.failure() else { return Ok(()) };
    let message = format!("{failure}; the training has ended there, its model is in {}", path.display());
    Err(Failure::file(anyhow::Error::msg(message)))
}

/// The data to train with, and what to validate with.
fn training_data(
    config: &Config,
    arguments: &DataArguments,
) -> Result<(Box<dyn TrainingData>, Option<Dataset>), Failure> {
    if config.data.stream.is_some() {
        let (stream, validation) = data::stream(config, arguments)?;
        return Ok((Box::new(stream), validation));
    }
    let (training, validation) = data::training(config, arguments)?;
    Ok((Box::new(training), validation))
}

/// What a training has brought besides the model.
pub(super) struct Trained {
    pub(super) history: History,
    json: Value,
}

/// Fits the model, showing progress, and writes it and its history; an interrupted one too.
pub(super) fn fit(
    (model, solver): (&mut Model, Option<&Solver>),
    training: &mut dyn TrainingData,
    options: FitOptions<'_>,
    path: &Path,
    output: &Output,
) -> Result<Trained, Failure> {
    let history_path = path.with_extension("history.json");
    check_writable(path)?;
    check_writable(&history_path)?;
    interrupt::watch();
    let mut progress = TrainingProgress::new(output, options.epochs, training.samples());
    let mut options = options;
    options.callbacks.push(Box::new(&mut progress));
    let history = training.fit((model, solver), options)?;
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
fn check_name((option, name): (&str, &str), model: &Model, is_validated: bool) -> Result<(), Failure> {
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

/// Refuses what a solver, which takes all samples at once, has no use for.
fn check_unused(command: &Train, config: &Config) -> Result<(), Failure> {
    let Some(solver) = &config.compile.solver else { return Ok(()) };
    let given = command.run.unused_by_solvers().or(command.callbacks.unused_by_solvers());
    match given.or_else(|| config.unused_by_solver().map(|(_, key)| key)) {
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::Parser as _;
    use nn_host::config::Config;

    use crate::cli::arguments::{Arguments, Command};

    /// What `nn train` makes of these arguments, with spaces between.
    fn config(arguments: &str) -> Result<Config, super::Failure> {
        let arguments = Arguments::try_parse_from(["nn", "train"].into_iter().chain(arguments.split(' '))).unwrap();
        let Command::Train(command) = &arguments.command else { panic!("{arguments:?}") };
        super::config(command, &arguments.global)
    }

    fn error(arguments: &str) -> String {
        format!("{:?}", config(arguments).unwrap_err())
    }

    #[test]
    fn arguments_say_what_a_file_says() {
        let pairs = [
            ("--scale minmax", "data.scale = 'minmax'"),
            ("--stream", "data.stream = true"),
            ("--stream 64", "data.stream = 64"),
            ("--initial-epoch 2 --epochs 5", "fit = { initial_epoch = 2, epochs = 5 }"),
            ("--steps-per-epoch 3 --validation-freq 2", "fit = { steps_per_epoch = 3, validation_freq = 2 }"),
            (
                "--gradient-accumulation-steps 4 --batch-size 8",
                "fit = { gradient_accumulation_steps = 4, batch_size = 8 }",
            ),
            ("--qat int4", "fit.qat = 'int4'"),
            ("--class-weight balanced --no-shuffle", "fit = { class_weight = 'balanced', shuffle = false }"),
            ("--init-weights b.npz --csv-log h.csv", "model.init_weights = 'b.npz'\ncallbacks.csv_logger = 'h.csv'"),
            ("--checkpoint run", "callbacks.checkpoint = 'run'"),
            (
                "--checkpoint run --resume --checkpoint-monitor loss",
                "callbacks.checkpoint = { folder = 'run', resume = true, monitor = 'loss' }",
            ),
            ("--optimizer lbfgs,history=5", "compile.optimizer = { lbfgs = { history = 5 } }"),
            ("--optimizer sgd --learning-rate 0.5", "compile.optimizer = { sgd = { learning_rate = 0.5 } }"),
            ("--lr-schedule cosine_decay,alpha=0.1", "compile.lr_schedule = { cosine_decay = { alpha = 0.1 } }"),
        ];
        for (arguments, text) in pairs {
            let expected = Config::parse(&format!("data.path = 'a.csv'\n{text}")).unwrap();
            assert_eq!(config(&format!("a.csv {arguments}")).unwrap(), expected, "{arguments}");
        }
    }

    /// `nn train` with these arguments in a folder, after a table and before the log's name.
    fn train(folder: &Path, arguments: &[&str], log: &str) -> Result<(), super::Failure> {
        let of = |name: &str| folder.join(name).into_os_string();
        std::fs::write(of("a.csv"), "x,y\n0.5,1.5\n1.5,2.5\n2.5,3.5\n").unwrap();
        let words = ["nn".into(), "train".into(), of("a.csv"), "-o".into(), of("m.nn"), "--quiet".into()].into_iter();
        let words = words.chain(arguments.iter().map(Into::into)).chain(["--csv-log".into(), of(log)]);
        let Arguments { global, command: Command::Train(command) } = Arguments::try_parse_from(words).unwrap() else {
            panic!("another command");
        };
        super::run(&command, &global, &super::Output::new(&global))
    }

    #[test]
    fn a_log_that_cannot_be_written_is_refused_before_the_training() {
        let folder = tempfile::tempdir().unwrap();
        let error = format!("{:?}", train(folder.path(), &[], "missing/h.csv").unwrap_err());
        assert!(error.starts_with("Failure { code: 1") && error.contains("cannot write"), "{error}");
        assert!(!folder.path().join("m.nn").exists());
    }

    #[test]
    fn a_log_that_can_be_written_no_more_ends_the_training_with_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        // The training makes the folder where the log, which could have been written before, would be.
        let checkpoint = folder.path().join("run").display().to_string();
        let arguments = ["--epochs", "5", "--checkpoint", &checkpoint];
        let error = format!("{:?}", train(folder.path(), &arguments, "run").unwrap_err());
        assert!(error.starts_with("Failure { code: 1") && error.contains("has ended there"), "{error}");
        let history = std::fs::read_to_string(folder.path().join("m.history.json")).unwrap();
        assert_eq!(history.matches("\"epoch\"").count(), 1, "{history}");
        assert!(folder.path().join("m.nn").exists());
    }

    #[test]
    fn arguments_count_more_than_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.toml");
        let text = "[compile]\noptimizer = 'lbfgs'\n[callbacks.checkpoint]\nfolder = 'run'\n";
        std::fs::write(&path, text.replace("'lbfgs'", "'adam'")).unwrap();
        let path = path.display();
        let expected = nn_host::train::Checkpoint::new(folder.path().join("run")).resuming();
        assert_eq!(config(&format!("{path} --resume")).unwrap().callbacks.checkpoint, Some(expected));
        let error = error(&format!("{path} --optimizer lbfgs"));
        assert!(error.contains("callbacks.checkpoint has no meaning for lbfgs"), "{error}");
    }

    #[test]
    fn arguments_without_meaning_are_refused() {
        let refused = |arguments: &str| error(&format!("a.csv --optimizer lbfgs {arguments}"));
        for (arguments, name) in [
            ("--learning-rate 0.1", "--learning-rate"),
            ("--batch-size 32", "--batch-size"),
            ("--lr-schedule cosine_decay", "--lr-schedule"),
            ("--checkpoint run", "--checkpoint"),
            ("--stream", "--stream"),
        ] {
            let error = refused(arguments);
            assert!(error.contains(&format!("{name} has no meaning for lbfgs")), "{error}");
        }
        assert!(error("a.csv --resume").contains("--resume: there is no checkpoint"));
        assert!(error("a.csv --checkpoint-monitor loss").contains("--checkpoint-monitor: there is no checkpoint"));
    }
}
