//! The command line `nn`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
