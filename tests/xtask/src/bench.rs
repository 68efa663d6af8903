//! `bench`: measures, and prints the numbers beside those of others; `device` counts instructions on an emulated chip, `host`
//! trains with peers side by side, `products` times matrix products, `steps` counts instructions of training steps.

use crate::error::Error;
use crate::invocation::Invocation;
use crate::steps::Steps;

/// What counts the instructions of steps, of the version that `Cargo.toml` names for the crate.
const RUNNER: &str = "install --quiet gungraun-runner@0.20.0 --root target/tools";

const RUNNER_PROGRAM: &str = "target/tools/bin/gungraun-runner";

const HINT: &str = "instructions of steps are counted by Valgrind, which has to be installed";

pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    let (name, invocation) = measurement(arguments)?;
    if arguments.first().is_some_and(|what| what == "steps") {
        steps.run("runner", &Invocation::cargo(RUNNER))?;
        let runner = std::path::absolute(RUNNER_PROGRAM).map_err(|error| Error::usage(error.to_string(), HINT))?;
        let runner = runner.to_string_lossy().into_owned();
        return steps.run(name, &invocation.with_env("GUNGRAUN_RUNNER", runner).with_hint(HINT));
    }
    steps.run(name, &invocation)
}

/// The step that measures what the arguments name; those behind `host` and `products` are for what it runs.
fn measurement(arguments: &[String]) -> Result<(&'static str, Invocation), Error> {
    let names: Vec<_> = arguments.iter().map(String::as_str).collect();
    match *names {
        ["device"] => Ok(("bench device", Invocation::cargo("bench --quiet --package nn-tests --bench device"))),
        ["host", ref rest @ ..] => {
            Ok(("bench host", Invocation::new("python3", "tests/benches/host/compare.py").with(rest)))
        }
        ["products", ref rest @ ..] => {
            let line = Invocation::cargo("bench --quiet --package nn-products --bench products --");
            Ok(("bench products", line.with(rest)))
        }
        ["steps", ref rest @ ..] => {
            let line = Invocation::cargo("bench --quiet --package nn-products --bench steps --");
            Ok(("bench steps", line.with(rest)))
        }
        _ => Err(Error::usage(
            format!("`bench` cannot measure `{}`", arguments.join(" ")),
            "what it can measure is `device`: instructions on an emulated Cortex-M4F; `host`: trainings beside those of peers; \
             `products`: matrix products; `steps`: instructions of training steps",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(words: &str) -> Result<String, Error> {
        let words: Vec<String> = words.split_whitespace().map(String::from).collect();
        measurement(&words).map(|(_, invocation)| invocation.to_string())
    }

    #[test]
    fn it_measures_what_there_is() {
        assert!(line("device").unwrap().ends_with("--bench device"));
        assert!(line("host").unwrap().ends_with("host/compare.py"));
        assert!(line("host --rounds 1").unwrap().ends_with("host/compare.py --rounds 1"));
        assert!(line("products affine").unwrap().ends_with("--bench products -- affine"));
        assert!(line("steps").unwrap().contains("--bench steps"));
        for wrong in ["", "gone", "device -x"] {
            assert_eq!(line(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }
}
