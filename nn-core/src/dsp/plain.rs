//! All rows of a plain kernel, `[OUT][IN]`, as far as inputs come in fours: 21 instructions for 16 products.

use core::arch::naked_asm;

use super::frame::{finish, forget, instructions, jump_to_entry};
use super::layer::Layer;

/// Fours of inputs of a turn of the loop; the first turn has as many as make the rest a multiple.
const FOURS: usize = 4;

/// Bytes of code for four inputs: 21 instructions of 4.
const CODE: usize = 84;

/// Goes through all rows; with `SUMS` it gives sums instead of bytes.
///
/// Rows need not begin at words: each weight is loaded by an instruction that does not ask for it.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn rows<const SUMS: bool>(layer: &mut Layer) {
    naked_asm!(
        instructions!(),
        finish!(),
        jump_to_entry!(),
        r"
        .macro word sum
            sxtb16 r9, r8
            sxtb16 r8, r8, ror #8
            smlad \sum, r9, r6, \sum
            smlad \sum, r8, r7, \sum
        .endm
        push {{r4-r11, lr}}
        sub sp, sp, #8
        str r0, [sp]
        ldrd r1, r2, [r0, #{x}]
        sub r2, r2, r1
        rsb r2, r2, #0
        ubfx r2, r2, #3, #2
        mov r3, #{code}
        mul r2, r2, r3
        adr r1, 2f
        add r1, r1, r2
        add r1, r1, #1
        str r1, [r0, #{entry}]
        ldr r1, [r0, #{z}]
        ldr r2, [r0, #{fours_end}]
        cmp r1, r2
        beq 4f

    1:  ldr lr, [sp]
        ldrd r0, r1, [lr, #{w}]
        ldr r12, [lr, #{x_end}]
        ldr r10, [lr, #{pair}]
        add r11, r10, r10, lsl #1
        mov r2, #0
        mov r3, #0
        mov r4, #0
        mov r5, #0
        jump_to_entry
    2:  .rept {fours}
            ldm.w r1!, {{r6, r7}}
            ldr.w r8, [r0, r10]
            word r3
            ldr.w r8, [r0, r10, lsl #1]
            word r4
            ldr.w r8, [r0, r11]
            word r5
            ldr.w r8, [r0], #4
            word r2
        .endr
        cmp r1, r12
        bne 2b
        ldr lr, [sp]
        ldr r0, [lr, #{w}]
        add r0, r0, r10, lsl #2
        str r0, [lr, #{w}]
        load_rest
        .irp sum, r2, r3, r4, r5
            add_bias \sum
            finish \sum
        .endr
        clamp ldr, str, 4
        store_rest
        ldr r0, [lr, #{fours_end}]
        cmp r12, r0
        bne 1b

    4:  ldr lr, [sp]
        ldr r12, [lr, #{z}]
        ldr r0, [lr, #{z_end}]
        cmp r12, r0
        beq 6f
        ldrd r0, r1, [lr, #{w}]
        ldr r12, [lr, #{x_end}]
        ldr r10, [lr, #{pair}]
        add r10, r10, r0
        str r10, [lr, #{w}]
        mov r2, #0
    5:  ldm r1!, {{r6, r7}}
        ldr r8, [r0], #4
        word r2
        cmp r1, r12
        bne 5b
        load_rest
        add_bias r2
        finish r2
        clamp ldrb, strb, 1
        store_rest
        b 4b

    6:  add sp, sp, #8
        pop {{r4-r11, pc}}
        ",
        forget!("jump_to_entry, word"),
        sums = const SUMS as usize,
        fours = const FOURS,
        code = const CODE,
        w = const Layer::W,
        x = const Layer::X,
        x_end = const Layer::X_END,
        entry = const Layer::ENTRY,
        pair = const Layer::PAIR,
        rest = const Layer::REST,
        z = const Layer::Z,
        fours_end = const Layer::FOURS_END,
        z_end = const Layer::Z_END,
    )
}
