//! The UART of the nRF51, on the pins that lead to the micro:bit's USB chip.
#![expect(unsafe_code, reason = "registers are memory that Rust does not know of")]

use super::super::port::Uart;
use super::super::registers::Registers;

// SAFETY: a UART is there, and the offsets below are those of its registers.
const REGISTERS: Registers<u32> = unsafe { Registers::at(0x4000_2000) };

const START_RECEIVER: usize = 0x000;
const START_TRANSMITTER: usize = 0x008;
const RECEIVED: usize = 0x108;
const TRANSMITTED: usize = 0x11c;
const ENABLE: usize = 0x500;
const TRANSMIT_PIN: usize = 0x50c;
const RECEIVE_PIN: usize = 0x514;
const RECEIVE: usize = 0x518;
const TRANSMIT: usize = 0x51c;
const BAUD_RATE: usize = 0x524;

/// ENABLE: the peripheral is on.
const ENABLED: u32 = 4;

/// BAUD_RATE: 115,200 bits a second.
const BAUD_115200: u32 = 0x01d7_e000;

/// The UART, switched on.
#[derive(Debug)]
pub struct Nrf51Uart(());

impl Nrf51Uart {
    /// Switches the UART on; called once, by [`take`](super::take).
    pub(super) fn enable() -> Self {
        REGISTERS.write(TRANSMIT_PIN, 24);
        REGISTERS.write(RECEIVE_PIN, 25);
        REGISTERS.write(BAUD_RATE, BAUD_115200);
        REGISTERS.write(ENABLE, ENABLED);
        REGISTERS.write(START_RECEIVER, 1);
        REGISTERS.write(START_TRANSMITTER, 1);
        Self(())
    }
}

impl Uart for Nrf51Uart {
    fn receive(&mut self) -> u8 {
        while REGISTERS.read(RECEIVED) == 0 {}
        // Cleared before the byte is taken, because a byte that waits behind it sets the event again.
        REGISTERS.write(RECEIVED, 0);
        let [byte, ..] = REGISTERS.read(RECEIVE).to_le_bytes();
        byte
    }

    fn send(&mut self, byte: u8) {
        REGISTERS.write(TRANSMIT, byte.into());
        while REGISTERS.read(TRANSMITTED) == 0 {}
        REGISTERS.write(TRANSMITTED, 0);
    }
}
