//! The board's first serial port: Arm CMSDK UART (Cortex-M System Design Kit, DDI 0479), polled.

use core::convert::Infallible;

use embedded_io::{ErrorType, Read, Write};

/// Where UART 0 is (Application Note AN386, memory map).
const BASE: usize = 0x4000_4000;

/// STATE bit 0: the transmitter cannot take a byte.
const TRANSMIT_FULL: u32 = 1 << 0;

/// STATE bit 1: the receiver has a byte.
const RECEIVE_FULL: u32 = 1 << 1;

/// CTRL bits 0 and 1: transmitter and receiver on.
const ENABLE_BOTH: u32 = 0b11;

/// The smallest divider that the UART accepts; QEMU takes no time for a byte.
const FASTEST_DIVIDER: u32 = 16;

/// A register of the UART.
#[derive(Clone, Copy)]
enum Register {
    Data = 0x00,
    State = 0x04,
    Control = 0x08,
    Divider = 0x10,
}

impl Register {
    const fn address(self) -> *mut u32 {
        (BASE + self as usize) as *mut u32
    }

    fn read(self) -> u32 {
        // SAFETY: the address is a register of this board that can be read.
        unsafe { self.address().read_volatile() }
    }

    fn write(self, value: u32) {
        // SAFETY: the address is a register of this board that can be written.
        unsafe { self.address().write_volatile(value) }
    }
}

/// The board's first serial port.
#[derive(Debug)]
pub struct Uart(());

impl Uart {
    /// Switches the port on; called once, by [`take`](super::take).
    pub(super) fn enable() -> Self {
        Register::Divider.write(FASTEST_DIVIDER);
        Register::Control.write(ENABLE_BOTH);
        // Bytes that came before wait in QEMU's buffer, which it empties only after a read.
        let _ = Register::Data.read();
        Self(())
    }
}

impl ErrorType for Uart {
    type Error = Infallible;
}

impl Read for Uart {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        let Some(byte) = buffer.first_mut() else { return Ok(0) };
        while Register::State.read() & RECEIVE_FULL == 0 {}
        [*byte, ..] = Register::Data.read().to_le_bytes();
        Ok(1)
    }
}

impl Write for Uart {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        let Some(&byte) = bytes.first() else { return Ok(0) };
        while Register::State.read() & TRANSMIT_FULL != 0 {}
        Register::Data.write(byte.into());
        Ok(1)
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
