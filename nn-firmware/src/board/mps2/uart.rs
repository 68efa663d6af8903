//! The board's first serial port: Arm CMSDK UART (Cortex-M System Design Kit, DDI 0479).
#![expect(unsafe_code, reason = "registers are memory that Rust does not know of")]

use super::super::chosen::IMAGE;
use super::super::port::Uart;
use super::super::registers::Registers;

// SAFETY: a UART is there, and the offsets below are those of its registers.
const REGISTERS: Registers<u32> = unsafe { Registers::at(IMAGE.uart) };

const DATA: usize = 0x00;
const STATE: usize = 0x04;
const CONTROL: usize = 0x08;
const DIVIDER: usize = 0x10;

/// STATE bit 0: the transmitter cannot take a byte.
const TRANSMIT_FULL: u32 = 1 << 0;

/// STATE bit 1: the receiver has a byte.
const RECEIVE_FULL: u32 = 1 << 1;

/// CONTROL bits 0 and 1: transmitter and receiver on.
const ENABLE_BOTH: u32 = 0b11;

/// The smallest divider that the UART accepts; QEMU takes no time for a byte.
const FASTEST_DIVIDER: u32 = 16;

/// The UART, switched on.
#[derive(Debug)]
pub struct CmsdkUart(());

impl CmsdkUart {
    /// Switches the UART on; called once, by [`take`](super::take).
    pub(super) fn enable() -> Self {
        REGISTERS.write(DIVIDER, FASTEST_DIVIDER);
        REGISTERS.write(CONTROL, ENABLE_BOTH);
        // Bytes that came before wait in QEMU's buffer, which it empties only after a read.
        let _ = REGISTERS.read(DATA);
        Self(())
    }
}

impl Uart for CmsdkUart {
    fn receive(&mut self) -> u8 {
        while REGISTERS.read(STATE) & RECEIVE_FULL == 0 {}
        let [byte, ..] = REGISTERS.read(DATA).to_le_bytes();
        byte
    }

    fn send(&mut self, byte: u8) {
        while REGISTERS.read(STATE) & TRANSMIT_FULL != 0 {}
        REGISTERS.write(DATA, byte.into());
    }
}
