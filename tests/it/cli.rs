//! The command line as a user meets it: results, exit codes, messages.

use std::fs;
use std::path::Path;
use std::process::Output;

use nn_tests::{nn, workspace};
use serde_json::Value;
use tempfile::TempDir;

const MODEL: &str = "tests/blobs/v1/mnist-10.nn";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    nn().current_dir(folder).args(arguments).output().unwrap()
}

/// What a command prints, if it succeeds.
#[track_caller]
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(folder, &[arguments, &["--format", "json", "--quiet"]].concat())).unwrap()
}

/// Checks exit code and message: one error line, no result, no backtrace.
#[track_caller]
fn fails(folder: &Path, arguments: &[&str], code: i32, message: &str) {
    let output = run(folder, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert!(stderr.contains(message), "{stderr}");
    assert_eq!(stderr.matches("error:").count(), 1, "{stderr}");
    assert!(!stderr.contains("backtrace") && !stderr.contains("panicked"), "{stderr}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn training_is_the_same_with_one_and_two_threads_and_twice() {
    let folder = folder();
    let arguments = ["train", "mnist:test", "--layers", "20:relu dropout:0.3", "--epochs", "2", "--batch-size", "100"];
    let hash = |more: &[&str]| json(folder.path(), &[&arguments[..], more].concat())["weights_sha256"].clone();
    let one = hash(&["--threads", "1"]);
    assert_eq!(one.as_str().unwrap().len(), 64);
    assert_eq!(one, hash(&["--threads", "2"]));
    assert_eq!(one, hash(&["--threads", "2"]));
    assert_ne!(one, hash(&["--threads", "2", "--seed", "1"]));
}

#[test]
fn classes_and_logits_are_other_words_for_the_same_training() {
    let folder = folder();
    let arguments = ["train", "mnist:test", "--layers", "5:leaky_relu,negative_slope=0.1", "--batch-size", "100"];
    let trained = |loss: &str| json(folder.path(), &[&arguments[..], &["--loss", loss]].concat());
    let expected = trained("categorical_crossentropy");
    for loss in ["", "sparse_"] {
        for from_logits in ["", ",from_logits=1"] {
            let loss = format!("{loss}categorical_crossentropy{from_logits}");
            assert_eq!(trained(&loss)["weights_sha256"], expected["weights_sha256"], "{loss}");
        }
    }
    let smoothed = trained("sparse_categorical_crossentropy,label_smoothing=0.1");
    assert_ne!(smoothed["weights_sha256"], expected["weights_sha256"]);
    assert!(printed(folder.path(), &["summary", "model.nn"]).contains("leaky_relu,negative_slope=0.1"));
}

#[test]
fn a_training_reports_what_keras_reports_and_writes_model_and_history() {
    let folder = folder();
    let report = json(folder.path(), &["train", "mnist", "--layers", "", "--batch-size", "100", "-o", "m.nn"]);
    assert_eq!((&report["model"], &report["parameters"]), (&"m.nn".into(), &7850.into()));
    let epoch = &report["epochs"][0];
    for name in ["loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds"] {
        assert!(epoch[name].as_f64().is_some_and(|value| value > 0.0), "{name}: {epoch}");
    }
    let history: Value = serde_json::from_slice(&fs::read(folder.path().join("m.history.json")).unwrap()).unwrap();
    assert_eq!(history, report);
    assert_eq!(epoch["learning_rate"].to_string(), "0.001", "no digits that an f32 does not have");

    let evaluation = json(folder.path(), &["evaluate", "m.nn", "mnist", "--confusion-matrix"]);
    assert_eq!(evaluation["accuracy"], epoch["val_accuracy"]);
    assert_eq!(evaluation["samples"], 10_000);
    let rows = evaluation["confusion_matrix"].as_array().unwrap();
    let total: u64 = rows.iter().flat_map(|row| row.as_array().unwrap()).map(|count| count.as_u64().unwrap()).sum();
    assert_eq!((rows.len(), total), (10, 10_000));
}

#[test]
fn predictions_are_classes_or_probabilities() {
    let arguments = ["predict", MODEL, "mnist", "--limit", "3"];
    assert_eq!(printed(workspace(), &arguments), "7\n2\n1\n");
    let rows = printed(workspace(), &[&arguments[..], &["--proba"]].concat());
    for row in rows.lines() {
        let sum: f32 = row.split(',').map(|value| value.parse::<f32>().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{row}");
    }
    assert_eq!(json(workspace(), &arguments)["classes"], serde_json::json!(["7", "2", "1"]));
}

#[test]
fn metrics_are_chosen_by_name_and_reported_under_it() {
    let folder = folder();
    let train = ["train", "mnist:test", "--validation-data", "mnist:test", "--batch-size", "100", "-o", "m.nn"];
    let metrics = ["--metrics", "recall,f_beta,beta=2,auc", "--fail-under", "val_fbeta_score,beta=2=0.2"];
    let epoch = json(folder.path(), &[&train[..], &metrics].concat())["epochs"][0].clone();
    for name in ["recall", "fbeta_score,beta=2", "auc", "val_recall", "val_fbeta_score,beta=2", "val_auc"] {
        assert!(epoch[name].as_f64().is_some_and(|value| value > 0.2), "{name}: {epoch}");
    }
    assert!(epoch["accuracy"].is_null(), "{epoch}");
    let evaluate =
        ["evaluate", "m.nn", "mnist:test", "--metrics", "balanced_accuracy,auc", "--top-k", "10", "--per-class"];
    let evaluation = json(folder.path(), &evaluate);
    assert_eq!((&evaluation["auc"], &evaluation["balanced_accuracy"]), (&epoch["val_auc"], &epoch["val_recall"]));
    assert_eq!(evaluation["top_k_categorical_accuracy,k=10"], 1.0);
    let classes = &evaluation["per_class"];
    assert_eq!((&classes["1"]["support"], &classes["macro_average"]["support"]), (&1135.into(), &10_000.into()));
    assert!(printed(folder.path(), &evaluate).contains("weighted_average"));
}

#[test]
fn a_summary_counts_as_keras_does() {
    let summary = json(workspace(), &["summary", MODEL]);
    assert_eq!((&summary["parameters"], &summary["macs"]), (&7850.into(), &7840.into()));
    assert!(
        printed(workspace(), &["summary", MODEL])
            .contains("│ dense ┆ Dense softmax ┆         (10) ┆      7,850 ┆ 7,840 │")
    );
}

#[test]
fn what_is_wrong_with_the_arguments_is_said_with_exit_code_2() {
    let folder = folder();
    let folder = folder.path();
    fails(folder, &["train", "mnist", "--optimizer", "adm"], 2, "did you mean adam?");
    fails(folder, &["train", "mnist", "--layers", "10:rellu"], 2, "did you mean relu?");
    fails(
        folder,
        &["train", "mnist", "--loss", "mse"],
        2,
        "there is mean_squared_error, categorical_crossentropy, mean_absolute_error",
    );
    fails(folder, &["train", "mnist", "--learning-rate", "-1"], 2, "above 0 and finite");
    fails(folder, &["train", "mnist", "--batch-size", "0"], 2, "batch size is 0");
    fails(folder, &["train", "mnist", "--output-activation", "sigmoid"], 2, "the last layer must be softmax");
    fails(folder, &["train", "mnist", "--fail-under", "val_acc=0.9"], 2, "there is no such value");
    fails(folder, &["train", "mnist", "--threads", "1000"], 2, "1..=256");
    fails(folder, &["train", "mnist", "--kernel-initializer", "he_norm"], 2, "did you mean he_normal?");
    fails(folder, &["train", "mnist", "--kernel-initializer", "constant,valeu=1"], 2, "did you mean value?");
    fails(folder, &["train", "mnist", "--loss", "huber,detla=2"], 2, "did you mean delta?");
    fails(folder, &["train", "mnist", "--loss", "huber,delta=-1"], 2, "delta is -1, it must be above 0 and finite");
    fails(folder, &["train", "mnist", "--layers", "9:leaky_relu,negativ_slope=1"], 2, "did you mean negative_slope?");
    let logits =
        ["train", "mnist", "--loss", "categorical_crossentropy,from_logits=1", "--output-activation", "softmax"];
    fails(folder, &logits, 2, "the last layer cannot be softmax, which is part of the loss");
    fails(folder, &["train", "mnist", "--layers", "9:perceptron"], 2, "dense cannot be trained through: perceptron");
    fails(folder, &["demo", "--board", "arduino"], 2, "there is microbit, microbit-large, mps2-an385, mps2-an386");
    fails(folder, &["train"], 2, "DATA");
    fails(folder, &["tran", "mnist"], 2, "train");
    fails(
        workspace(),
        &["evaluate", MODEL, "mnist", "--on", "qemu:arduino"],
        2,
        "there is microbit, microbit-large, mps2-an385, mps2-an386",
    );
    assert_eq!(fs::read_dir(folder).unwrap().count(), 0, "nothing is written");
}

#[test]
fn bad_files_are_named_with_exit_code_3() {
    let folder = folder();
    let folder = folder.path();
    fails(folder, &["evaluate", "none.nn", "mnist"], 3, "cannot read none.nn");
    fails(folder, &["train", "no-such-data"], 3, "no-such-data");
    let file = fs::read(workspace().join(MODEL)).unwrap();
    fs::write(folder.join("short.nn"), &file[..1000]).unwrap();
    fails(folder, &["summary", "short.nn"], 3, "the header says 32416 bytes, the file has 1000");
    let mut damaged = file;
    damaged[20_000] ^= 1;
    fs::write(folder.join("damaged.nn"), damaged).unwrap();
    fails(folder, &["predict", "damaged.nn", "mnist"], 3, "the file is damaged");
    fs::write(folder.join("empty.nn"), "").unwrap();
    fails(folder, &["summary", "empty.nn"], 3, "at least 32 bytes, this has 0");
    fs::write(folder.join("text.nn"), "a text that is no model, but longer than a header").unwrap();
    fails(folder, &["firmware", "build", "--model", "text.nn"], 3, "a model file starts with");
}

#[test]
fn a_place_that_cannot_be_written_is_named_before_the_training() {
    let folder = folder();
    let endless = ["train", "mnist", "--epochs", "1000000", "-o"];
    fails(folder.path(), &[&endless[..], &["no/such/folder/m.nn"]].concat(), 1, "cannot write no/such/folder/m.nn");
    fails(folder.path(), &[&endless[..], &["."]].concat(), 1, "not a file");
    fs::create_dir(folder.path().join("m.history.json")).unwrap();
    fails(folder.path(), &[&endless[..], &["m.nn"]].concat(), 1, "cannot write m.history.json");
}

#[cfg(unix)]
#[test]
fn links_and_odd_names_are_kept() {
    use std::os::unix::ffi::OsStrExt;

    let folder = folder();
    fs::write(folder.path().join("target.nn"), "old").unwrap();
    std::os::unix::fs::symlink("target.nn", folder.path().join("link.nn")).unwrap();
    let train = ["train", "mnist:test", "--layers", "2:relu", "--batch-size", "1000"];
    printed(folder.path(), &[&train[..], &["-o", "link.nn"]].concat());
    assert!(folder.path().join("link.nn").is_symlink());
    assert!(fs::read(folder.path().join("target.nn")).unwrap().starts_with(b"NNM1"));

    let odd = std::ffi::OsStr::from_bytes(b"o\xff.nn");
    let output = nn().current_dir(folder.path()).args(train).arg("-o").arg(odd).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.path().join(odd).exists());
}

#[test]
fn a_model_of_another_shape_is_refused_with_both_sizes() {
    let folder = folder();
    let pixels: Vec<u8> = [[0, 0, 8, 3], [0, 0, 0, 2], [0, 0, 0, 2], [0, 0, 0, 2]].concat();
    fs::write(folder.path().join("two-images-idx3-ubyte"), [pixels, vec![9; 8]].concat()).unwrap();
    fs::write(folder.path().join("two-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 2, 0, 1]).unwrap();
    let model = workspace().join(MODEL);
    let model = model.to_str().unwrap();
    fails(folder.path(), &["evaluate", model, "two"], 3, "the data has 4 features a sample, the model expects 784");
}

#[test]
fn thresholds_and_divergence_have_exit_codes_of_their_own() {
    let folder = folder();
    let evaluate = ["evaluate", MODEL, "mnist", "--fail-under"];
    printed(workspace(), &[&evaluate[..], &["accuracy=0.9"]].concat());
    let output = run(workspace(), &[&evaluate[..], &["accuracy=0.99"]].concat());
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("at least 0.99 was asked for"));
    let diverging = ["train", "mnist:test", "--layers", "30:relu", "--loss", "mean_squared_error"];
    let settings = ["--output-activation", "linear", "--optimizer", "sgd", "--learning-rate", "1e30", "--quiet"];
    fails(folder.path(), &[&diverging[..], &settings].concat(), 6, "training diverged in epoch 1 of 1");
    let overflowing = ["train", "mnist:test", "--validation-data", "mnist:test", "--layers", "4:linear", "--quiet"];
    let settings = ["--optimizer", "sgd", "--learning-rate", "1e30", "--batch-size", "10000"];
    fails(folder.path(), &[&overflowing[..], &settings].concat(), 6, "the validation loss is not finite");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "no model of a diverged training is written");
}

#[cfg(unix)]
#[test]
fn an_interrupted_training_saves_its_model_and_ends_with_130() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let folder = folder();
    let mut child = nn()
        .current_dir(folder.path())
        .args(["train", "mnist:test", "--layers", "30:relu", "--epochs", "100000"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("epoch  1/100000")));
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert!(lines.any(|line| line.contains("interrupted; the model after") && line.contains("model.nn")));
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let summary = json(folder.path(), &["summary", "model.nn"]);
    assert_eq!(summary["parameters"], 784 * 30 + 30 + 300 + 10);
}

#[test]
fn plots_are_written_beside_the_results() {
    let (folder, model) = (folder(), workspace().join(MODEL));
    let drawn = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let plots = ["--roc", "roc.svg", "--precision-recall", "pr.svg", "--reliability", "sure.svg"];
    let model = model.to_str().unwrap();
    printed(folder.path(), &[&["evaluate", model, "mnist", "--limit", "300"], &plots[..]].concat());
    assert!(drawn("roc.svg").contains("9 (AUC 0.9") && drawn("pr.svg").contains("9 (AP 0."));
    assert!(drawn("sure.svg").contains("confidence"));
    let search = ["lr-find", "mnist:test", "--layers", "", "--steps", "30", "--trial-epochs", "0", "--plot", "r.svg"];
    printed(folder.path(), &search);
    assert!(drawn("r.svg").contains("learning-rate sweep"));
    fails(folder.path(), &["lr-find", "mnist:test", "--steps", "0", "--plot", "r.svg"], 2, "--steps 0 leaves out");
    printed(folder.path(), &["train", "mnist:test", "--layers", "", "--csv-log", "log.csv"]);
    printed(folder.path(), &["plot", "log.csv", "-o", "log.svg"]);
    assert!(drawn("log.svg").contains("accuracy"));
}
