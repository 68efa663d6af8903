//! BBC micro:bit, first version: Nordic nRF51822 with Cortex-M0 (nRF51 Series Reference Manual, version 3).

mod timer;
mod uart;

pub use cortex_m_rt::entry;

use timer::Timer;
use uart::Nrf51Uart;

use super::painted_stack;
use super::port::Port;
use crate::machine::Machine;

/// The processor, whose clock is a timer of the chip: this Cortex-M0 comes without the usual one.
#[derive(Debug)]
pub struct Processor {
    clock: Timer,
}

/// The processor and the serial port; `None` if they have been taken before.
#[must_use]
pub fn take() -> Option<(Processor, Port<Nrf51Uart>)> {
    cortex_m::Peripherals::take()?;
    Some((Processor { clock: Timer::start() }, Port(Nrf51Uart::enable())))
}

impl Machine for Processor {
    const NAME: &'static str = super::NAME;
    const TICKS_PER_SECOND: u32 = Timer::TICKS_PER_SECOND;

    fn restart_clock(&mut self) {
        self.clock.clear();
    }

    fn ticks(&self) -> u32 {
        self.clock.ticks()
    }

    fn stack_bytes(&self) -> u32 {
        painted_stack::bytes_used()
    }
}
