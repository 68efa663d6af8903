//! QEMU's own machine for RISC-V, `virt`, with a processor that knows no more than rv32imc.
#![expect(unsafe_code, reason = "a name for the linker, and registers are memory that Rust does not know of")]

mod uart;

pub use riscv_rt::entry;

use uart::Uart16550;

use super::port::Port;
use super::registers::Registers;
use super::{exit, painted_stack};
use crate::machine::Machine;

// SAFETY: the core-local interruptor is there, and the offset below is that of one of its registers.
const INTERRUPTOR: Registers<u32> = unsafe { Registers::at(0x0200_0000) };

/// The low half of the clock `mtime`.
const TIME: usize = 0xbff8;

/// The processor with its clock.
#[derive(Debug)]
pub struct Processor {
    /// When the clock was set to zero.
    start: u32,
}

/// The processor and the serial port; called once.
#[must_use]
pub fn take() -> Option<(Processor, Port<Uart16550>)> {
    painted_stack::paint();
    Some((Processor { start: INTERRUPTOR.read(TIME) }, Port(Uart16550(()))))
}

impl Machine for Processor {
    const NAME: &'static str = super::NAME;
    const TICKS_PER_SECOND: u32 = 10_000_000;

    fn restart_clock(&mut self) {
        self.start = INTERRUPTOR.read(TIME);
    }

    fn ticks(&self) -> u32 {
        INTERRUPTOR.read(TIME).wrapping_sub(self.start)
    }

    fn stack_bytes(&self) -> u32 {
        painted_stack::bytes_used()
    }
}

/// What riscv-rt calls when an instruction or an address cannot be used.
#[unsafe(no_mangle)]
extern "C" fn ExceptionHandler(_frame: &riscv_rt::TrapFrame) -> ! {
    exit::fail()
}
