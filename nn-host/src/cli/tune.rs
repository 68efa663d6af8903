//! `nn tune`: searches for values of a configuration.

use core::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;
use nn_host::callback::Progress;
use nn_host::data::{Partition, Split};
use nn_host::model::{check_writable, write_whole};
use nn_host::tune::{Trial, TrialState, Tuning, Watcher};
use serde_json::{Value, json};

use super::arguments::Global;
use super::data::{self, Unsplit};
use super::data_arguments::DataArguments;
use super::failure::Failure;
use super::output::Output;
use super::{interrupt, table};

#[derive(Args, Debug)]
pub(super) struct Tune {
    /// Configuration (.toml) with a table "tune"
    #[arg(value_name = "CONFIG", long_help = CONFIG)]
    config: PathBuf,

    /// Trials [default: what the configuration says; otherwise 20, or all of a grid]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    trials: Option<u32>,

    /// How many of the best trials are printed
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
}

/// What CONFIG is.
const CONFIG: &str = "Configuration with a table [tune]: search (random, grid or tpe), trials, objective (any value of the history, \
    such as val_accuracy), mode (auto, min or max), folds = N for cross-validation, pruning = { warmup_epochs = N, startup_trials = N }. \
    [tune.space] says what is tried, as \"compile.optimizer.learning_rate\" = { low = 1e-4, high = 1e-1, log = true }, with step = X or \
    for a grid points = N, or \"model.layers.0.units\" = { choices = [16, 32, 64] }. Each trial that has ended is a line in \
    CONFIG.trials.jsonl; a search that was interrupted goes on from there, as if it never was. The best configuration goes to \
    CONFIG.best.toml";

pub(super) fn run(command: &Tune, global: &Global, output: &Output) -> Result<(), Failure> {
    let mut tuning = Tuning::read(&command.config)?;
    if let Some(seed) = global.seed {
        tuning = tuning.with_seed(seed);
    }
    tuning.trials = command.trials.or(tuning.trials);
    let [journal, best] = ["trials.jsonl", "best.toml"].map(|suffix| command.config.with_extension(suffix));
    check_writable(&best)?;
    let splits = splits(&tuning)?;
    interrupt::watch();
    let trials = tuning.run(&splits, &journal, &mut Report { tuning: &tuning, output })?;
    let ranking = tuning.ranking(&trials);
    let Some(winner) = ranking.first() else {
        return Err(Failure::file(anyhow::Error::msg("no trial was complete; other ranges may have good values")));
    };
    write_whole(&best, tuning.toml(winner).as_bytes())?;
    let top: Vec<&Trial> = ranking.iter().copied().take(command.top).collect();
    output.result(|| text(&tuning, &trials, &top, &best), || json(&tuning, &trials, &best))
}

/// The parts to train and to validate with: one a fold, or what the configuration holds back.
fn splits(tuning: &Tuning) -> Result<Vec<Split>, Failure> {
    let (config, arguments) = (tuning.config(), DataArguments::default());
    if let Some(folds) = tuning.folds {
        let source = Unsplit::open(config, &arguments)?;
        let folds = Partition::folds(&source.targets()?, folds, config.seed)?;
        return folds.iter().map(|fold| source.split(fold)).collect();
    }
    let (train, test) = data::training(config, &arguments)?;
    let nothing = "there is nothing to validate with: tune.folds or fit.validation_split says what is held back";
    let test = test.ok_or_else(|| Failure::usage(nothing.to_owned()))?;
    Ok(vec![Split { train, test }])
}

/// Says how each trial has ended.
struct Report<'r> {
    tuning: &'r Tuning,
    output: &'r Output,
}

impl Watcher for Report<'_> {
    fn batch(&mut self, _: &Progress<'_>) -> ControlFlow<()> {
        if interrupt::is_requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn trial(&mut self, trial: &Trial) {
        let values = trial.values.iter().map(|(key, value)| format!("  {key} = {value}")).collect::<String>();
        let name = &self.tuning.objective.name;
        let objective = trial.objective.map_or_else(String::new, |value| format!("  {name} {value:.4}"));
        let state = if trial.state == TrialState::Complete { "" } else { trial.state.name() };
        self.output.note(format_args!("trial {:>3}{objective}  {state}{values}", trial.number));
    }
}

fn text(tuning: &Tuning, trials: &[Trial], top: &[&Trial], best: &Path) -> String {
    let keys = tuning.space().parameters().iter().map(|parameter| parameter.key.clone());
    let header = ["Trial".to_owned(), tuning.objective.name.clone()].into_iter().chain(keys);
    let rows = top.iter().map(|trial| {
        let values = trial.values.iter().map(|(_, value)| value.to_string());
        let objective = trial.objective.map_or_else(String::new, |value| format!("{value:.4}"));
        [trial.number.to_string(), objective].into_iter().chain(values).collect::<Vec<_>>()
    });
    let count = |state| trials.iter().filter(|trial| trial.state == state).count();
    let [complete, pruned, diverged] = [TrialState::Complete, TrialState::Pruned, TrialState::Diverged].map(count);
    let table = table::of_rows(header, rows);
    format!(
        "{table}{complete} complete, {pruned} pruned, {diverged} diverged\nbest configuration: {}\n",
        best.display()
    )
}

fn json(tuning: &Tuning, trials: &[Trial], best: &Path) -> Value {
    json!({
        "objective": tuning.objective.name,
        "best": tuning.ranking(trials).first().map(|trial| trial.json()),
        "best_configuration": best.display().to_string(),
        "trials": trials.iter().map(Trial::json).collect::<Vec<_>>(),
    })
}
