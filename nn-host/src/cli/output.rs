//! Where results go, and how.

use std::io::{self, ErrorKind, IsTerminal, Write};

use serde_json::Value;

use super::arguments::{Format, Global};
use super::failure::Failure;

/// Where results go, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Output {
    format: Format,
    quiet: bool,
    progress: bool,
}

impl Output {
    pub(super) fn new(global: &Global) -> Self {
        let progress = !global.no_progress && !global.quiet && io::stderr().is_terminal();
        Self { format: global.format, quiet: global.quiet, progress }
    }

    /// Whether a progress bar may be drawn.
    pub(super) const fn has_progress(&self) -> bool {
        self.progress
    }

    /// Prints a result: as text for people, as an object for programs.
    pub(super) fn result(&self, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) -> Result<(), Failure> {
        match self.format {
            Format::Human => print(&text()),
            Format::Json => print(&format!("{:#}\n", json())),
        }
    }

    /// Says what happens, on standard error.
    pub(super) fn note(&self, text: impl core::fmt::Display) {
        if !self.quiet {
            // Where nobody reads standard error, nobody misses it.
            let _ = writeln!(io::stderr().lock(), "{text}");
        }
    }
}

/// A number with the digits that an f32 has, where a conversion to f64 would show more.
pub(super) fn number(value: f32) -> Value {
    let digits = value.to_string().parse::<f64>().ok().and_then(serde_json::Number::from_f64);
    digits.map_or(Value::Null, Value::Number)
}

/// Prints to standard output; a reader who has seen enough is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::from(error).context("cannot write to standard output"))
        }
        _ => Ok(()),
    }
}
