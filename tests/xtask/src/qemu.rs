//! `qemu`: builds the firmware of a model and runs it in QEMU, `nn firmware run`.

use crate::error::Error;
use crate::invocation::Invocation;
use crate::steps::Steps;

pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    steps.run("qemu", &Invocation::nn("firmware run", arguments))
}
