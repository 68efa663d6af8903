//! `bench`: measures, and prints the numbers beside those of others; `device` counts instructions on an emulated chip.

use crate::error::Error;
use crate::invocation::Invocation;
use crate::steps::Steps;

pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    steps.run("bench device", &Invocation::cargo(line(arguments)?))
}

/// The line for cargo that measures what the arguments name.
fn line(arguments: &[String]) -> Result<&'static str, Error> {
    match arguments {
        [what] if what == "device" => Ok("bench --quiet --package nn-tests --bench device"),
        _ => Err(Error::usage(
            format!("`bench` cannot measure `{}`", arguments.join(" ")),
            "what it can measure is `device`: instructions on an emulated Cortex-M4F",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_measures_what_there_is() {
        assert!(line(&["device".into()]).unwrap().ends_with("--bench device"));
        for wrong in [&[][..], &["host".into()], &["device".into(), "-x".into()]] {
            assert_eq!(line(wrong).unwrap_err().exit_code(), 2, "{wrong:?}");
        }
    }
}
