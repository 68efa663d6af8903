//! Trainings that are killed without warning, at any moment, and taken up again: they end with the same bits.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Instant;

use nn_core::random::{Purpose, Stream};
use nn_host::model::Model;
use nn_tests::nn;
use tempfile::TempDir;

/// How often a training is killed.
const KILLS: u32 = 50;

/// Everything random in it, and everything that remembers.
const TRAINING: [&str; 24] = [
    "train",
    "table.csv",
    "--layers",
    "24:relu dropout:0.2",
    "--optimizer",
    "adam,use_ema=1,clipnorm=1",
    "--lr-schedule",
    "cosine_decay",
    "--augment",
    "noise=0.05",
    "--validation-split",
    "0.2",
    "--early-stopping",
    "patience=1000,restore_best_weights=true",
    "--reduce-lr-on-plateau",
    "patience=2",
    "--epochs",
    "12",
    "--batch-size",
    "4",
    "--checkpoint",
    "run",
    "--resume",
    "--quiet",
];

/// A folder with a table whose rows are two classes around a circle.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut stream = Stream::new(1, Purpose::Shuffle, 0, 0);
    let mut table = "x,y,place\n".to_owned();
    for _ in 0..600 {
        let [x, y] = [(); 2].map(|()| 2.0 * stream.uniform() - 1.0);
        let place = if x * x + y * y < 0.6 { "inside" } else { "outside" };
        table.push_str(&format!("{x},{y},{place}\n"));
    }
    fs::write(folder.path().join("table.csv"), table).unwrap();
    folder
}

fn start(folder: &Path) -> Child {
    let mut command = nn();
    command.current_dir(folder).args(TRAINING).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The checksum of the weights after the training has come to its end.
fn finished(folder: &Path) -> [u8; 32] {
    let output = start(folder).wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Model::load(folder.join("model.nn")).unwrap().weights_sha256()
}

#[test]
fn killed_at_any_moment_a_training_ends_with_the_same_bits() {
    let whole_folder = folder();
    let started = Instant::now();
    let whole = finished(whole_folder.path());
    let duration = started.elapsed();
    let mut stream = Stream::new(2, Purpose::Shuffle, 0, 0);
    let mut in_the_middle = 0;
    for kill in 0..KILLS {
        let folder = folder();
        let mut child = start(folder.path());
        sleep(duration.mul_f32(stream.uniform()));
        child.kill().unwrap();
        child.wait().unwrap();
        let state = folder.path().join("run/training.safetensors");
        in_the_middle += u32::from(state.exists() && !folder.path().join("model.nn").exists());
        assert_eq!(finished(folder.path()), whole, "kill {kill}");
        let left: Vec<_> =
            fs::read_dir(folder.path().join("run")).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert!(left.len() <= 4, "files of a write that was killed stay few: {left:?}");
    }
    assert!(in_the_middle > 0, "none of {KILLS} was killed between first checkpoint and end");
}

#[test]
fn another_seed_has_other_bits() {
    let folder = folder();
    let mut command = nn();
    command.current_dir(folder.path()).args(TRAINING).args(["--seed", "1"]);
    assert!(command.status().unwrap().success());
    let other = Model::load(folder.path().join("model.nn")).unwrap().weights_sha256();
    assert_ne!(other, finished(self::folder().path()));
}
