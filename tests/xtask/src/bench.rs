//! `bench`: measures, and prints the numbers beside those of others; `device` counts instructions on an emulated chip, `host`
//! trains with peers side by side, `products` times matrix products.

use crate::error::Error;
use crate::invocation::Invocation;
use crate::steps::Steps;

pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    let (name, invocation) = measurement(arguments)?;
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
        _ => Err(Error::usage(
            format!("`bench` cannot measure `{}`", arguments.join(" ")),
            "what it can measure is `device`: instructions on an emulated Cortex-M4F; `host`: trainings beside those of peers; \
             `products`: matrix products",
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
        for wrong in ["", "gone", "device -x"] {
            assert_eq!(line(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }
}
