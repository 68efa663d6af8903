//! `demo`: setup, then the whole path from data to device, `nn demo`.

use crate::error::Error;
use crate::invocation::Invocation;
use crate::setup;
use crate::steps::Steps;

pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    setup::run(&[], steps)?;
    steps.run("demo", &Invocation::nn("demo", arguments))
}
