//! `test`: setup, check, then every test, in the release profile so that all steps share artifacts.

use crate::error::Error;
use crate::invocation::Invocation;
use crate::steps::Steps;
use crate::{check, command, setup};

pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    command::no_arguments("test", arguments)?;
    setup::run(&[], steps)?;
    check::run(&[], steps)?;
    steps.run("test", &Invocation::cargo("test --release"))?;
    steps.run("test firmware", &Invocation::cargo("test --release --package nn-firmware"))
}
