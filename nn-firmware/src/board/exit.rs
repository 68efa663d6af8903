//! The end of a program: by semihosting, the way in which an emulator or a debugger hears of it.

use core::panic::PanicInfo;

use semihosting::process;

/// Ends the emulation with success.
pub fn succeed() -> ! {
    process::exit(0)
}

/// Ends the emulation with failure.
pub fn fail() -> ! {
    process::exit(1)
}

#[panic_handler]
fn panic(_info: &PanicInfo<'_>) -> ! {
    fail()
}
