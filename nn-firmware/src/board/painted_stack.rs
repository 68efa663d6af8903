//! How deep the stack has been: it is painted before the program runs, and what has lost its paint was in use.
#![expect(unsafe_code, reason = "the stack is memory that Rust does not know of")]

/// What the stack is painted with. On Arm cortex-m-rt does it, with this.
const PAINT: u32 = 0xcccc_cccc;

unsafe extern "C" {
    static _stack_end: u32;
    static _stack_start: u32;
}

/// Paints the part of the stack that is not in use; to be called from near the start of the program.
#[cfg(target_arch = "riscv32")]
pub(super) fn paint() {
    /// More bytes than this function needs of the stack.
    const MARGIN: usize = 256;
    let here = 0_u32;
    let (mut low, high) = ((&raw const _stack_end).cast_mut(), (&raw const here).wrapping_byte_sub(MARGIN));
    // SAFETY: the linker script places the symbol in RAM, and all words from there to below this function's part of
    // the stack are memory that is not in use.
    unsafe {
        while low.cast_const() < high {
            low.write_volatile(PAINT);
            low = low.add(1);
        }
    }
}

/// Bytes of the stack that were in use at the deepest moment since boot.
pub(super) fn bytes_used() -> u32 {
    let (mut low, high) = (&raw const _stack_end, &raw const _stack_start);
    // SAFETY: the linker script places both symbols in RAM, all words between them are memory, and a stack that
    // grows down has not reached a word that still has its paint.
    unsafe {
        while low < high && low.read_volatile() == PAINT {
            low = low.add(1);
        }
    }
    u32::try_from((high as usize).saturating_sub(low as usize)).unwrap_or(u32::MAX)
}
