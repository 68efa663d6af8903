//! The steps of a command with the time that each took.

use core::fmt;
use core::time::Duration;
use std::time::Instant;

use crate::error::Error;
use crate::invocation::Invocation;

/// Steps that ran, in order; the last one may have failed.
#[derive(Default)]
pub(crate) struct Steps {
    taken: Vec<(&'static str, Duration)>,
}

impl Steps {
    /// Runs one program as a step.
    pub(crate) fn run(&mut self, name: &'static str, invocation: &Invocation) -> Result<(), Error> {
        self.time(name, || invocation.run())
    }

    /// Runs a function as a step.
    pub(crate) fn time(&mut self, name: &'static str, step: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
        let start = Instant::now();
        let outcome = step();
        self.taken.push((name, start.elapsed()));
        outcome
    }
}

/// A table of times, where there was more than one step.
impl fmt::Display for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.taken.len() < 2 {
            return Ok(());
        }
        writeln!(f)?;
        self.taken.iter().try_for_each(|(name, time)| writeln!(f, "{name:<16} {:>7.1} s", time.as_secs_f64()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_in_the_table_too() {
        let mut steps = Steps::default();
        steps.time("clippy", || Ok(())).unwrap();
        assert_eq!(steps.to_string(), "");
        steps.time("doc", || Err(Error::missing("it", "none"))).unwrap_err();
        assert_eq!(steps.to_string(), "\nclippy               0.0 s\ndoc                  0.0 s\n");
    }
}
