//! TIMER0 of the nRF51, which counts the cycles of the 16 MHz clock in 32 bits.
#![expect(unsafe_code, reason = "registers are memory that Rust does not know of")]

use super::super::registers::Registers;

// SAFETY: a timer is there, and the offsets below are those of its registers.
const REGISTERS: Registers<u32> = unsafe { Registers::at(0x4000_8000) };

const START: usize = 0x000;
const CLEAR: usize = 0x00c;
const CAPTURE: usize = 0x040;
const BIT_MODE: usize = 0x508;
const PRESCALER: usize = 0x510;
const CAPTURED: usize = 0x540;

/// BIT_MODE: 32 bits.
const BITS_32: u32 = 3;

/// The timer, running.
#[derive(Debug)]
pub(super) struct Timer(());

impl Timer {
    /// Ticks a second.
    pub(super) const TICKS_PER_SECOND: u32 = 16_000_000;

    /// Starts the timer; called once, by [`take`](super::take).
    pub(super) fn start() -> Self {
        REGISTERS.write(BIT_MODE, BITS_32);
        REGISTERS.write(PRESCALER, 0);
        REGISTERS.write(CLEAR, 1);
        REGISTERS.write(START, 1);
        Self(())
    }

    /// Sets the timer to zero.
    pub(super) fn clear(&mut self) {
        REGISTERS.write(CLEAR, 1);
    }

    /// Ticks since the timer was set to zero.
    pub(super) fn ticks(&self) -> u32 {
        REGISTERS.write(CAPTURE, 1);
        REGISTERS.read(CAPTURED)
    }
}
