//! Configurations and searches through the command line: the same as by arguments, mistakes with their place, resumption.

use std::fs;
use std::path::Path;
use std::process::Output;

use nn_core::random::{Purpose, Stream};
use nn_tests::nn;
use serde_json::Value;
use tempfile::TempDir;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    nn().current_dir(folder).args(arguments).output().unwrap()
}

#[track_caller]
fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[arguments, &["--format", "json", "--quiet"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Checks exit code and message.
#[track_caller]
fn fails(folder: &Path, arguments: &[&str], code: i32, message: &str) {
    let output = run(folder, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert!(stderr.contains(message), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
}

/// Points with the side of a line that they are on.
fn points() -> String {
    let mut stream = Stream::new(5, Purpose::TestVector, 0, 0);
    let mut point = |_| {
        let (x, y) = (stream.uniform(), stream.uniform());
        format!("{x},{y},{}\n", if x > y { "under" } else { "over" })
    };
    "x,y,side\n".to_owned() + &(0..120).map(&mut point).collect::<String>()
}

/// A folder with `data/points.csv` and a configuration `run.toml`.
fn folder_with(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    fs::write(folder.path().join("data/points.csv"), points()).unwrap();
    fs::write(folder.path().join("run.toml"), config).unwrap();
    folder
}

const TRAINING: &str = r#"
seed = 3

[data]
path = "data/points.csv"
target = "side"

[model]
kernel_regularizer = { l2 = 1e-4 }

[[model.layers]]
type = "dense"
units = 8
activation = { leaky_relu = { negative_slope = 0.1 } }
kernel_initializer = "he_normal"
kernel_constraint = { max_norm = { max_value = 3 } }

[[model.layers]]
type = "batch_normalization"

[[model.layers]]
type = "dropout"
rate = 0.1

[[model.layers]]
type = "residual"
layers = [{ type = "dense", units = 8, activation = "tanh" }]

[compile]
metrics = ["accuracy", "auc"]

[compile.optimizer]
name = "adam"
learning_rate = 0.01

[compile.lr_schedule]
name = "exponential_decay"
decay_steps = 100

[fit]
epochs = 3
batch_size = 8
validation_split = 0.25
class_weight = "balanced"

[callbacks.early_stopping]
patience = 5
"#;

#[test]
fn a_configuration_is_the_training_that_arguments_ask_for() {
    let folder = folder_with(TRAINING);
    let by_file = json(folder.path(), &["train", "run.toml"]);
    let layers = "8:leaky_relu,negative_slope=0.1,kernel_initializer=he_normal,max_norm=3 batch_normalization dropout:0.1 \
        residual(8:tanh)";
    let arguments = [
        "train",
        "data/points.csv",
        "--seed=3",
        "--target=side",
        "--kernel-regularizer=l2=1e-4",
        "--layers",
        layers,
        "--metrics=accuracy,auc",
        "--optimizer=adam,learning_rate=0.01",
        "--lr-schedule=exponential_decay,decay_steps=100",
        "--epochs=3",
        "--batch-size=8",
        "--validation-split=0.25",
        "--class-weight=balanced",
        "--early-stopping=patience=5",
    ];
    let by_arguments = json(folder.path(), &arguments);
    assert_eq!(by_file["weights_sha256"], by_arguments["weights_sha256"]);
    assert_eq!(by_file["epochs"].as_array().unwrap().len(), 3);
    assert!(by_file["epochs"][0]["val_auc"].is_number(), "{by_file}");
}

#[test]
fn solvers_streams_and_checkpoints_of_a_file_are_those_of_arguments() {
    let cases = [
        ("compile.optimizer = { lbfgs = { history = 5 } }", vec!["--optimizer", "lbfgs,history=5"]),
        ("data.stream = 40", vec!["--stream", "40"]),
        ("data.scale = 'minmax'\nfit.steps_per_epoch = 2", vec!["--scale", "minmax", "--steps-per-epoch", "2"]),
    ];
    for (text, arguments) in cases {
        let folder = folder_with(&format!("data.path = 'data/points.csv'\nfit.epochs = 3\n{text}"));
        let by_file = json(folder.path(), &["train", "run.toml"]);
        let by_arguments =
            json(folder.path(), &[&["train", "data/points.csv", "--epochs", "3"], &arguments[..]].concat());
        assert_eq!(by_file["weights_sha256"], by_arguments["weights_sha256"], "{text}");
        assert_ne!(by_file["weights_sha256"], json(folder.path(), &["train", "data/points.csv"])["weights_sha256"]);
    }
    let saved = "callbacks = { checkpoint = 'run', csv_logger = 'h.csv' }";
    let folder = folder_with(&format!("data.path = 'data/points.csv'\n{saved}"));
    let first = json(folder.path(), &["train", "run.toml"]);
    assert!(folder.path().join("run").is_dir() && folder.path().join("h.csv").is_file());
    fails(folder.path(), &["train", "run.toml"], 3, "has a training; take it up again");
    let resumed = json(folder.path(), &["train", "run.toml", "--resume"]);
    assert_eq!(resumed["weights_sha256"], first["weights_sha256"]);
}

#[test]
fn paths_are_relative_to_the_file_and_arguments_count_more_than_it() {
    let folder = folder_with(TRAINING);
    let elsewhere = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.toml").display().to_string();
    let here = json(folder.path(), &["train", "run.toml"]);
    assert_eq!(json(elsewhere.path(), &["train", &path])["weights_sha256"], here["weights_sha256"]);
    let other = json(folder.path(), &["train", "run.toml", "--epochs", "1", "--layers", "", "--learning-rate", "0.5"]);
    assert_eq!((other["epochs"].as_array().unwrap().len(), &other["parameters"]), (1, &(4 + 6).into()));
    assert_ne!(json(folder.path(), &["train", "run.toml", "--seed", "4"])["weights_sha256"], here["weights_sha256"]);
    let again = json(folder.path(), &["train", "run.toml", "--seed", "3"]);
    assert_eq!(again["weights_sha256"], here["weights_sha256"]);
}

#[test]
fn mistakes_are_named_with_file_line_column_and_the_nearest_name() {
    let wrong = |text: &str, message: &str| fails(folder_with(text).path(), &["train", "run.toml"], 2, message);
    wrong("[fit]\nepoch = 3\n", "run.toml: line 2, column 1: unknown key \"epoch\" in fit; did you mean epochs?");
    wrong("[fit]\nepochs = -3\n", "run.toml: line 2, column 10: fit.epochs is -3, it must be a whole number");
    wrong("[fit\n", "run.toml: line 1, column 5: ");
    wrong("[fit]\nepochs = 3\n", "data.path is missing");
    wrong("[data]\npath = \"mnist\"\ntarget = \"y\"\n", "data.target is for tables");
    fails(folder_with("").path(), &["train", "other.toml"], 2, "other.toml");
    let folder = folder_with("");
    let layers = |layers: &str, message: &str| {
        fails(folder.path(), &["train", "data/points.csv", "--layers", layers], 2, message);
    };
    layers("8:relu droput:0.3", "unknown layer \"droput\"; did you mean dropout?");
    layers("residual(8:relu 3)", "residual adds 3 outputs to 2 inputs");
}

const SEARCH: &str = r#"
model.layers = "4:tanh"

[data]
path = "data/points.csv"

[compile]
optimizer = "adam"

[fit]
epochs = 4
batch_size = 8

[tune]
search = "tpe"
trials = 12
objective = "val_accuracy"
folds = 3
pruning = { warmup_epochs = 1, startup_trials = 3 }

[tune.space]
"compile.optimizer.learning_rate" = { low = 1e-5, high = 1e-1, log = true }
"model.layers" = { choices = ["2:tanh", "8:tanh"] }
"#;

#[test]
fn a_search_writes_a_configuration_that_trains_and_goes_on_from_its_journal() {
    let folder = folder_with(SEARCH);
    let found = json(folder.path(), &["tune", "run.toml"]);
    let trials = found["trials"].as_array().unwrap();
    assert_eq!((trials.len(), &found["best_configuration"]), (12, &"run.best.toml".into()));
    assert!(found["best"]["objective"].as_f64().unwrap() > 0.6, "{}", found["best"]);
    let trained = json(folder.path(), &["train", "run.best.toml", "--validation-split", "0.25"]);
    assert!(trained["epochs"][3]["val_accuracy"].is_number());

    let journal = folder.path().join("run.trials.jsonl");
    let whole = fs::read_to_string(&journal).unwrap();
    assert_eq!(whole.lines().count(), 13);
    for length in [whole.len() / 3, whole.len() / 2 + 1] {
        fs::write(&journal, &whole[..length]).unwrap();
        assert_eq!(json(folder.path(), &["tune", "run.toml", "--threads", "1"]), found);
        assert_eq!(fs::read_to_string(&journal).unwrap(), whole);
    }
    fails(folder.path(), &["tune", "run.toml", "--seed", "1"], 3, "is of another search");
}

#[test]
fn searches_that_cannot_be_are_refused_before_they_begin() {
    let wrong = |text: &str, message: &str| fails(folder_with(text).path(), &["tune", "run.toml"], 2, message);
    wrong("", "tune is missing");
    wrong(&SEARCH.replace("learning_rate\"", "learning_rat\""), "did you mean learning_rate?");
    wrong(&SEARCH.replace("folds = 3\n", ""), "there is nothing to validate with");
    wrong(&SEARCH.replace("val_accuracy", "val_auc"), "the trainings have no val_auc");
}
