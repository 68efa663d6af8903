//! Compares layers of bytes with plain Rust and writes what it finds to the board's serial port; see `nn-kernels`.

#![no_std]
#![no_main]
#![expect(unsafe_code, reason = "a static that is changed: more than fits a small stack")]

use embedded_io::Write;
use nn_firmware::board;
use nn_kernels::Bytes;

static mut BYTES: Bytes = Bytes::EMPTY;

/// Runs the program once.
#[board::entry]
fn main() -> ! {
    let Some((_, mut port)) = board::take() else { board::fail() };
    let bytes = &raw mut BYTES;
    // SAFETY: this function alone uses it, and runs once.
    let bytes = unsafe { &mut *bytes };
    bytes.compare(|line| _ = writeln!(port, "{line}"));
    board::succeed()
}
