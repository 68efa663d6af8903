//! Data as a user brings it, through the command line: tables, arrays, splits, and what is refused.

use std::fs;
use std::path::Path;
use std::process::Output;

use nn_core::random::{Purpose, Stream};
use nn_host::data::npy::{Array, Values, npy_bytes, npz_bytes, read_npy};
use nn_tests::nn;
use serde_json::Value;
use tempfile::TempDir;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    nn().current_dir(folder).args(arguments).output().unwrap()
}

/// What a command prints, if it succeeds.
#[track_caller]
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(folder, &[arguments, &["--format", "json", "--quiet"]].concat())).unwrap()
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

/// A table that can be learned: big fruits of each color are of another kind than small ones.
fn fruits(rows: usize) -> String {
    let mut stream = Stream::new(5, Purpose::TestVector, 0, 0);
    let mut table = "id,size,color,weight,kind\n".to_owned();
    for id in 0..rows {
        let (size, is_red) = (stream.uniform(), stream.below(2) == 0);
        let kind = ["plum", "lime", "apple", "melon"][usize::from(size > 0.5) * 2 + usize::from(!is_red)];
        let color = if is_red { "red" } else { "green" };
        let weight = if id % 7 == 3 { "NA".to_owned() } else { (10.0 * size).to_string() };
        table.push_str(&format!("{id},{size},{color},{weight},{kind}\n"));
    }
    table
}

fn folder_with(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, bytes)| fs::write(folder.path().join(name), bytes).unwrap());
    folder
}

const FRUITS: [&str; 12] = [
    "train",
    "fruits.csv",
    "--ignore",
    "id",
    "--missing",
    "mean",
    "--layers",
    "16:relu",
    "--epochs",
    "60",
    "--optimizer",
    "adam,learning_rate=0.02",
];

#[test]
fn a_model_of_a_table_understands_other_tables() {
    let folder = folder_with(&[("fruits.csv", fruits(400).as_bytes())]);
    let folder = folder.path();
    let report = json(folder, &[&FRUITS[..], &["--validation-split", "0.25"]].concat());
    let last = report["epochs"].as_array().unwrap().last().unwrap();
    assert!(last["val_accuracy"].as_f64().unwrap() > 0.9, "{last}");

    // Other order, a color that was always known, a missing weight, no target, no id.
    fs::write(folder.join("new.csv"), "color,weight,size\nred,,0.9\ngreen,1,0.1\n").unwrap();
    assert_eq!(printed(folder, &["predict", "model.nn", "new.csv"]), "apple\nlime\n");
    let evaluation = json(folder, &["evaluate", "model.nn", "fruits.csv"]);
    assert_eq!(evaluation["samples"], 400);
    assert!(evaluation["accuracy"].as_f64().unwrap() > 0.9);

    fs::write(folder.join("blue.csv"), "color,weight,size\nred,9,0.9\nblue,1,0.1\n").unwrap();
    let unknown = r#"blue.csv:3: column 1 (color): "blue" did not occur in training; there is green, red"#;
    fails(folder, &["predict", "model.nn", "blue.csv"], 3, unknown);
    fs::write(folder.join("sizes.csv"), "color,weight,sizes\nred,9,0.9\n").unwrap();
    fails(folder, &["predict", "model.nn", "sizes.csv"], 3, r#"did you mean "sizes"?"#);
    fs::write(folder.join("more.csv"), "color,weight,size,price\nred,9,0.9,2\n").unwrap();
    fails(folder, &["predict", "model.nn", "more.csv"], 3, "column 4 (price): the model was trained without");
    assert_eq!(printed(folder, &["predict", "model.nn", "more.csv", "--ignore", "price"]), "apple\n");
    fails(folder, &["evaluate", "model.nn", "new.csv"], 3, "the table has no target column");
    fails(folder, &["predict", "model.nn", "new.csv", "--missing", "drop"], 2, "without an answer");
    fails(folder, &["evaluate", "model.nn", "mnist"], 3, "the data has 784 features a sample, the model expects 4");
}

#[test]
fn predictions_are_written_as_tables_or_arrays() {
    let folder = folder_with(&[("fruits.csv", fruits(50).as_bytes())]);
    let folder = folder.path();
    printed(folder, &FRUITS);
    printed(folder, &["predict", "model.nn", "fruits.csv", "-o", "kinds.csv"]);
    let kinds = fs::read_to_string(folder.join("kinds.csv")).unwrap();
    let expected = printed(folder, &["predict", "model.nn", "fruits.csv"]);
    assert_eq!(kinds, format!("kind\n{expected}"));
    printed(folder, &["predict", "model.nn", "fruits.csv", "--proba", "-o", "shares.csv"]);
    let shares = fs::read_to_string(folder.join("shares.csv")).unwrap();
    assert!(shares.starts_with("apple,lime,melon,plum\n") && shares.lines().count() == 51);
    assert_eq!(
        shares,
        format!("apple,lime,melon,plum\n{}", printed(folder, &["predict", "model.nn", "fruits.csv", "--proba"]))
    );
    printed(folder, &["predict", "model.nn", "fruits.csv", "--proba", "-o", "shares.npy"]);
    assert_eq!(read_npy(&folder.join("shares.npy")).unwrap().shape(), [50, 4]);
    printed(folder, &["predict", "model.nn", "fruits.csv", "-o", "kinds.npy"]);
    assert_eq!(read_npy(&folder.join("kinds.npy")).unwrap().values().len(), 50);
    fails(folder, &["predict", "model.nn", "fruits.csv", "-o", "kinds.txt"], 2, "written as .csv or .npy");
}

#[test]
fn arrays_train_as_the_table_of_the_same_numbers_does() {
    let rows = 60;
    let mut stream = Stream::new(9, Purpose::TestVector, 0, 0);
    let x: Vec<f32> = (0..2 * rows).map(|_| stream.uniform()).collect();
    let y: Vec<i64> = x.chunks(2).map(|x| i64::from(x[0] > x[1])).collect();
    let table: String = x.chunks(2).zip(&y).map(|(x, y)| format!("{},{},{y}\n", x[0], x[1])).collect();
    let x = Array::new(vec![rows, 2], Values::F32(x)).unwrap();
    let y = Array::new(vec![rows], Values::I64(y)).unwrap();
    let folder = folder_with(&[
        ("t.csv", format!("a,b,y\n{table}").as_bytes()),
        ("bare.tsv", table.replace(',', "\t").as_bytes()),
        ("x.npy", &npy_bytes(&x)),
        ("y.npy", &npy_bytes(&y)),
        ("t.npz", &npz_bytes([("x", &x), ("y", &y)]).unwrap()),
    ]);
    let train = |data: &[&str]| {
        let arguments = ["--layers", "5:tanh", "--epochs", "3", "--validation-split", "0.2", "--scale", "none"];
        let report = json(folder.path(), &[&["train"], data, &arguments].concat());
        assert!(report["epochs"][2]["val_loss"].is_number());
        report["weights_sha256"].clone()
    };
    let expected = train(&["t.csv"]);
    assert_eq!(train(&["bare.tsv", "--header", "no"]), expected);
    assert_eq!(train(&["t.npz"]), expected);
    assert_eq!(train(&["x.npy,y.npy"]), expected);
    assert_ne!(train(&["t.npz", "--validation-mode", "last"]), expected);
    assert_eq!(printed(folder.path(), &["predict", "model.nn", "x.npy", "--limit", "3"]).lines().count(), 3);
    fails(folder.path(), &["predict", "model.nn", "t.csv"], 3, "is a table, the model was trained on something else");
}

#[test]
fn a_stream_trains_as_the_table_in_memory_and_in_windows() {
    let folder = folder_with(&[("fruits.csv", fruits(400).as_bytes()), ("more.csv", fruits(80).as_bytes())]);
    let train = |more: &[&str]| {
        let validation = ["--validation-data", "more.csv", "--class-weight", "balanced"];
        json(folder.path(), &[&FRUITS[..], &validation, more].concat())
    };
    let whole = train(&[]);
    let streamed = train(&["--stream"]);
    assert_eq!(streamed["weights_sha256"], whole["weights_sha256"]);
    assert_eq!(streamed["epochs"][59]["val_loss"], whole["epochs"][59]["val_loss"]);
    let in_windows = train(&["--stream", "64"]);
    assert_ne!(in_windows["weights_sha256"], whole["weights_sha256"]);
    assert!(in_windows["epochs"][59]["val_accuracy"].as_f64().unwrap() > 0.9, "{in_windows}");
    assert_eq!(json(folder.path(), &["evaluate", "model.nn", "fruits.csv"])["samples"], 400);

    let folder = folder.path();
    let split = ["--stream", "--validation-split", "0.1"];
    fails(folder, &[&["train", "more.csv"], &split[..]].concat(), 2, "--validation-split needs all rows at once");
    fails(folder, &["train", "mnist", "--stream"], 2, "--stream is for tables");
    fails(folder, &["train", "--stream", "more.csv"], 2, "DATA comes before --stream");
    fails(folder, &["train", "more.csv", "--stream", "0"], 2, "at least 1");
}

#[test]
fn several_targets_are_values() {
    let rows: String = (0..40).map(|k| format!("{k},{},{}\n", 2 * k, 0.5 - k as f32)).collect();
    let folder = folder_with(&[("t.csv", format!("x,double,negative\n{rows}").as_bytes())]);
    let report = json(folder.path(), &["train", "t.csv", "--target", "negative,double"]);
    assert_eq!(report["parameters"], 2 + 4, "one input, which is scaled, two outputs");
    printed(folder.path(), &["predict", "model.nn", "t.csv", "-o", "p.csv"]);
    assert!(fs::read_to_string(folder.path().join("p.csv")).unwrap().starts_with("negative,double\n"));
}

#[test]
fn what_cannot_be_used_is_refused_by_place_and_writes_nothing() {
    let huge = b"\x93NUMPY\x01\x00\x47\x00{'descr': '<f8', 'fortran_order': False, 'shape': (65536, 65536), }   \n";
    let folder = folder_with(&[
        ("semicolon.csv", b"a;b\n1;2\n"),
        ("short.csv", b"a,b,y\n1,2,3\n1,2\n"),
        ("huge.csv", b"a,y\n1,0.5\n1e39,0.5\n"),
        ("empty.csv", b""),
        ("label.csv", b"a,y\n1,0\n2,1\n3,-1\n4,0\n5,1\n6,-1\n"),
        ("t.csv", b"a,price\n1,0.5\n2,0.25\n"),
        ("huge.npy", huge),
    ]);
    let folder = folder.path();
    fails(folder, &["train", "semicolon.csv"], 3, "semicolon.csv:1: the header has one column but contains ';'");
    fails(folder, &["train", "short.csv"], 3, "short.csv:3: expected 3 cells, found 2");
    fails(folder, &["train", "huge.csv"], 3, r#"huge.csv:3: column 1 (a): expected a finite number, found "1e39""#);
    fails(folder, &["train", "empty.csv"], 3, "empty.csv: the file is empty");
    fails(folder, &["train", "label.csv"], 3, r#"label.csv:4: column 2 (y): expected a class"#);
    fails(folder, &["train", "t.csv", "--target", "prise"], 2, r#"there is no column "prise"; did you mean "price"?"#);
    fails(folder, &["train", "t.csv", "--validation-split", "1.5"], 2, "it must be above 0 and below 1");
    fails(
        folder,
        &["train", "t.csv", "--validation-split", "0.1", "--validation-data", "t.csv"],
        2,
        "cannot be used with",
    );
    fails(folder, &["train", "mnist:test", "--target", "y"], 2, "--target is for tables");
    fails(folder, &["train", "huge.npy"], 3, "the header asks for 34359738368 bytes of values, the file has 0");
    fails(folder, &["train", "none.csv"], 3, "none.csv: the file cannot be read");
    assert!(!folder.join("model.nn").exists());
}
