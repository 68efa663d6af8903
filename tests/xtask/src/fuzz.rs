//! `fuzz`: every target of `tests/fuzz` under libFuzzer with AddressSanitizer, each for so many seconds.
//!
//! The sanitizer needs a nightly compiler; where there is none, the stable one is told to take unstable options.

use std::fs;
use std::path::Path;

use crate::error::Error;
use crate::invocation::{Invocation, is_on_path};
use crate::steps::Steps;

/// How long each target runs if nothing else is said.
const SECONDS: u32 = 60;

/// Each target, and folders with good inputs to start from.
const TARGETS: [(&str, &str); 2] = [("model_file", "tests/blobs/v1"), ("link", "")];

/// Where everything goes that is made: builds, inputs that reach something new, inputs that fail.
const FOLDER: &str = "target/fuzz";

/// Counters and comparisons that libFuzzer is guided by.
const FLAGS: &str = "--cfg fuzzing -Zsanitizer=address -Ccodegen-units=1 -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Inputs as long as a frame; ten seconds for one, and 256 MB, are far more than it may take.
const LIMITS: &str = "-max_len=4096 -timeout=10 -malloc_limit_mb=256";

const HINT: &str = "a failing input is in target/fuzz/artifacts; a build needs a C++ compiler for libFuzzer";

pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    let seconds = seconds(arguments)?;
    let host = Invocation::new("rustc", "--print host-tuple").first_line()?;
    prepare()?;
    for (target, seeds) in TARGETS {
        let words = format!(
            "run --release --manifest-path tests/fuzz/Cargo.toml --target {host} --target-dir {FOLDER} --bin {target} -- \
             -max_total_time={seconds} {LIMITS} -artifact_prefix={FOLDER}/artifacts/{target}- \
             {FOLDER}/corpus/{target} {seeds}"
        );
        steps.run(target, &unstable_cargo(&words).with_env("RUSTFLAGS", FLAGS).with_hint(HINT))?;
    }
    Ok(())
}

fn seconds(arguments: &[String]) -> Result<u32, Error> {
    let wrong = |found: &str| {
        Error::usage(format!("`fuzz` takes a number of seconds, found `{found}`"), "cargo xtask fuzz 600")
    };
    match arguments {
        [] => Ok(SECONDS),
        [seconds] => seconds.parse().map_err(|_| wrong(seconds)),
        [_, more, ..] => Err(wrong(more)),
    }
}

/// Makes the folders, and takes over the versions that the workspace has.
fn prepare() -> Result<(), Error> {
    let made =
        TARGETS.iter().try_for_each(|(target, _)| fs::create_dir_all(Path::new(FOLDER).join("corpus").join(target)));
    let made = made.and_then(|()| fs::create_dir_all(Path::new(FOLDER).join("artifacts")));
    let made = made.and_then(|()| fs::copy("Cargo.lock", "tests/fuzz/Cargo.lock"));
    made.map(drop).map_err(|error| Error::missing(format!("a place for {FOLDER} ({error})"), "make room there"))
}

/// A cargo that takes unstable options.
fn unstable_cargo(words: &str) -> Invocation {
    let nightly = Invocation::new("rustup", "run nightly rustc --version");
    if is_on_path("rustup") && nightly.first_line().is_ok() {
        return Invocation::new("rustup", &format!("run nightly cargo {words}"));
    }
    Invocation::cargo(words).with_env("RUSTC_BOOTSTRAP", "1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(words: &str) -> Result<u32, String> {
        let arguments: Vec<String> = words.split_whitespace().map(String::from).collect();
        seconds(&arguments).map_err(|error| error.to_string())
    }

    #[test]
    fn takes_seconds_or_nothing() {
        assert_eq!(typed(""), Ok(SECONDS));
        assert_eq!(typed("600"), Ok(600));
        assert_eq!(typed("long"), Err("`fuzz` takes a number of seconds, found `long`".into()));
        assert_eq!(typed("60 more"), Err("`fuzz` takes a number of seconds, found `more`".into()));
    }
}
