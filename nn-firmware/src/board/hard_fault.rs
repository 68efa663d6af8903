//! The end of a Cortex-M that has come upon an instruction or an address that it cannot use.
#![expect(unsafe_code, reason = "cortex-m-rt wants this handler to say that it is unsafe")]

use cortex_m_rt::{ExceptionFrame, exception};

use super::exit;

#[exception]
unsafe fn HardFault(_frame: &ExceptionFrame) -> ! {
    exit::fail()
}
