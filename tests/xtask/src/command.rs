//! The table of commands: name, arguments, what it is for, and the function that does it.

use crate::error::Error;
use crate::steps::Steps;
use crate::{bench, check, demo, firmware, fuzz, golden, qemu, setup, test};

type Run = fn(&[String], &mut Steps) -> Result<(), Error>;

#[rustfmt::skip]
const COMMANDS: [(&str, &str, &str, Run); 9] = [
    ("setup", "[--without-rustup]", "install what is missing: device targets, QEMU, clippy, rustfmt", setup::run),
    ("demo", "[ARGS…]", "setup, then the whole path from data to device", demo::run),
    ("check", "", "formatting, lints, documentation, tidiness", check::run),
    ("test", "[--full]", "setup, check, then every test: what CI runs; --full: and what takes hours", test::run),
    ("bench", "device | host | products [OPTIONS]", "instructions on an emulated chip; training, beside others", bench::run),
    ("fuzz", "[SECONDS]", "hostile model files and messages under libFuzzer, each for so long", fuzz::run),
    ("firmware", "[--board B] --model FILE [-o ELF]", "build the firmware of a model", firmware::run),
    ("golden", "[--check | --write]", "compare the golden values with Keras and PyTorch, or write them anew", golden::run),
    ("qemu", "[--board B] --model FILE", "run the firmware of a model in QEMU", qemu::run),
];

/// Runs the command that the first argument names, with the arguments after it.
pub(crate) fn run(arguments: &[String], steps: &mut Steps) -> Result<(), Error> {
    let Some((name, rest)) = arguments.split_first() else {
        eprint!("{}", usage());
        return Err(Error::usage("the command is missing", "name one of those above"));
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        eprint!("{}", usage());
        return Ok(());
    }
    let Some((.., run)) = COMMANDS.iter().find(|(known, ..)| known == name) else {
        let names = COMMANDS.map(|(known, ..)| known).join(", ");
        return Err(Error::usage(format!("there is no command `{name}`"), format!("there are {names} and help")));
    };
    run(rest, steps)
}

/// Refuses arguments after a command that takes none.
pub(crate) fn no_arguments(command: &str, arguments: &[String]) -> Result<(), Error> {
    let Some(found) = arguments.first() else { return Ok(()) };
    Err(Error::usage(
        format!("`{command}` takes no arguments, found `{found}`"),
        "`cargo xtask help` lists what each takes",
    ))
}

fn usage() -> String {
    let line = |name, arguments, about| format!("  {:<43} {about}\n", format!("{name} {arguments}"));
    let commands: String = COMMANDS.iter().map(|(name, arguments, about, _)| line(name, arguments, about)).collect();
    format!("Usage: cargo xtask COMMAND\n\n{commands}{}", line(&"help", &"", &"this text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exit_code(words: &str) -> u8 {
        let arguments: Vec<String> = words.split_whitespace().map(String::from).collect();
        run(&arguments, &mut Steps::default()).map_or_else(|error| error.exit_code(), |()| 0)
    }

    #[test]
    fn help_succeeds_and_wrong_usage_exits_with_2() {
        for (words, code) in
            [("help", 0), ("--help", 0), ("", 2), ("deploy", 2), ("check -x", 2), ("test -x", 2), ("fuzz -x", 2)]
        {
            assert_eq!(exit_code(words), code, "{words}");
        }
    }

    #[test]
    fn usage_has_one_line_a_command() {
        assert_eq!(usage().lines().count(), 2 + COMMANDS.len() + 1);
    }
}
