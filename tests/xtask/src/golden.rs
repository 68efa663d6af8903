//! `golden`: makes the golden values anew with Keras, PyTorch, scikit-learn, SciPy and TensorFlow Lite, and compares them with the files, or writes those.

use std::path::Path;

use crate::error::Error;
use crate::invocation::Invocation;
use crate::steps::Steps;

/// The Python that the scripts run with, in a virtual environment of its own.
const PYTHON: &str = "tests/golden/.venv/bin/python";

/// A step for each file of values, and the script that makes it.
const SCRIPTS: [(&str, &str); 11] = [
    ("golden keras", "tests/golden/reference.py"),
    ("golden torch", "tests/golden/reference_torch.py"),
    ("golden metrics", "tests/golden/metrics.py"),
    ("golden schedules", "tests/golden/schedules.py"),
    ("trainings keras", "tests/golden/training.py"),
    ("trainings torch", "tests/golden/training_torch.py"),
    ("golden second order", "tests/golden/second_order.py"),
    ("golden int8", "tests/golden/int8.py"),
    ("golden tflite", "tests/golden/tflite.py"),
    ("golden fake quantization", "tests/golden/fake_quantize.py"),
    ("golden int4", "tests/golden/int4.py"),
];

/// `--check`, which is what it does without arguments, fails if a value differs; `--write` writes the files.
pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    let option = option(arguments)?;
    steps.time("environment", environment)?;
    SCRIPTS
        .iter()
        .try_for_each(|(name, script)| steps.run(name, &Invocation::new(PYTHON, &format!("{script} {option}"))))
}

/// What the scripts are told.
fn option(arguments: &[String]) -> Result<&'static str, Error> {
    match arguments {
        [] => Ok("--check"),
        [option] if option == "--check" => Ok("--check"),
        [option] if option == "--write" => Ok(""),
        _ => Err(Error::usage(
            format!("`golden` has no `{}`", arguments.join(" ")),
            "its one option is `--check` or `--write`",
        )),
    }
}

/// Makes the virtual environment if there is none, and installs what is missing in it.
fn environment() -> Result<(), Error> {
    if !Path::new(PYTHON).exists() {
        let line = Invocation::new("python3", "-m venv tests/golden/.venv");
        line.with_hint("install Python 3.11 or later with its module venv").run()?;
    }
    let line = "-m pip install --quiet --disable-pip-version-check -r tests/golden/requirements.txt \
        -r tests/golden/requirements_torch.txt -r tests/golden/requirements_int8.txt";
    Invocation::new(PYTHON, line).with_hint("it needs Python's package index, and 7 GB for PyTorch").run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_checks_unless_told_to_write() {
        let option = |words: &str| option(&words.split_whitespace().map(String::from).collect::<Vec<_>>());
        assert_eq!(option("").unwrap(), "--check");
        assert_eq!(option("--check").unwrap(), "--check");
        assert_eq!(option("--write").unwrap(), "");
        for wrong in ["write", "--check --write", "--write x"] {
            assert_eq!(option(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }
}
