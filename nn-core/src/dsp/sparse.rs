//! All rows of a packed kernel, with a list of inputs that are not zero: 52 instructions for 48 products.

use core::arch::naked_asm;

use super::frame::{finish, forget, instructions, packed_rows};
use super::layer::Layer;
use super::workspace::SIX;

/// Bytes of a part of a list: as many times six entries as have no more than 256 inputs.
pub(super) const PART: usize = 256 / 2 / SIX * SIX * 8;

/// Goes through all rows; with `SUMS` it gives sums instead of bytes.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn rows<const SUMS: bool>(layer: &mut Layer) {
    naked_asm!(
        instructions!(),
        finish!(),
        r"
        .macro word x, w, a, b
            smlad \a, \w, \x, \a
            sxtb16 \w, \w
            smlad \b, \w, \x, \b
        .endm
        .macro prepare
        .endm
        .macro enter
        .endm
        .macro two_words place, x
            add \place, r0, \place, lsl #1
            ldrd \place, lr, [\place]
            word \x, \place, r2, r3
            word \x, lr, r4, r5
        .endm
        .macro four_rows
            .rept 2
                ldm r1!, {{r6-r11}}
                two_words r6, r7
                two_words r8, r9
                two_words r10, r11
            .endr
        .endm
        .macro after_four_rows
            ldr r12, [lr, #{pair}]
            add r0, r0, r12, lsl #1
        .endm
        .macro one_word place, x
            ldr r12, [r0, \place]
            word \x, r12, r4, r5
        .endm
        .macro two_rows
            .rept 2
                ldm r1!, {{r6-r11}}
                one_word r6, r7
                one_word r8, r9
                one_word r10, r11
            .endr
        .endm
        .macro after_two_rows
            ldr r12, [lr, #{pair}]
            add r0, r0, r12
        .endm
        ",
        packed_rows!(),
        forget!("word, prepare, enter, two_words, four_rows, after_four_rows, one_word, two_rows, after_two_rows"),
        sums = const SUMS as usize,
        part = const PART,
        x_end = const Layer::X_END,
        w = const Layer::W,
        part_end = const Layer::PART_END,
        pair = const Layer::PAIR,
        rest = const Layer::REST,
        z = const Layer::Z,
        fours_end = const Layer::FOURS_END,
        z_end = const Layer::Z_END,
    )
}
