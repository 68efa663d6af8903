//! `firmware`: builds the firmware of a model, `nn firmware build`.

use crate::error::Error;
use crate::invocation::Invocation;
use crate::steps::Steps;

pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    steps.run("firmware", &Invocation::nn("firmware build", arguments))
}
