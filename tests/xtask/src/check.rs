//! `check`: formatting, lints, documentation, tidiness; warnings are errors.

use crate::command;
use crate::error::Error;
use crate::invocation::Invocation;
use crate::setup::device_target;
use crate::steps::Steps;

/// The model that the firmware is built with, from the root of the workspace.
const MODEL: &str = "tests/blobs/v1/mnist-10.nn";

/// What nn-core has besides, if somebody asks for it.
pub(crate) const FEATURES: &str = "nn-core/micromath,nn-core/nalgebra";

/// A board of each kind of driver, and its target.
const BOARDS: [(&str, &str); 3] = [
    ("mps2-an386", "thumbv7em-none-eabihf"),
    ("microbit", "thumbv6m-none-eabi"),
    ("riscv-virt", "riscv32imc-unknown-none-elf"),
];

pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    command::no_arguments("check", arguments)?;
    let format = Invocation::cargo("fmt --all -- --check").with_hint("`cargo fmt --all` formats every file");
    steps.run("fmt", &format)?;
    let host = "clippy --workspace --exclude nn-firmware --exclude nn-entries --all-targets -- -D warnings";
    steps.run("fmt fuzz", &Invocation::cargo("fmt --manifest-path tests/fuzz/Cargo.toml -- --check"))?;
    steps.run("fmt burn", &Invocation::cargo("fmt --manifest-path tests/benches/host/burn/Cargo.toml -- --check"))?;
    steps.run("clippy", &Invocation::cargo(host))?;
    let features = format!("clippy --package nn-core --all-targets --features {FEATURES} -- -D warnings");
    steps.run("clippy features", &Invocation::cargo(&features))?;
    steps.run("clippy firmware", &Invocation::cargo("clippy --package nn-firmware --all-targets -- -D warnings"))?;
    device(steps)?;
    let doc = format!("doc --workspace --exclude xtask --no-deps --features {FEATURES}");
    steps.run("doc", &Invocation::cargo(&doc).with_env("RUSTDOCFLAGS", "-D warnings"))?;
    steps.run("tidy", &Invocation::cargo("test --release --package nn-tests --test it tidy"))
}

/// Lints of what is compiled for devices alone: needs their targets for the compiler that has clippy.
fn device(steps: &mut Steps) -> Result<(), Error> {
    if !device_target::missing_in_sysroot()?.is_empty() {
        eprintln!("skipped: lints of the firmware for devices, which this machine builds without rustup");
        return Ok(());
    }
    let model = std::path::absolute(MODEL)
        .map_err(|error| Error::missing(format!("the path of {MODEL} ({error})"), "run this inside the workspace"))?;
    for (board, target) in BOARDS {
        let words = format!(
            "clippy --package nn-firmware --target {target} --features {board},bench,bits,kernels --bins --lib -- -D warnings"
        );
        steps.run("clippy device", &Invocation::cargo(&words).with_env("NN_MODEL", model.to_string_lossy()))?;
    }
    let [(_, target), ..] = BOARDS;
    let lint = |package| Invocation::cargo(&format!("clippy --package {package} --target {target} -- -D warnings"));
    steps.run("clippy assembly", &lint("nn-core"))?;
    steps.run("clippy entries", &lint("nn-entries"))
}
