//! Trains and infers, and writes the hash of all results to the board's serial port; see `nn-bits`.

#![no_std]
#![no_main]

use embedded_io::Write;
use nn_core::kernel;
use nn_firmware::board;

/// Runs the program once.
#[board::entry]
fn main() -> ! {
    let Some((_, mut port)) = board::take() else { board::fail() };
    let report = |part: &str, hash: nn_bits::Hash| {
        let _ = write!(port, "{part} ");
        hash.iter().for_each(|byte| _ = write!(port, "{byte:02x}"));
        let _ = writeln!(port);
    };
    match nn_bits::run(kernel::affine::<true>, report) {
        Some(()) => board::succeed(),
        None => board::fail(),
    }
}
