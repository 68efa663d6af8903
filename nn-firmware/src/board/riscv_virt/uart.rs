//! The machine's serial port: a 16550, which QEMU has switched on.
#![expect(unsafe_code, reason = "registers are memory that Rust does not know of")]

use super::super::port::Uart;
use super::super::registers::Registers;

// SAFETY: a UART is there, and the offsets below are those of its registers.
const REGISTERS: Registers<u8> = unsafe { Registers::at(0x1000_0000) };

/// What was received is read here, and what is sent is written.
const DATA: usize = 0;
const LINE_STATUS: usize = 5;

/// LINE_STATUS bit 0: the receiver has a byte.
const RECEIVE_FULL: u8 = 1 << 0;

/// LINE_STATUS bit 5: the transmitter can take a byte.
const TRANSMIT_EMPTY: u8 = 1 << 5;

/// The UART.
#[derive(Debug)]
pub struct Uart16550(pub(super) ());

impl Uart for Uart16550 {
    fn receive(&mut self) -> u8 {
        while REGISTERS.read(LINE_STATUS) & RECEIVE_FULL == 0 {}
        REGISTERS.read(DATA)
    }

    fn send(&mut self, byte: u8) {
        while REGISTERS.read(LINE_STATUS) & TRANSMIT_EMPTY == 0 {}
        REGISTERS.write(DATA, byte);
    }
}
