//! What the kernels in assembly have in common: names of registers, loops over rows and columns.
//!
//! A kernel goes through a matrix, `[rows][columns]`, that has one more value for each row and one for each column. Its
//! columns are split into blocks that fit the 32 registers of the FPU. Eight rows go through all blocks, then the next
//! eight; what is left goes one by one.
//!
//! | register | in `sweep` | in `run` |
//! |---|---|---|
//! | r0 … r7 | where each of eight rows goes on | free |
//! | r8 | the values of these rows | the values of the next rows |
//! | r9 | the last four of them, or free | the next row |
//! | r10 | the values of the next block's columns | the values of the columns |
//! | r11 | the addresses of the code for the blocks that follow | the end of the values whose rows come in eights |
//! | r12 | the end of the values whose rows come in eights | the end of the values |
//! | lr | bytes from one eight of rows to the next, or the rest of a list of rows | bytes from one row to the next |
//!
//! A kernel defines macros for what a row does in a block and for what is done before, with and after eight rows or one.
//!
//! A product and a sum are two instructions, VMUL and VADD: they round twice, as everywhere. (VMLA rounds twice too, but
//! takes a Cortex-M4 three cycles, against two.) An instruction that needs the result of the one before waits for a
//! cycle, so others stand between.

/// Instructions whose registers are numbers, which macros can compute.
macro_rules! instructions {
    () => {
        r"
        .fpu fpv4-sp-d16
        .altmacro
        .macro multiply to, a, b
            vmul.f32 s\to, s\a, s\b
        .endm
        .macro accumulate sum, a
            vadd.f32 s\sum, s\sum, s\a
        .endm
        .macro load from, first, last
            vldmia \from, {{s\first-s\last}}
        .endm
        .macro load_next from, first, last
            vldmia \from!, {{s\first-s\last}}
        .endm
        .macro store to, first, last
            vstmia \to, {{s\first-s\last}}
        .endm
        .macro store_next to, first, last
            vstmia \to!, {{s\first-s\last}}
        .endm
        "
    };
}

/// The end of a function: forgets the macros, because the next function has others of the same names.
macro_rules! forget {
    ($names:literal) => {
        concat!(
            ".irp name, multiply, accumulate, load, load_next, store, store_next, ",
            $names,
            "\n.purgem \\name\n.endr\n.noaltmacro\n",
        )
    };
}

/// Eight rows of a sweep, each with its value: from s24 on if a block leaves so many registers, else four at a time.
///
/// Where `turns` is set, blocks of the second width begin with the four values with which those of the first end, and end
/// with those with which these begin. The order of rows must then not matter.
macro_rules! eight_rows {
    () => {
        r"
        .macro rows first, second, third, fourth, value, width
            row \first, \value, \width, _next
            row \second, %(\value+1), \width, _next
            row \third, %(\value+2), \width, _next
            row \fourth, %(\value+3), \width, _next
        .endm
        .macro before_eight
            .if {values_stay}
                load_next r8, 24, 31
            .else
                add r9, r8, #16
                .if {turns}
                    load r8, 28, 31
                .endif
            .endif
        .endm
        .macro eight_rows width
            .if {values_stay}
                rows r0, r1, r2, r3, 24, \width
                rows r4, r5, r6, r7, 28, \width
            .elseif {turns} && \width == {second}
                rows r4, r5, r6, r7, 28, \width
                load r8, 28, 31
                rows r0, r1, r2, r3, 28, \width
            .else
                .if {turns} == 0
                    load r8, 28, 31
                .endif
                rows r0, r1, r2, r3, 28, \width
                load r9, 28, 31
                rows r4, r5, r6, r7, 28, \width
            .endif
        .endm
        .macro after_eight
            .if {values_stay} == 0
                add r8, r8, #32
            .endif
        .endm
        "
    };
}

/// Eight rows of a run, and one, that are passed over where their value is zero; -0.0 counts as a value.
macro_rules! skipping_rows {
    () => {
        r"
        .macro unless_zero value, width
            cbz \value, 9f
            vmov s31, \value
            row r9, 31, \width
        9:  add r9, r9, lr
        .endm
        .macro skipping_eight width
            ldm r8!, {{r0-r7}}
            .irp value, r0, r1, r2, r3, r4, r5, r6, r7
                unless_zero \value, \width
            .endr
        .endm
        .macro skipping_one width
            ldr r0, [r8], #4
            unless_zero r0, \width
        .endm
        "
    };
}

/// Through a matrix in several blocks.
///
/// A block of the first width goes on to one of the second, if there are two. Other blocks end with a jump to the code for
/// the next one, whose address is in a table behind the code: one instruction where a comparison and a branch would be two.
/// On the stack stand, from its pointer up: the first column, the table, the end of the values, the ends of the columns in
/// blocks of the first width and of all, and the rows or the list of rows. (Rows that go one by one meet all blocks of the
/// first width before those of the second.)
macro_rules! sweep {
    () => {
        r"
        push {{r4-r11, lr}}
        vpush {{s16-s31}}
        ldm r0, {{r0-r3, r8, r10-r12}}
        push {{r0}}
        push {{r3, r11, r12}}
        adr r11, 11f
        push {{r10, r11}}
        .if {listed} == 0
            mov r12, r2
            mov lr, r1
            add r1, r0, lr
            add r2, r1, lr
            add r3, r2, lr
            add r4, r3, lr
            add r5, r4, lr
            add r6, r5, lr
            add r7, r6, lr
            rsb lr, lr, lr, lsl #3
        .endif

    1:  .if {listed}
            ldr r0, [sp, #20]
            bl {fill}
            ldr lr, [sp, #20]
            add lr, lr, #{rows}
            add r8, lr, #4*{room}
            bic r12, r0, #7
            add r12, r8, r12, lsl #2
            add r0, r8, r0, lsl #2
            str r0, [sp, #8]
            ldrd r10, r11, [sp]
        .endif
        cmp r8, r12
        beq 6f

    2:  .if {listed}
            ldm lr!, {{r0-r7}}
        .endif
        before_eight
    3:  eight {first}
        .if {second}
    4:      eight {second}
        .endif
        ldr pc, [r11], #4
    5:  after_eight
        .if {listed} == 0
            .irp row, r0, r1, r2, r3, r4, r5, r6, r7
                add \row, \row, lr
            .endr
        .endif
        ldrd r10, r11, [sp]
        cmp r8, r12
        bne 2b

    6:  ldr r9, [sp, #8]
        cmp r8, r9
        beq 10f
        ldrd r11, r12, [sp, #12]
    7:  .if {listed}
            ldr r0, [lr], #4
        .endif
        before_one
    8:  one {first}
        cmp r10, r11
        bne 8b
        .if {second}
    9:      one {second}
            cmp r10, r12
            bne 9b
        .endif
        after_one
        ldr r10, [sp]
        ldr r9, [sp, #8]
        cmp r8, r9
        bne 7b

    10: .if {listed}
            ldr r0, [sp, #20]
            add r0, r0, #{rows}+4*({room}+{full})
            cmp r8, r0
            beq 1b
        .endif
        add sp, sp, #24
        vpop {{s16-s31}}
        pop {{r4-r11, pc}}

        .p2align 2
    11: .rept {firsts}-1
            .word 3b+1
        .endr
        .if {second}
            .rept {seconds}-{firsts}
                .word 4b+1
            .endr
        .endif
        .word 5b+1
        "
    };
}

/// Through a matrix in one block, where each row begins where the one before ended.
macro_rules! run {
    () => {
        r"
        push {{r4-r11, lr}}
        vpush {{s16-s31}}
        ldm r0, {{r0-r3, r8, r10-r12}}
        mov r9, r0
        mov r11, r2
        mov r12, r3
        mov lr, r1
        first
        cmp r8, r11
        beq 2f
    1:  eight
        cmp r8, r11
        bne 1b
    2:  cmp r8, r12
        beq 4f
    3:  one
        cmp r8, r12
        bne 3b
    4:  last
        vpop {{s16-s31}}
        pop {{r4-r11, pc}}
        "
    };
}

pub(super) use {eight_rows, forget, instructions, run, skipping_rows, sweep};
