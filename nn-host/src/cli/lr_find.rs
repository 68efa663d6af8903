//! `nn lr-find`: which learning rate a model should have.

use core::fmt::Write as _;

use clap::Args;
use nn_host::plot::{self, DrawError, Figure};
use nn_host::train::{LearningRateError, LearningRateOptions, LearningRates, find_learning_rate};
use serde_json::{Value, json};

use super::arguments::Global;
use super::configuration::data_or_config;
use super::data_arguments::DataArguments;
use super::failure::Failure;
use super::model::ModelArguments;
use super::output::{Output, number};
use super::plot::PlotFile;
use super::{configuration, data, table};

#[derive(Args, Debug)]
pub(super) struct LrFind {
    /// Training data, or a configuration (.toml)
    #[arg(value_name = "DATA|CONFIG", long_help = data_or_config())]
    data: String,

    #[command(flatten)]
    data_arguments: DataArguments,

    #[command(flatten)]
    model: ModelArguments,

    /// Samples of an update; the rate that is found is for this size [default: 32]
    #[arg(long, value_name = "N")]
    batch_size: Option<usize>,

    /// Lowest rate
    #[arg(long, value_name = "X", default_value_t = 1e-7)]
    from: f32,

    /// Highest rate
    #[arg(long, value_name = "X", default_value_t = 10.0)]
    to: f32,

    /// Steps of the sweep, each with a higher rate; 0 for no sweep
    #[arg(long, value_name = "N", default_value_t = 100)]
    steps: u32,

    /// Epochs for which each rate of the ladder is tried; 0 for no ladder
    #[arg(long, value_name = "N", default_value_t = 3)]
    trial_epochs: u32,

    /// Steps of an epoch of a trial, on the same samples in each
    #[arg(long, value_name = "N", default_value_t = 20)]
    trial_steps: usize,

    /// Draw the losses of the sweep over its rates, with the rates that are suggested: F.svg or F.png
    #[arg(long, value_name = "F")]
    plot: Option<PlotFile>,
}

pub(super) fn run(command: &LrFind, global: &Global, output: &Output) -> Result<(), Failure> {
    if let Some(file) = &command.plot {
        if command.steps == 0 {
            return Err(Failure::usage("--plot draws the sweep, which --steps 0 leaves out".to_owned()));
        }
        file.check()?;
    }
    let mut config = configuration::of(&command.data, global)?;
    command.data_arguments.apply(&mut config);
    command.model.apply(&mut config);
    if let Some(solver) = &config.compile.solver {
        return Err(Failure::usage(format!("{} has no learning rate to be looked for", solver.name())));
    }
    if config.data.stream.is_some() {
        return Err(Failure::usage(
            "data.stream: nn lr-find keeps its data in memory; some rows of it are enough".to_owned(),
        ));
    }
    let (training, _) = data::training(&config, &command.data_arguments)?;
    let model = config.model(&training)?;
    let options = LearningRateOptions {
        from: command.from,
        to: command.to,
        batch_size: command.batch_size.unwrap_or(config.fit.batch_size),
        sweep_steps: command.steps,
        trial_epochs: command.trial_epochs,
        trial_steps: command.trial_steps,
    };
    let rates = find_learning_rate(&model, &training, &options).map_err(|error| match error {
        LearningRateError::Fit(error) => error.into(),
        error @ LearningRateError::Rates { .. } => Failure::usage(error.to_string()),
    })?;
    if let Some(file) = &command.plot {
        file.write(figure(&rates))?;
    }
    output.result(|| text(&rates), || json(&rates))
}

/// The sweep, with the rates that are suggested.
fn figure(rates: &LearningRates) -> Result<Figure, DrawError> {
    let suggested = suggestions(rates).into_iter().filter_map(|(name, rate, _)| rate.map(|rate| (name, rate)));
    plot::learning_rate_sweep(&rates.points, &suggested.collect::<Vec<_>>())
}

/// What is suggested, each with how it was found.
fn suggestions(rates: &LearningRates) -> [(&'static str, Option<f32>, &'static str); 3] {
    [
        ("halved", rates.halved, "half of the highest rate with which the cost falls in every epoch"),
        ("valley", rates.valley, "two thirds into the longest decrease of the smoothed loss"),
        ("steep", rates.steep, "where the smoothed loss falls most steeply"),
    ]
}

fn text(rates: &LearningRates) -> String {
    let mut text = String::new();
    if !rates.points.is_empty() {
        let rows = rates
            .points
            .iter()
            .map(|point| [exponential(point.learning_rate), short(point.loss), short(point.smoothed)]);
        text.push_str(&table::numbers(["Learning rate", "Loss", "Smoothed"], rows));
    }
    if !rates.trials.is_empty() {
        let costs = |costs: &[f32]| costs.iter().map(|&cost| short(cost)).collect::<Vec<_>>().join(" ");
        let falls = |falls| if falls { "yes" } else { "no" };
        let row = |trial: &nn_host::train::Trial| {
            [exponential(trial.learning_rate), costs(&trial.costs), falls(trial.falls()).to_owned()]
        };
        text.push_str(&table::numbers(
            ["Learning rate", "Cost before and after each epoch", "Falls"],
            rates.trials.iter().map(row),
        ));
    }
    for (name, rate, how) in suggestions(rates) {
        let rate = rate.map_or_else(|| "none".to_owned(), exponential);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<6}  {rate:<8}  {how}");
    }
    text
}

fn exponential(rate: f32) -> String {
    format!("{rate:.2e}")
}

fn short(value: f32) -> String {
    format!("{value:.4}")
}

fn json(rates: &LearningRates) -> Value {
    let points = rates.points.iter().map(|point| {
        let (rate, loss, smoothed) = (number(point.learning_rate), number(point.loss), number(point.smoothed));
        json!({"learning_rate": rate, "loss": loss, "smoothed": smoothed})
    });
    let trials = rates.trials.iter().map(|trial| {
        let costs: Vec<_> = trial.costs.iter().map(|&cost| number(cost)).collect();
        json!({"learning_rate": number(trial.learning_rate), "costs": costs, "falls": trial.falls()})
    });
    let suggestions = suggestions(rates).map(|(name, rate, _)| (name.to_owned(), rate.map_or(Value::Null, number)));
    json!({
        "points": points.collect::<Vec<_>>(),
        "trials": trials.collect::<Vec<_>>(),
        "suggestions": Value::Object(suggestions.into_iter().collect()),
    })
}
