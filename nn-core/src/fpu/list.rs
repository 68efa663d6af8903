//! The rows of a matrix whose value is not zero, listed some at a time.

use core::arch::naked_asm;
use core::mem::{MaybeUninit, offset_of};

use super::sweep::EIGHT;

/// Rows of a full list: enough to be worth the way to the list, few enough for a small stack (600 bytes).
pub(super) const FULL: usize = 64;

/// The eight that fills a list may have rows for the next one.
pub(super) const ROOM: usize = FULL + EIGHT;

/// Where the listed rows are in a list, and behind them their values.
pub(super) const ROWS: usize = offset_of!(List, rows);

/// Rows, each with its value, and what is still to be listed, in the order in which the assembly loads it.
#[repr(C)]
pub(super) struct List {
    rest: *const f32,
    rest_in_eights: *const f32,
    rest_end: *const f32,
    columns: usize,
    /// An eight of values that ends at address `a` has its first row at `origin + a · columns`, modulo 2³².
    origin: usize,
    /// Rows behind the full list, which belong to the next one.
    surplus: usize,
    rows: [MaybeUninit<*const f32>; ROOM],
    values: [MaybeUninit<f32>; ROOM],
}

impl List {
    /// An empty list, for the rows from `rows` on of so many columns, each with one of the values.
    pub(super) fn new(rows: *const f32, values: &[f32], columns: usize) -> Self {
        let (rest, count) = (values.as_ptr(), values.len());
        let behind_eight = rest.wrapping_add(EIGHT).addr();
        Self {
            rest,
            rest_in_eights: rest.wrapping_add(count - count % EIGHT),
            rest_end: rest.wrapping_add(count),
            columns,
            origin: rows.expose_provenance().wrapping_sub(behind_eight.wrapping_mul(columns)),
            surplus: 0,
            rows: [MaybeUninit::uninit(); ROOM],
            values: [MaybeUninit::uninit(); ROOM],
        }
    }
}

/// What listing is made of: `put` lists a word with the row in r12 unless it is zero, and goes on to the next row;
/// `find` finds the row of the first word of the last eight; `take_surplus` moves r3 rows behind a full list to its front.
///
/// -0.0 is listed: a product with it changes no sum.
macro_rules! parts {
    () => {
        r"
        .macro put word
            cbz \word, 9f
            str \word, [r10, #4*{room}]
            str r12, [r10], #4
        9:  add r12, r12, lr, lsl #2
        .endm
        .macro find
            ldr r12, [sp, #8]
            mla r12, r8, lr, r12
        .endm
        .macro take_surplus
            cbz r3, 9f
            add r12, r1, #4*{room}
            add lr, r11, #4*{room}
            ldm r11, {{r2-r9}}
            stm r1, {{r2-r9}}
            ldm lr, {{r2-r9}}
            stm r12, {{r2-r9}}
        9:
        .endm
        "
    };
}

/// Lists rows in the place of those before, until the list is full or no row is left; returns their number.
///
/// Most values are zero, so eight are read and compared at once, and their rows are found only if one of them is not.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn fill(list: &mut List) -> usize {
    naked_asm!(
        parts!(),
        r"
        push {{r4-r11, lr}}
        ldrd r2, r3, [r0, #16]
        add r1, r0, #{rows}
        push {{r0, r1, r2}}
        add r11, r1, #4*{full}
        add r10, r1, r3, lsl #2
        take_surplus
        ldrd r8, r9, [r0]
        ldr lr, [r0, #12]
        cmp r8, r9
        bhs 3f

    1:  ldm r8!, {{r0-r7}}
        orr r12, r0, r1
        .irp word, r2, r3, r4, r5, r6
            orr r12, r12, \word
        .endr
        orrs r12, r12, r7
        beq 2f
        find
        .irp word, r0, r1, r2, r3, r4, r5, r6, r7
            put \word
        .endr
        cmp r10, r11
        bhs 5f
    2:  cmp r8, r9
        bne 1b

    3:  ldr r0, [sp]
        ldr r9, [r0, #8]
        cmp r8, r9
        bhs 5f
        find
        add r12, r12, lr, lsl #5
    4:  ldr r0, [r8], #4
        put r0
        cmp r8, r9
        bne 4b

    5:  pop {{r0, r1, r2}}
        subs r2, r10, r11
        it lo
        movlo r2, #0
        sub r10, r10, r2
        lsr r2, r2, #2
        str r8, [r0]
        str r2, [r0, #20]
        sub r0, r10, r1
        lsr r0, r0, #2
        pop {{r4-r11, pc}}
        .irp name, put, find, take_surplus
            .purgem \name
        .endr
        ",
        rows = const ROWS,
        full = const FULL,
        room = const ROOM,
    )
}
