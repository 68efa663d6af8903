//! A serial port that waits for each byte, over the driver of a UART.

use core::convert::Infallible;

use embedded_io::{ErrorType, Read, Write};

/// What moves one byte at a time.
pub trait Uart {
    /// Waits for a byte and takes it.
    fn receive(&mut self) -> u8;

    /// Waits until a byte can be sent, and sends it.
    fn send(&mut self, byte: u8);
}

/// The board's serial port.
#[derive(Debug)]
pub struct Port<U>(pub(super) U);

impl<U> ErrorType for Port<U> {
    type Error = Infallible;
}

impl<U: Uart> Read for Port<U> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        let Some(byte) = buffer.first_mut() else { return Ok(0) };
        *byte = self.0.receive();
        Ok(1)
    }
}

impl<U: Uart> Write for Port<U> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        let Some(&byte) = bytes.first() else { return Ok(0) };
        self.0.send(byte);
        Ok(1)
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
