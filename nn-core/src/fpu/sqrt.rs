//! Square root, √x, by one instruction.

use core::arch::naked_asm;

/// Square root, correctly rounded.
#[unsafe(naked)]
pub(crate) extern "C" fn sqrt(x: f32) -> f32 {
    naked_asm!(".fpu fpv4-sp-d16", "vsqrt.f32 s0, s0", "bx lr")
}
