//! The developer commands of this workspace, each defined once: `cargo xtask COMMAND`.

mod bench;
mod check;
mod demo;
mod firmware;
mod fuzz;
mod golden;
mod qemu;
mod setup;
mod test;

mod command;
mod error;
mod invocation;
mod steps;
mod workspace;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut steps = steps::Steps::default();
    let outcome = workspace::enter().and_then(|arguments| command::run(&arguments, &mut steps));
    eprint!("{steps}");
    if let Err(error) = outcome {
        eprintln!("error: {error}\nhint: {}", error.hint());
        return ExitCode::from(error.exit_code());
    }
    ExitCode::SUCCESS
}
