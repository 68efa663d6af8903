//! `setup`: installs what is missing, says each command before it runs, changes nothing where all is there.

pub(crate) mod device_target;

mod apt;
mod component;
mod emulator;

use crate::error::Error;
use crate::steps::Steps;

/// `--without-rustup` takes Debian's compiler for the device, even where rustup has the target.
pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    let with_rustup = parse(arguments)?;
    steps.time("setup", || {
        let found = [
            ("device targets", device_target::ensure(with_rustup)?),
            ("emulators", emulator::ensure()?),
            ("clippy", component::ensure("clippy", "clippy")?),
            ("rustfmt", component::ensure("rustfmt", "fmt")?),
        ];
        found.iter().for_each(|(what, version)| eprintln!("{what:<14} {version}"));
        Ok(())
    })
}

fn parse(arguments: &[String]) -> Result<bool, Error> {
    match arguments.iter().find(|argument| *argument != "--without-rustup") {
        None => Ok(arguments.is_empty()),
        Some(found) => Err(Error::usage(format!("`setup` has no `{found}`"), "its one option is `--without-rustup`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rustup_is_used_unless_refused() {
        assert!(parse(&[]).unwrap());
        assert!(!parse(&["--without-rustup".into()]).unwrap());
        assert!(parse(&["--without-rustup".into(), "--force".into()]).is_err());
    }
}
