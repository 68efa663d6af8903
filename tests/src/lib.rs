//! What the tests across packages share: where things are, a small model, model files, mutants, counts of
//! instructions, the program `nn`.

pub mod blobs;
pub mod hostile;
pub mod instructions;
pub mod interpreter;
pub mod mutation;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use nalgebra::DMatrix;
use nn_core::random::{Purpose, Stream};
use nn_host::data::{Dataset, Features, Targets};
use nn_host::prelude::{Accuracy, Adam, CategoricalCrossentropy, Model, Relu, Sequential, Sigmoid, Softmax};

/// The root of the workspace.
#[must_use]
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The program `nn`, built once in this profile.
///
/// # Panics
/// If it cannot be built.
#[must_use]
pub fn nn() -> Command {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(workspace()).args(["build", "--quiet", "--package", "nn-host", "--bin", "nn"]);
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        assert!(cargo.status().is_ok_and(|status| status.success()), "nn cannot be built");
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from);
        target.join(if cfg!(debug_assertions) { "debug" } else { "release" }).join("nn")
    });
    Command::new(program)
}

/// A small model with layers of every kind and random weights.
///
/// # Panics
/// If it cannot be built.
#[must_use]
pub fn small_model() -> Model {
    let layers = Sequential::new(6).dense(5, Relu).dropout(0.4).dense(4, Sigmoid).dense(3, Softmax).seed(7);
    #[expect(clippy::expect_used, reason = "a test that cannot begin should say so")]
    layers.compile(CategoricalCrossentropy, Adam::default(), [Accuracy]).expect("the layers fit")
}

/// Samples for the small model: six numbers each, some of them zero, and one of three classes.
///
/// # Panics
/// If they do not go together.
#[must_use]
pub fn small_data(samples: usize) -> Dataset {
    let mut stream = Stream::new(11, Purpose::Shuffle, 0, 0);
    let x = DMatrix::from_fn(6, samples, |_, _| if stream.below(4) == 0 { 0.0 } else { 2.0 * stream.uniform() - 1.0 });
    let classes = (0..samples).map(|_| stream.below(3)).collect();
    let names = ["a", "b", "c"].map(str::to_owned).to_vec();
    #[expect(clippy::expect_used, reason = "a test that cannot begin should say so")]
    Dataset::new(Features::Floats(x), Targets::Classes { classes, names }).expect("samples and classes go together")
}
