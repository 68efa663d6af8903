//! A program with its arguments, shown as `$ line` on stderr before it runs.

use core::fmt;
use std::process::{Command, ExitStatus, Stdio};

use crate::error::Error;

const HINT: &str = "what it printed says why; the line can be run alone, in the root of the workspace";

/// A program with its arguments and environment.
pub(crate) struct Invocation {
    program: &'static str,
    arguments: Vec<String>,
    environment: Vec<(&'static str, String)>,
    hint: &'static str,
}

impl Invocation {
    /// From a line whose words hold no spaces.
    pub(crate) fn new(program: &'static str, words: &str) -> Self {
        let arguments = words.split_whitespace().map(String::from).collect();
        Self { program, arguments, environment: Vec::new(), hint: HINT }
    }

    /// The cargo that started this program.
    pub(crate) fn cargo(words: &str) -> Self {
        Self::new("cargo", words)
    }

    /// The command line program `nn`.
    pub(crate) fn nn(words: &str, arguments: &[String]) -> Self {
        let mut line = Self::cargo("run --release --package nn-host --bin nn --");
        line.arguments.extend(words.split_whitespace().map(String::from));
        line.arguments.extend_from_slice(arguments);
        line
    }

    /// With more arguments, which may hold spaces.
    pub(crate) fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|&argument| argument.to_owned()));
        self
    }

    pub(crate) fn with_env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// What helps when it fails.
    pub(crate) fn with_hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    /// Runs it, with its output on the terminal.
    pub(crate) fn run(&self) -> Result<(), Error> {
        let status = self.shown().status().map_err(|error| self.failed(format!("did not start: {error}"), 1))?;
        self.succeeded(status)
    }

    /// Runs it, and returns the first line that it prints.
    pub(crate) fn first_line(&self) -> Result<String, Error> {
        Ok(self.output()?.lines().next().unwrap_or_default().to_owned())
    }

    /// Runs it, and returns what it prints.
    pub(crate) fn output(&self) -> Result<String, Error> {
        let output = self.shown().stderr(Stdio::inherit()).output();
        let output = output.map_err(|error| self.failed(format!("did not start: {error}"), 1))?;
        self.succeeded(output.status)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn shown(&self) -> Command {
        eprintln!("$ {self}");
        let started_by = std::env::var_os("CARGO").filter(|_| self.program == "cargo");
        let mut command = Command::new(started_by.unwrap_or_else(|| self.program.into()));
        command.args(&self.arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn succeeded(&self, status: ExitStatus) -> Result<(), Error> {
        match status.code() {
            Some(0) => Ok(()),
            Some(code) => Err(self.failed(format!("failed with exit code {code}"), u8::try_from(code).unwrap_or(1))),
            None => Err(self.failed(format!("was stopped: {status}"), 1)),
        }
    }

    fn failed(&self, ending: String, code: u8) -> Error {
        Error::Failed { line: self.to_string(), ending, code, hint: self.hint }
    }
}

/// The line as one would type it in a shell.
impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.environment {
            write!(f, "{name}={} ", quoted(value))?;
        }
        write!(f, "{}", self.program)?;
        self.arguments.iter().try_for_each(|argument| write!(f, " {}", quoted(argument)))
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Whether a program of that name is in a folder of `PATH`.
pub(crate) fn is_on_path(program: &str) -> bool {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(&file).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_one_would_type() {
        let line = Invocation::cargo("doc --no-deps").with_env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(line.to_string(), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
        let line = Invocation::nn("demo", &["it's".into(), String::new(), "--seed=1".into()]);
        assert_eq!(line.to_string(), r"cargo run --release --package nn-host --bin nn -- demo 'it'\''s' '' --seed=1");
    }

    #[cfg(unix)]
    #[test]
    fn says_with_which_code_a_program_failed() {
        let error = Invocation::new("false", "").run().unwrap_err();
        assert_eq!(error.to_string(), "`false` failed with exit code 1");
    }

    #[test]
    fn says_which_program_did_not_start() {
        let error = Invocation::new("no-such-program-here", "").run().unwrap_err();
        assert!(error.to_string().starts_with("`no-such-program-here` did not start: "));
    }
}
