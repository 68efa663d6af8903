//! Arm MPS2 with FPGA image AN386 (Cortex-M4 with FPU), as QEMU emulates it.
#![expect(unsafe_code, reason = "registers and the painted stack are memory that Rust does not know of")]

mod uart;

pub use uart::Uart;

use core::panic::PanicInfo;

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::{ExceptionFrame, exception};
use cortex_m_semihosting::debug::{self, ExitStatus};

use crate::machine::Machine;

/// The clock counts down from here, in 24 bits.
const RELOAD: u32 = 0x00ff_ffff;

/// What the stack is painted with before `main`, by cortex-m-rt.
const PAINT: u32 = 0xcccc_cccc;

/// The processor: clock and stack.
#[derive(Debug)]
pub struct Mps2An386 {
    clock: ClockPeripheral,
}

/// The system timer, without a `Debug` of its own.
struct ClockPeripheral(SYST);

impl core::fmt::Debug for ClockPeripheral {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SYST")
    }
}

/// The processor and the serial port; `None` if they have been taken before.
#[must_use]
pub fn take() -> Option<(Mps2An386, Uart)> {
    let mut clock = cortex_m::Peripherals::take()?.SYST;
    clock.set_clock_source(SystClkSource::Core);
    clock.set_reload(RELOAD);
    clock.clear_current();
    clock.enable_counter();
    Some((Mps2An386 { clock: ClockPeripheral(clock) }, Uart::enable()))
}

impl Machine for Mps2An386 {
    const NAME: &'static str = "mps2-an386";
    const TICKS_PER_SECOND: u32 = 25_000_000;

    fn restart_clock(&mut self) {
        self.clock.0.clear_current();
    }

    fn ticks(&self) -> u32 {
        // After clearing, the first tick loads RELOAD.
        RELOAD.wrapping_add(1).wrapping_sub(SYST::get_current()) & RELOAD
    }

    fn stack_bytes(&self) -> u32 {
        unsafe extern "C" {
            static _stack_end: u32;
            static _stack_start: u32;
        }
        let (mut low, high) = (&raw const _stack_end, &raw const _stack_start);
        // SAFETY: the linker script places both symbols in RAM, all words between them are memory, and a stack
        // that grows down has not reached a word that still has its paint.
        unsafe {
            while low < high && low.read_volatile() == PAINT {
                low = low.add(1);
            }
        }
        u32::try_from((high as usize).saturating_sub(low as usize)).unwrap_or(u32::MAX)
    }
}

/// Ends the emulation with failure.
pub fn fail() -> ! {
    loop {
        debug::exit(ExitStatus::Err(()));
    }
}

#[panic_handler]
fn panic(_info: &PanicInfo<'_>) -> ! {
    fail()
}

#[exception]
unsafe fn HardFault(_frame: &ExceptionFrame) -> ! {
    fail()
}
