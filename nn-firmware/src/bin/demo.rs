//! Serves the model file named by `NN_MODEL` on the board's serial port.

#![no_std]
#![no_main]

use nn_firmware::board;
use nn_firmware::demo::{self, Aligned};

// `MODEL`, the file's bytes in flash, and `Network`, its type.
include!(concat!(env!("OUT_DIR"), "/model.rs"));

/// Serves for as long as the port works.
#[board::entry]
fn main() -> ! {
    if let Some((machine, port)) = board::take() {
        let _ = demo::serve::<Network<'_>, _, _>(&MODEL.0, port, machine);
    }
    board::fail()
}
