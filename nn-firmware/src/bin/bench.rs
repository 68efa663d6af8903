//! Counts instructions of inference and training, and writes them to the board's serial port; see `nn-kernels`.

#![no_std]
#![no_main]
#![expect(unsafe_code, reason = "statics that are changed: megabytes, of which no stack could hold a copy")]

use embedded_io::Write;
use nn_firmware::board;
use nn_firmware::machine::Machine;
use nn_kernels::{ByteWorkbench, Counter, Workbench};

/// So often a piece of work is done: the board's clock tells 40 instructions apart, the mean of so many not even two.
const REPETITIONS: u32 = 25;

/// With QEMU's `-icount shift=0` an instruction takes a nanosecond.
const NANOSECONDS_PER_SECOND: u32 = 1_000_000_000;

static mut WORKBENCH: Workbench = Workbench::EMPTY;
static mut BYTE_WORKBENCH: ByteWorkbench = ByteWorkbench::EMPTY;

/// The board's clock as a counter.
struct Clock<M>(M);

impl<M: Machine> Counter for Clock<M> {
    fn instructions(&mut self, mut work: impl FnMut()) -> u32 {
        self.0.restart_clock();
        (0..REPETITIONS).for_each(|_| work());
        self.0.ticks() * (NANOSECONDS_PER_SECOND / M::TICKS_PER_SECOND) / REPETITIONS
    }

    fn stack(&self) -> u32 {
        self.0.stack_bytes()
    }
}

/// Runs the program once.
#[board::entry]
fn main() -> ! {
    let Some((machine, mut port)) = board::take() else { board::fail() };
    let (workbench, byte_workbench) = (&raw mut WORKBENCH, &raw mut BYTE_WORKBENCH);
    // SAFETY: this function alone uses them, and runs once.
    let (workbench, byte_workbench) = unsafe { (&mut *workbench, &mut *byte_workbench) };
    let mut clock = Clock(machine);
    workbench.measure(&mut clock, |line| _ = writeln!(port, "{line}"));
    byte_workbench.measure(&mut clock, |line| _ = writeln!(port, "{line}"));
    board::succeed()
}
