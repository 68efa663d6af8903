//! The first sums of an affine map, z[o] = 0.0 + b[o].

use core::arch::naked_asm;

use super::frame::{forget, instructions};

/// Sets `z` to `0.0 + b`.
///
/// # Shapes
/// - `b`, `z`: `[OUT]`
#[inline]
pub(crate) fn start<const OUT: usize>(b: &[f32; OUT], z: &mut [f32; OUT]) {
    // SAFETY: the function reads and writes OUT values.
    unsafe { in_fifteens::<OUT>(b, z) }
}

/// A zero and fifteen values are in the registers that a function may change.
#[unsafe(naked)]
unsafe extern "C" fn in_fifteens<const OUT: usize>(b: &[f32; OUT], z: &mut [f32; OUT]) {
    naked_asm!(
        instructions!(),
        r"
        .macro some width
            load_next r0, 0, %(\width-1)
            .set .Lo, 0
            .rept \width
                accumulate %(.Lo), 15
                .set .Lo, .Lo+1
            .endr
            store_next r1, 0, %(\width-1)
        .endm

        mov r2, #0
        vmov s15, r2
        .if {out}/15
            movw r2, #{out}/15
        1:  some 15
            subs r2, r2, #1
            bne 1b
        .endif
        .if {out}%15
            some %({out}%15)
        .endif
        bx lr
        ",
        forget!("some"),
        out = const OUT,
    )
}
