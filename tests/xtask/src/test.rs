//! `test`: setup, check, then every test, in the release profile so that all steps share artifacts.
//!
//! `--full` goes on with the ignored tests, such as all 2³² numbers for every scalar function, and with fuzzing.

use crate::error::Error;
use crate::invocation::Invocation;
use crate::steps::Steps;
use crate::{check, command, fuzz, setup};

pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    let (full, others): (Vec<_>, Vec<_>) = arguments.iter().cloned().partition(|argument| argument == "--full");
    command::no_arguments("test", &others)?;
    setup::run(&[], steps)?;
    check::run(&[], steps)?;
    steps.run("test", &Invocation::cargo("test --release"))?;
    let features = format!("test --release --package nn-core --features {} -- approximate matrix", check::FEATURES);
    steps.run("test features", &Invocation::cargo(&features))?;
    steps.run("test firmware", &Invocation::cargo("test --release --package nn-firmware"))?;
    if full.is_empty() {
        return Ok(());
    }
    steps
        .run("test full", &Invocation::cargo("test --release --package nn-tests --test it -- --ignored --nocapture"))?;
    fuzz::run(&[], steps)
}
