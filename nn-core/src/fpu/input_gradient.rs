//! The sums of a gradient by the input, dx[k] += Σₒ w[k][o] · dz[o], o ascending for each k.

use core::arch::naked_asm;

use super::frame::{forget, instructions, run, sweep};
use super::list::{FULL, ROOM, ROWS, fill};
use super::sweep::{Blocks, Kernel, Sweep, nothing};

/// dz and the weights of a block, and the sums of eight rows are all the registers there are.
const MOST: usize = 12;

/// Adds `W · dz` to `dx`.
///
/// # Shapes
/// - `w`: `[IN][OUT]`, `dz`: `[OUT]`, `dx`: `[IN]`
#[inline]
pub(crate) fn add_input_gradient<const OUT: usize>(w: &[[f32; OUT]], dz: &[f32; OUT], dx: &mut [f32]) {
    let rows = w.len().min(dx.len());
    let Some(dx) = dx.get_mut(..rows) else { return };
    let blocks = const { Blocks::new(OUT, MOST) };
    let kernel: Kernel = const {
        match Blocks::new(OUT, MOST).are_one() {
            true if OUT == 0 => nothing,
            true => in_one_block::<OUT>,
            false => in_blocks::<OUT>,
        }
    };
    // SAFETY: the kernel reads dz, whose blocks these are, and w, which has a row for each dx, and reads and writes dx.
    unsafe { kernel(&Sweep::of_all(w.as_flattened().as_ptr(), dx, dz.as_ptr(), &blocks)) }
}

/// One row: dz is in s0 and up, the weights behind it.
macro_rules! row {
    () => {
        r"
        .macro row from, sum, width
            load_next \from, \width, %(2*\width-1)
            multiply \width, \width, 0
            .set .Lo, 1
            .rept \width-1
                multiply %(\width+.Lo), %(\width+.Lo), %(.Lo)
                accumulate \sum, %(\width+.Lo-1)
                .set .Lo, .Lo+1
            .endr
            accumulate \sum, %(2*\width-1)
        .endm
        "
    };
}

#[unsafe(naked)]
unsafe extern "C" fn in_blocks<const OUT: usize>(sweep: &Sweep) {
    naked_asm!(
        instructions!(),
        row!(),
        r"
        .macro before_eight
            load r8, 24, 31
        .endm
        .macro eight width
            load_next r10, 0, %(\width-1)
            row r0, 24, \width
            row r1, 25, \width
            row r2, 26, \width
            row r3, 27, \width
            row r4, 28, \width
            row r5, 29, \width
            row r6, 30, \width
            row r7, 31, \width
        .endm
        .macro after_eight
            store_next r8, 24, 31
        .endm
        .macro before_one
            load r8, 24, 24
        .endm
        .macro one width
            load_next r10, 0, %(\width-1)
            row r0, 24, \width
        .endm
        .macro after_one
            store_next r8, 24, 24
        .endm
        ",
        sweep!(),
        forget!("row, before_eight, eight, after_eight, before_one, one, after_one"),
        first = const { Blocks::new(OUT, MOST).first },
        firsts = const { Blocks::new(OUT, MOST).firsts },
        second = const { Blocks::new(OUT, MOST).second },
        seconds = const { Blocks::new(OUT, MOST).seconds },
        listed = const 0,
        fill = sym fill,
        rows = const ROWS,
        full = const FULL,
        room = const ROOM,
    )
}

#[unsafe(naked)]
unsafe extern "C" fn in_one_block<const OUT: usize>(sweep: &Sweep) {
    naked_asm!(
        instructions!(),
        row!(),
        r"
        .macro first
            load r10, 0, %({width}-1)
        .endm
        .macro eight
            load r8, 24, 31
            .irp sum, 24, 25, 26, 27, 28, 29, 30, 31
                row r9, \sum, {width}
            .endr
            store_next r8, 24, 31
        .endm
        .macro one
            load r8, 24, 24
            row r9, 24, {width}
            store_next r8, 24, 24
        .endm
        .macro last
        .endm
        ",
        run!(),
        forget!("row, first, eight, one, last"),
        width = const OUT,
    )
}
