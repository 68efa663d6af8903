//! The sums of an affine map, z[o] += Σₖ x[k] · w[k][o], k ascending for each o.

use core::arch::naked_asm;

use super::frame::{eight_rows, forget, instructions, run, skipping_rows, sweep};
use super::list::{FULL, List, ROOM, ROWS, fill};
use super::sweep::{Blocks, Kernel, Sweep, nothing};

/// The sums of a block, its weights and two values of x are all the registers there are.
const MOST: usize = 15;

/// Adds `x · W` to `z`; `SKIP_ZEROS` passes over rows whose x is zero.
///
/// # Shapes
/// - `x`: `[IN]`, `w`: `[IN][OUT]`, `z`: `[OUT]`
#[inline]
pub(crate) fn add_product<const SKIP_ZEROS: bool, const OUT: usize>(x: &[f32], w: &[[f32; OUT]], z: &mut [f32; OUT]) {
    let x = x.get(..w.len()).unwrap_or(x);
    if SKIP_ZEROS && !const { Blocks::new(OUT, MOST).are_one() } {
        return add_listed(x, w, z);
    }
    let blocks = const { Blocks::new(OUT, MOST) };
    let kernel: Kernel = const {
        match Blocks::new(OUT, MOST).are_one() {
            true if OUT == 0 => nothing,
            true if SKIP_ZEROS => in_one_block::<OUT, true>,
            true => in_one_block::<OUT, false>,
            false => in_blocks::<OUT, false>,
        }
    };
    // SAFETY: the kernel reads w, which has a row for each x, and reads and writes z, whose blocks these are.
    unsafe { kernel(&Sweep::of_all(w.as_flattened().as_ptr(), x, z.as_mut_ptr(), &blocks)) }
}

/// Adds the products of those rows whose x is not zero; there are several blocks.
#[inline(never)]
fn add_listed<const OUT: usize>(x: &[f32], w: &[[f32; OUT]], z: &mut [f32; OUT]) {
    let blocks = const { Blocks::new(OUT, MOST) };
    let mut list = List::new(w.as_flattened().as_ptr(), x, OUT);
    // SAFETY: the kernel reads rows of w and their x, and reads and writes z, whose blocks these are.
    unsafe { in_blocks::<OUT, true>(&Sweep::of_list(&raw mut list, z.as_mut_ptr(), &blocks)) }
}

/// One row: the sums are in s0 and up, the weights behind them.
macro_rules! row {
    () => {
        r"
        .macro row from, x, width, next
            load\next \from, \width, %(2*\width-1)
            .set .Lo, 0
            .rept \width
                multiply %(\width+.Lo), %(\width+.Lo), \x
                .set .Lo, .Lo+1
            .endr
            .set .Lo, 0
            .rept \width
                accumulate %(.Lo), %(\width+.Lo)
                .set .Lo, .Lo+1
            .endr
        .endm
        "
    };
}

#[unsafe(naked)]
unsafe extern "C" fn in_blocks<const OUT: usize, const LISTED: bool>(sweep: &Sweep) {
    naked_asm!(
        instructions!(),
        row!(),
        eight_rows!(),
        r"
        .macro two_rows first, second, at
            vldr d15, [r8, #\at]
            row \first, 30, 15, _next
            row \second, 31, 15, _next
        .endm
        .macro eight width
            load r10, 0, %(\width-1)
            .if \width < 15
                eight_rows \width
            .else
                two_rows r0, r1, 0
                two_rows r2, r3, 8
                two_rows r4, r5, 16
                two_rows r6, r7, 24
            .endif
            store_next r10, 0, %(\width-1)
        .endm
        .macro before_one
            load_next r8, 31, 31
        .endm
        .macro one width
            load r10, 0, %(\width-1)
            row r0, 31, \width, _next
            store_next r10, 0, %(\width-1)
        .endm
        .macro after_one
        .endm
        ",
        sweep!(),
        forget!("row, rows, eight_rows, two_rows, before_eight, eight, after_eight, before_one, one, after_one"),
        first = const { Blocks::new(OUT, MOST).first },
        firsts = const { Blocks::new(OUT, MOST).firsts },
        second = const { Blocks::new(OUT, MOST).second },
        seconds = const { Blocks::new(OUT, MOST).seconds },
        listed = const LISTED as usize,
        fill = sym fill,
        rows = const ROWS,
        full = const FULL,
        room = const ROOM,
        values_stay = const { Blocks::new(OUT, MOST).are_within(12) as usize },
        turns = const 0,
    )
}

#[unsafe(naked)]
unsafe extern "C" fn in_one_block<const OUT: usize, const SKIP: bool>(sweep: &Sweep) {
    naked_asm!(
        instructions!(),
        row!(),
        skipping_rows!(),
        r"
        .macro first
            load r10, 0, %({width}-1)
        .endm
        .macro eight
            .if {skip}
                skipping_eight {width}
            .elseif {width} < 15
                .rept 2
                    load_next r8, 28, 31
                    .irp x, 28, 29, 30, 31
                        row r9, \x, {width}, _next
                    .endr
                .endr
            .else
                .rept 4
                    load_next r8, 30, 31
                    row r9, 30, 15, _next
                    row r9, 31, 15, _next
                .endr
            .endif
        .endm
        .macro one
            .if {skip}
                skipping_one {width}
            .else
                load_next r8, 31, 31
                row r9, 31, {width}, _next
            .endif
        .endm
        .macro last
            store r10, 0, %({width}-1)
        .endm
        ",
        run!(),
        forget!("row, unless_zero, skipping_eight, skipping_one, first, eight, one, last"),
        width = const OUT,
        skip = const SKIP as usize,
    )
}
