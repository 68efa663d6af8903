//! What the kernels have in common: the way from sums to bytes, and the way through blocks of rows.
//!
//! A kernel of packed weights defines macros for some inputs of a block of four rows (`four_rows`) and of a pair of rows
//! (`two_rows`), for the way into the first and for what stands behind their weights.
//!
//! | register | in a block of four | in a pair | from sums to bytes |
//! |---|---|---|---|
//! | r0 | weights | weights | free |
//! | r1 | inputs | inputs | free |
//! | r2, r3 | 256 · first row + second, second row | end of the part, A so far | the same |
//! | r4, r5 | 256 · third row + fourth, fourth row | 256 · first row + second, second row | the same |
//! | r6 … r11 | free | free | [`Rest`](super::layer::Rest): bias … greatest |
//! | r12 | end of the part, where a turn ends | free | output |
//! | lr | free | free | free |
//!
//! 256 · ΣA · x is right as long as ΣA · x has 24 bits, so after a part of the inputs it is added to the A so far.

/// Lets the assembler take the instructions where a target does not promise them.
#[cfg(nn_dsp_is_optional)]
macro_rules! instructions {
    () => {
        ".cpu cortex-m33\n"
    };
}
#[cfg(not(nn_dsp_is_optional))]
macro_rules! instructions {
    () => {
        ""
    };
}

/// From a sum to a byte: half up by the multiplier's mantissa, half away from zero by its exponent, which is negative.
///
/// Twice the sum, which has room for it, times the mantissa, over 2³², half up: one instruction. Of a negative number one is
/// taken away, and its shift rounds half up, by the carry. (A shift takes the lowest byte of a register, so it does not matter
/// what stands behind the exponent.) The activation's range is applied to all bytes of a block at once.
macro_rules! finish {
    () => {
        r"
        .macro finish sum
            .if {sums}
                str \sum, [r12], #4
            .else
                ldrd r0, r1, [r7]
                add r7, r7, r8
                rsb r1, r1, #0
                lsl \sum, \sum, #1
                smmulr r0, \sum, r0
                add r0, r0, r0, asr #31
                asrs r0, r0, r1
                adc r0, r0, r9
                ssat r0, #8, r0
                strb r0, [r12], #1
            .endif
        .endm
        .macro clamp load, store, bytes
            .if {sums} == 0
                \load r0, [r12, #-\bytes]
                ssub8 r1, r0, r10
                sel r0, r0, r10
                ssub8 r1, r11, r0
                sel r0, r0, r11
                \store r0, [r12, #-\bytes]
            .endif
        .endm
        .macro add_bias sum
            ldr r0, [r6], #4
            add \sum, \sum, r0
        .endm
        .macro load_rest
            add r0, lr, #{rest}
            ldm r0, {{r6-r12}}
        .endm
        .macro store_rest
            ldr lr, [sp]
            strd r6, r7, [lr, #{rest}]
            str r12, [lr, #{z}]
        .endm
        "
    };
}

/// Jumps to the code whose address is in the first word of the layer that `lr` leads to.
///
/// Written as a load that moves its base on, by nothing: so the host's analysis of the stack knows a jump within a function.
macro_rules! jump_to_entry {
    () => {
        "
        .macro jump_to_entry
            ldr pc, [lr], #0
            .p2align 2
        .endm
        "
    };
}

/// All rows of a packed kernel; on the stack the layer, the end of the part, and the A so far of two pairs.
macro_rules! packed_rows {
    () => {
        r"
        push {{r4-r11, lr}}
        sub sp, sp, #16
        str r0, [sp]
        prepare
        ldr r1, [r0, #{z}]
        ldr r2, [r0, #{fours_end}]
        cmp r1, r2
        beq 4f

    1:  ldr lr, [sp]
        ldr r12, [lr, #{part_end}]
        str r12, [sp, #4]
        ldrd r0, r1, [lr, #{w}]
        mov r2, #0
        mov r3, #0
        mov r4, #0
        mov r5, #0
        strd r2, r3, [sp, #8]
        enter
    2:  four_rows
        cmp r1, r12
        bne 2b
        ldr lr, [sp]
        ldr r12, [lr, #{x_end}]
        cmp r1, r12
        bne 3f
        after_four_rows
        str r0, [lr, #{w}]
        load_rest
        .macro sum_of_a sum, b, so_far
            ldr r0, [r6], #4
            sub \sum, \sum, \b
            ldr r1, [sp, #\so_far]
            add \sum, r0, \sum, asr #8
            add \sum, \sum, r1
        .endm
        sum_of_a r2, r3, 8
        finish r2
        add_bias r3
        finish r3
        sum_of_a r4, r5, 12
        finish r4
        add_bias r5
        finish r5
        clamp ldr, str, 4
        store_rest
        ldr r0, [lr, #{fours_end}]
        cmp r12, r0
        bne 1b
        b 4f

    3:  sub r2, r2, r3
        sub r4, r4, r5
        ldrd r6, r7, [sp, #8]
        add r6, r6, r2, asr #8
        add r7, r7, r4, asr #8
        strd r6, r7, [sp, #8]
        mov r2, r3
        mov r4, r5
        add r6, r1, #{part}
        cmp r6, r12
        it hi
        movhi r6, r12
        str r6, [sp, #4]
        mov r12, r6
        b 2b

    4:  ldr lr, [sp]
        ldr r12, [lr, #{z}]
        ldr r0, [lr, #{z_end}]
        cmp r12, r0
        beq 8f
        ldr r2, [lr, #{part_end}]
        ldrd r0, r1, [lr, #{w}]
        mov r3, #0
        mov r4, #0
        mov r5, #0
    5:  two_rows
        cmp r1, r2
        bne 5b
        ldr lr, [sp]
        ldr r12, [lr, #{x_end}]
        cmp r1, r12
        bne 7f
        after_two_rows
        str r0, [lr, #{w}]
        load_rest
        ldr r0, [r6], #4
        sub r4, r4, r5
        add r4, r0, r4, asr #8
        add r4, r4, r3
        finish r4
        clamp ldrb, strb, 1
        ldr lr, [sp]
        ldr lr, [lr, #{z_end}]
        cmp r12, lr
        beq 8f
        add_bias r5
        finish r5
        clamp ldrb, strb, 1
        store_rest
        b 4b

    7:  sub r4, r4, r5
        add r3, r3, r4, asr #8
        mov r4, r5
        add r2, r1, #{part}
        cmp r2, r12
        it hi
        movhi r2, r12
        b 5b

    8:  add sp, sp, #16
        pop {{r4-r11, pc}}
        .purgem sum_of_a
        "
    };
}

/// The end of a function: forgets the macros, because the next function has others of the same names.
macro_rules! forget {
    ($names:literal) => {
        concat!(".irp name, finish, clamp, add_bias, load_rest, store_rest, ", $names, "\n.purgem \\name\n.endr\n")
    };
}

pub(super) use {finish, forget, instructions, jump_to_entry, packed_rows};
