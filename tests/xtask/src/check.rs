//! `check`: formatting, lints, documentation, tidiness; warnings are errors.

use crate::command;
use crate::error::Error;
use crate::invocation::Invocation;
use crate::setup::device_target::{self, TARGET};
use crate::steps::Steps;

/// The model that the firmware is built with, from the root of the workspace.
const MODEL: &str = "tests/blobs/v1/mnist-10.nn";

/// What nn-core has besides, if somebody asks for it.
pub(crate) const FEATURES: &str = "nn-core/micromath,nn-core/nalgebra";

pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    command::no_arguments("check", arguments)?;
    let format = Invocation::cargo("fmt --all -- --check").with_hint("`cargo fmt --all` formats every file");
    steps.run("fmt", &format)?;
    steps.run("fmt fuzz", &Invocation::cargo("fmt --manifest-path tests/fuzz/Cargo.toml -- --check"))?;
    let host = "clippy --workspace --exclude nn-firmware --all-targets -- -D warnings";
    steps.run("clippy", &Invocation::cargo(host))?;
    let features = format!("clippy --package nn-core --all-targets --features {FEATURES} -- -D warnings");
    steps.run("clippy features", &Invocation::cargo(&features))?;
    steps.run("clippy firmware", &Invocation::cargo("clippy --package nn-firmware --all-targets -- -D warnings"))?;
    device(steps)?;
    let doc = format!("doc --workspace --exclude xtask --no-deps --features {FEATURES}");
    steps.run("doc", &Invocation::cargo(&doc).with_env("RUSTDOCFLAGS", "-D warnings"))?;
    steps.run("tidy", &Invocation::cargo("test --release --package nn-tests --test it tidy"))
}

/// Lints of what is compiled for the device alone: needs its target for the compiler that has clippy.
fn device(steps: &mut Steps) -> Result<(), Error> {
    if !device_target::is_in_sysroot()? {
        eprintln!("skipped: lints of the firmware for {TARGET}, which this machine builds without rustup");
        return Ok(());
    }
    let model = std::path::absolute(MODEL)
        .map_err(|error| Error::missing(format!("the path of {MODEL} ({error})"), "run this inside the workspace"))?;
    let words =
        format!("clippy --package nn-firmware --target {TARGET} --features mps2-an386 --bins --lib -- -D warnings");
    steps.run("clippy device", &Invocation::cargo(&words).with_env("NN_MODEL", model.to_string_lossy()))
}
