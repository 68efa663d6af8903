//! All rows of a packed kernel, no input skipped: 27 instructions for 32 products.

use core::arch::naked_asm;

use super::frame::{finish, forget, instructions, jump_to_entry, packed_rows};
use super::layer::Layer;

/// Bytes of widened inputs of a unit, eight inputs.
const UNIT: usize = 16;

/// Units of a turn of the loop; the first turn has as many as make the rest a multiple.
const UNITS: usize = 8;

/// Bytes of code of a unit: 27 instructions of 4.
const CODE: usize = 108;

/// Bytes of widened inputs of a part: 256 inputs, because 256 · 127 · 255 is below 2²³.
const PART: usize = 512;

/// Bytes of the first part, of so many inputs: its first turn may be shorter.
pub(super) const fn first_part(bytes: usize) -> usize {
    let turn = UNIT * UNITS;
    let first_turn = bytes - (bytes.div_ceil(turn) - 1) * turn;
    let first = first_turn + PART - turn;
    if first < bytes { first } else { bytes }
}

/// Goes through all rows; with `SUMS` it gives sums instead of bytes.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn rows<const SUMS: bool>(layer: &mut Layer) {
    naked_asm!(
        instructions!(),
        finish!(),
        jump_to_entry!(),
        r"
        .macro word x, w, a, b
            smlad \a, \w, \x, \a
            sxtb16 \w, \w
            smlad \b, \w, \x, \b
        .endm
        .macro prepare
            ldrd r1, r2, [r0, #{x}]
            sub r2, r2, r1
            rsb r2, r2, #0
            ubfx r2, r2, #4, #3
            mov r3, #{code}
            mul r2, r2, r3
            adr r1, 2f
            add r1, r1, r2
            add r1, r1, #1
            str r1, [r0, #{entry}]
        .endm
        .macro enter
            jump_to_entry
        .endm
        .macro four_rows
            .rept {units}
                ldm r1!, {{r6-r9}}
                ldm r0!, {{r10, r11, r12, lr}}
                word r6, r10, r2, r3
                word r6, r11, r4, r5
                word r7, r12, r2, r3
                word r7, lr, r4, r5
                ldm r0!, {{r10, r11, r12, lr}}
                word r8, r10, r2, r3
                word r8, r11, r4, r5
                word r9, r12, r2, r3
                word r9, lr, r4, r5
            .endr
            ldr r12, [sp, #4]
        .endm
        .macro after_four_rows
        .endm
        .macro two_rows
            ldm r1!, {{r6-r9}}
            ldm r0!, {{r10, r11, r12, lr}}
            word r6, r10, r4, r5
            word r7, r11, r4, r5
            word r8, r12, r4, r5
            word r9, lr, r4, r5
        .endm
        .macro after_two_rows
        .endm
        ",
        packed_rows!(),
        forget!("jump_to_entry, word, prepare, enter, four_rows, after_four_rows, two_rows, after_two_rows"),
        sums = const SUMS as usize,
        units = const UNITS,
        code = const CODE,
        part = const PART,
        w = const Layer::W,
        x = const Layer::X,
        x_end = const Layer::X_END,
        part_end = const Layer::PART_END,
        entry = const Layer::ENTRY,
        rest = const Layer::REST,
        z = const Layer::Z,
        fours_end = const Layer::FOURS_END,
        z_end = const Layer::Z_END,
    )
}
