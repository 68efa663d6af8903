//! `demo`: setup, then the whole path from data to device, `nn demo`.

use crate::error::Error;
use crate::invocation::Invocation;
use crate::setup;
use crate::steps::Steps;

pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    setup::run(&[], steps)?;
    let names_output = |argument: &String| argument.starts_with("-o") || argument.starts_with("--output");
    // A checkout stays clean unless the user names a place.
    let words = if arguments.iter().any(names_output) { "demo" } else { "demo -o target/mnist.nn" };
    steps.run("demo", &Invocation::nn(words, arguments))
}
