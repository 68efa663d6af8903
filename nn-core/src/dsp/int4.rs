//! All rows of a kernel of 4-bit weights, as far as inputs come in eights: 50 instructions for 32 products.
//!
//! A word has eight weights, of which `word << 4` and `word` have four each in the upper halves of their bytes. With the
//! lower halves taken away these are bytes of 16 · w, which are multiplied two by two; of a whole sum a shift takes the 16
//! away again, exactly.

use core::arch::naked_asm;
use core::ptr;

use super::frame::{finish, forget, instructions};
use super::layer::{Kernels, Layer, run};
use super::workspace::Workspace;
use crate::int8::{self, DenseOutput};

/// Inputs of a word of weights.
const EIGHT: usize = 8;

/// The most inputs: 16 · w · x is at most 2¹⁴, so that 16 times a sum has 32 bits.
const MOST: usize = 1 << 16;

/// The output of a dense layer with weights of 4 bits: [`int8::int4::dense`].
///
/// Rows that start in the middle of a byte are left to plain Rust. There must be one multiplier, or one for each output;
/// `is_usual` says [`DenseOutput::is_usual`].
///
/// # Shapes
/// - `w`: `[size(IN, OUT)]`
pub(crate) fn int4_dense<const IN: usize, const OUT: usize>(
    x: &[i8; IN],
    w: &[u8],
    b: &[i32; OUT],
    (output, is_usual): (&DenseOutput<'_>, bool),
    workspace: &mut Workspace<IN>,
    z: &mut [i8; OUT],
) {
    let is_whole = w.len() >= const { int8::int4::size(IN, OUT) } && !output.multipliers.is_empty();
    if IN < EIGHT || IN > MOST || !IN.is_multiple_of(2) || !is_whole {
        return int8::int4::dense(x, w, b, output, z);
    }
    let mut with_rest = [0; OUT];
    let b = if IN.is_multiple_of(EIGHT) { b } else { add_rest(x, w, b, &mut with_rest) };
    let start = workspace.start();
    // SAFETY: x has so many eights, and the workspace a word for each input.
    let end = unsafe { widen(x.as_ptr(), IN / EIGHT, start) };
    let kernels: Kernels = [rows::<false>, rows::<true>];
    // SAFETY: the kernel has OUT rows of IN / 2 bytes.
    unsafe { run(kernels, (ptr::from_ref(w).cast(), IN / 2), ([start, end], 0), b, (output, is_usual), z) }
}

/// Takes the products of the inputs behind the last whole eight into the bias.
#[inline(never)]
fn add_rest<'s, const OUT: usize>(x: &[i8], w: &[u8], b: &[i32; OUT], sums: &'s mut [i32; OUT]) -> &'s [i32; OUT] {
    let rest = x.as_chunks::<EIGHT>().1;
    for (row, (sum, &b)) in sums.iter_mut().zip(b).enumerate() {
        *sum = int8::int4::add_product(b, rest, w, (row + 1) * x.len() - rest.len());
    }
    sums
}

/// Writes so many eights of inputs as halves of words, x0 and x4, x2 and x6, x1 and x5, x3 and x7, as weights are taken
/// apart; returns the end.
#[unsafe(naked)]
unsafe extern "C" fn widen(x: *const i8, eights: usize, to: *mut u32) -> *mut u32 {
    naked_asm!(
        instructions!(),
        r"
        push {{r4-r11, lr}}
    1:  ldr r8, [r0], #4
        ldr r10, [r0], #4
        sxtb16 r9, r8, ror #8
        sxtb16 r8, r8
        sxtb16 r11, r10, ror #8
        sxtb16 r10, r10
        pkhbt r4, r8, r10, lsl #16
        pkhtb r5, r10, r8, asr #16
        pkhbt r6, r9, r11, lsl #16
        pkhtb r7, r11, r9, asr #16
        stm r2!, {{r4-r7}}
        subs r1, r1, #1
        bne 1b
        mov r0, r2
        pop {{r4-r11, pc}}
        "
    )
}

/// Goes through all rows; with `SUMS` it gives sums instead of bytes.
///
/// Rows need not begin at words: each weight is loaded by an instruction that does not ask for it.
#[unsafe(naked)]
unsafe extern "C" fn rows<const SUMS: bool>(layer: &mut Layer) {
    naked_asm!(
        instructions!(),
        finish!(),
        r"
        .macro products sum
            sxtb16 r9, r8
            sxtb16 r8, r8, ror #8
            smlad \sum, r9, r6, \sum
            smlad \sum, r8, r7, \sum
        .endm
        .macro sixteenth_and_bias sum
            ldr r0, [r6], #4
            add \sum, r0, \sum, asr #4
        .endm
        push {{r4-r11, lr}}
        sub sp, sp, #8
        str r0, [sp]
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
        mov lr, #0xf0f0f0f0
    2:  ldm r1!, {{r6, r7}}
        ldr r8, [r0]
        and r8, lr, r8, lsl #4
        products r2
        ldr r8, [r0, r10]
        and r8, lr, r8, lsl #4
        products r3
        ldr r8, [r0, r10, lsl #1]
        and r8, lr, r8, lsl #4
        products r4
        ldr r8, [r0, r11]
        and r8, lr, r8, lsl #4
        products r5
        ldm r1!, {{r6, r7}}
        ldr r8, [r0, r10]
        and r8, lr, r8
        products r3
        ldr r8, [r0, r10, lsl #1]
        and r8, lr, r8
        products r4
        ldr r8, [r0, r11]
        and r8, lr, r8
        products r5
        ldr r8, [r0], #4
        and r8, lr, r8
        products r2
        cmp r1, r12
        bne 2b
        ldr lr, [sp]
        ldr r0, [lr, #{w}]
        add r0, r0, r10, lsl #2
        str r0, [lr, #{w}]
        load_rest
        .irp sum, r2, r3, r4, r5
            sixteenth_and_bias \sum
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
        mov lr, #0xf0f0f0f0
    5:  ldm r1!, {{r6, r7}}
        ldr r10, [r0], #4
        and r8, lr, r10, lsl #4
        products r2
        ldm r1!, {{r6, r7}}
        and r8, lr, r10
        products r2
        cmp r1, r12
        bne 5b
        ldr lr, [sp]
        load_rest
        sixteenth_and_bias r2
        finish r2
        clamp ldrb, strb, 1
        store_rest
        b 4b

    6:  add sp, sp, #8
        pop {{r4-r11, pc}}
        ",
        forget!("products, sixteenth_and_bias"),
        sums = const SUMS as usize,
        w = const Layer::W,
        x_end = const Layer::X_END,
        pair = const Layer::PAIR,
        rest = const Layer::REST,
        z = const Layer::Z,
        fours_end = const Layer::FOURS_END,
        z_end = const Layer::Z_END,
    )
}
