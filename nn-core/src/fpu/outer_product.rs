//! Outer products added and subtracted, w[k][o] ± x[k] · dz[o].

use core::arch::naked_asm;

use super::frame::{eight_rows, forget, instructions, run, skipping_rows, sweep};
use super::list::{FULL, List, ROOM, ROWS, fill};
use super::sweep::{Blocks, Kernel, Sweep, nothing};

/// dz and the sums of a block, two products and four values of x are all the registers there are.
const MOST: usize = 13;

/// Adds `x ⊗ dz` to `dw`.
///
/// # Shapes
/// - `x`: `[IN]`, `dz`: `[OUT]`, `dw`: `[IN][OUT]`
#[inline]
pub(crate) fn accumulate_outer_product<const SKIP_ZEROS: bool, const OUT: usize>(
    x: &[f32],
    dz: &[f32; OUT],
    dw: &mut [[f32; OUT]],
) {
    change::<SKIP_ZEROS, false, OUT>(x, dz, dw);
}

/// Subtracts `x ⊗ dz` from `w`.
///
/// # Shapes
/// - `x`: `[IN]`, `dz`: `[OUT]`, `w`: `[IN][OUT]`
#[inline]
pub(crate) fn subtract_outer_product<const SKIP_ZEROS: bool, const OUT: usize>(
    x: &[f32],
    dz: &[f32; OUT],
    w: &mut [[f32; OUT]],
) {
    change::<SKIP_ZEROS, true, OUT>(x, dz, w);
}

/// Adds or subtracts.
#[inline]
fn change<const SKIP_ZEROS: bool, const SUBTRACT: bool, const OUT: usize>(
    x: &[f32],
    dz: &[f32; OUT],
    sums: &mut [[f32; OUT]],
) {
    let x = x.get(..sums.len()).unwrap_or(x);
    if SKIP_ZEROS && !const { Blocks::new(OUT, MOST).are_one() } {
        return change_listed::<SUBTRACT, OUT>(x, dz, sums);
    }
    let blocks = const { Blocks::new(OUT, MOST) };
    let kernel: Kernel = const {
        match Blocks::new(OUT, MOST).are_one() {
            true if OUT == 0 => nothing,
            true if SKIP_ZEROS => in_one_block::<OUT, SUBTRACT, true>,
            true => in_one_block::<OUT, SUBTRACT, false>,
            false => in_blocks::<OUT, SUBTRACT, false>,
        }
    };
    // SAFETY: the kernel reads dz, whose blocks these are, and reads and writes the sums, which have a row for each x.
    unsafe { kernel(&Sweep::of_all(sums.as_flattened_mut().as_mut_ptr(), x, dz.as_ptr(), &blocks)) }
}

/// Adds or subtracts in those rows whose x is not zero; there are several blocks.
#[inline(never)]
fn change_listed<const SUBTRACT: bool, const OUT: usize>(x: &[f32], dz: &[f32; OUT], sums: &mut [[f32; OUT]]) {
    let blocks = const { Blocks::new(OUT, MOST) };
    let mut list = List::new(sums.as_flattened_mut().as_mut_ptr(), x, OUT);
    // SAFETY: the kernel reads dz, whose blocks these are, and reads and writes rows of the sums, whose x it reads.
    unsafe { in_blocks::<OUT, SUBTRACT, true>(&Sweep::of_list(&raw mut list, dz.as_ptr(), &blocks)) }
}

/// One row: dz is in s0 and up, the sums behind it, the products below the values of x, in two registers by turns.
macro_rules! row {
    () => {
        r"
        .macro join sum, product
            .if {subtract}
                vsub.f32 s\sum, s\sum, s\product
            .else
                vadd.f32 s\sum, s\sum, s\product
            .endif
        .endm
        .macro row at, x, width, next
            load \at, \width, %(2*\width-1)
            .set .Lo, 0
            .rept \width/2
                multiply {product}, %(.Lo), \x
                multiply %({product}+1), %(.Lo+1), \x
                join %(\width+.Lo), {product}
                join %(\width+.Lo+1), %({product}+1)
                .set .Lo, .Lo+2
            .endr
            .if \width%2
                multiply {product}, %(.Lo), \x
                join %(\width+.Lo), {product}
            .endif
            store\next \at, \width, %(2*\width-1)
        .endm
        "
    };
}

#[unsafe(naked)]
unsafe extern "C" fn in_blocks<const OUT: usize, const SUBTRACT: bool, const LISTED: bool>(sweep: &Sweep) {
    naked_asm!(
        instructions!(),
        row!(),
        eight_rows!(),
        r"
        .macro eight width
            load_next r10, 0, %(\width-1)
            eight_rows \width
        .endm
        .macro before_one
            load_next r8, 31, 31
        .endm
        .macro one width
            load_next r10, 0, %(\width-1)
            row r0, 31, \width, _next
        .endm
        .macro after_one
        .endm
        ",
        sweep!(),
        forget!("join, row, rows, eight_rows, before_eight, eight, after_eight, before_one, one, after_one"),
        first = const { Blocks::new(OUT, MOST).first },
        firsts = const { Blocks::new(OUT, MOST).firsts },
        second = const { Blocks::new(OUT, MOST).second },
        seconds = const { Blocks::new(OUT, MOST).seconds },
        subtract = const SUBTRACT as usize,
        listed = const LISTED as usize,
        fill = sym fill,
        rows = const ROWS,
        full = const FULL,
        room = const ROOM,
        values_stay = const { Blocks::new(OUT, MOST).are_within(11) as usize },
        turns = const { Blocks::new(OUT, MOST).take_turns() as usize },
        product = const { if Blocks::new(OUT, MOST).are_within(11) { 22 } else { 26 } },
    )
}

#[unsafe(naked)]
unsafe extern "C" fn in_one_block<const OUT: usize, const SUBTRACT: bool, const SKIP: bool>(sweep: &Sweep) {
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
            .else
                .rept 2
                    load_next r8, 28, 31
                    .irp x, 28, 29, 30, 31
                        row r9, \x, {width}, _next
                    .endr
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
        .endm
        ",
        run!(),
        forget!("join, row, unless_zero, skipping_eight, skipping_one, first, eight, one, last"),
        width = const OUT,
        subtract = const SUBTRACT as usize,
        skip = const SKIP as usize,
        product = const 26,
    )
}
