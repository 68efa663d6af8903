//! Compares kernels with plain Rust and writes what it finds to the board's serial port; see `nn-kernels`.

#![no_std]
#![no_main]

use embedded_io::Write;
use nn_firmware::board;
use nn_kernels::Matrices;

/// Runs the program once.
#[board::entry]
fn main() -> ! {
    let Some((_, mut port)) = board::take() else { board::fail() };
    nn_kernels::compare(&mut Matrices::new(), |line| _ = writeln!(port, "{line}"));
    board::succeed()
}
