//! Arm MPS2, a board whose FPGA image makes it one of several processors: what its images share as QEMU emulates them.

mod uart;

pub use cortex_m_rt::entry;

use core::fmt;

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use uart::CmsdkUart;

use super::chosen::IMAGE;
use super::painted_stack;
use super::port::Port;
use crate::machine::Machine;

/// The clock counts down from here, in 24 bits.
const RELOAD: u32 = 0x00ff_ffff;

/// What tells one FPGA image from another, by its application note.
pub(super) struct Image {
    /// Ticks a second of the processor's clock.
    pub(super) ticks_per_second: u32,
    /// The address of the first serial port.
    pub(super) uart: usize,
}

/// The processor with its clock.
pub struct Processor {
    clock: SYST,
}

impl fmt::Debug for Processor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Processor")
    }
}

/// The processor and the serial port; `None` if they have been taken before.
#[must_use]
pub fn take() -> Option<(Processor, Port<CmsdkUart>)> {
    let mut clock = cortex_m::Peripherals::take()?.SYST;
    clock.set_clock_source(SystClkSource::Core);
    clock.set_reload(RELOAD);
    clock.clear_current();
    clock.enable_counter();
    Some((Processor { clock }, Port(CmsdkUart::enable())))
}

impl Machine for Processor {
    const NAME: &'static str = super::NAME;
    const TICKS_PER_SECOND: u32 = IMAGE.ticks_per_second;

    fn restart_clock(&mut self) {
        self.clock.clear_current();
    }

    fn ticks(&self) -> u32 {
        // After clearing, the first tick loads RELOAD.
        RELOAD.wrapping_add(1).wrapping_sub(SYST::get_current()) & RELOAD
    }

    fn stack_bytes(&self) -> u32 {
        painted_stack::bytes_used()
    }
}
