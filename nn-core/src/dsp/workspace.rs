//! The inputs of a layer as the assembly takes them: pairs of 16-bit numbers, all of them, or a list of those not zero.

use core::arch::naked_asm;

use super::frame::instructions;
use crate::Zero;

/// Entries of a list are multiplied so many at a time; entries with inputs of 0 fill up.
pub(super) const SIX: usize = 6;

/// Words behind an input each: where a list fills up, and inputs fill up to eight.
const MORE: usize = 16;

/// Room for a layer's inputs, widened or listed: a pair of inputs in a word, with its place in another if listed.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Workspace<const IN: usize> {
    words: [u32; IN],
    more: [u32; MORE],
}

impl<const IN: usize> Zero for Workspace<IN> {
    const ZERO: Self = Self { words: [0; IN], more: [0; MORE] };
}

/// Words between two addresses.
pub(super) type Span = [*const u32; 2];

impl<const IN: usize> Workspace<IN> {
    pub(super) fn start(&mut self) -> *mut u32 {
        (&raw mut *self).cast()
    }

    /// Widens inputs, less the zero point, in their order.
    pub(super) fn widen(&mut self, x: &[i8; IN], zero_point: i8) -> Span {
        let start = self.start();
        // SAFETY: x has IN bytes, and up to 7 more numbers than IN, two a word, are fewer than the words here.
        [start, unsafe { widen::<true>(x.as_ptr(), IN, twice(-i16::from(zero_point)), start) }]
    }

    /// Widens inputs, the second and third of each four exchanged, as plain weights are taken apart; only whole fours.
    pub(super) fn widen_fours(&mut self, x: &[i8; IN]) -> Span {
        let start = self.start();
        // SAFETY: as above.
        unsafe { widen::<false>(x.as_ptr(), IN, 0, start) };
        [start, start.wrapping_add(IN / 4 * 2)]
    }

    /// Lists the pairs of inputs of which one is not the zero point, with their place in bytes of a pair of rows.
    pub(super) fn list(&mut self, x: &[i8; IN], zero_point: i8) -> Span {
        let start = self.start();
        let (fours, rest) = x.as_chunks::<4>();
        let mut last = [zero_point; 4];
        last.iter_mut().zip(rest).for_each(|(last, &x)| *last = x);
        let places = |x: *const i8, place: usize| x.addr().wrapping_add(4).wrapping_mul(2).wrapping_sub(place);
        let zero_points = u32::from_ne_bytes([zero_point.cast_unsigned(); 4]);
        let mut list =
            List { x: x.as_ptr(), x_end: fours.as_ptr_range().end.cast(), end: start, zero_points, origin: 0 };
        list.origin = places(list.x, 0);
        if !fours.is_empty() {
            // SAFETY: these are all fours of x; of each word at most two pairs are listed, in four words.
            list.end = unsafe { fill(&list) };
        }
        if !rest.is_empty() {
            let of_last = last.as_ptr_range();
            let list_of_last =
                List { x: of_last.start, x_end: of_last.end, origin: places(of_last.start, 8 * fours.len()), ..list };
            // SAFETY: these are four bytes, and their pairs are behind those of all others.
            list.end = unsafe { fill(&list_of_last) };
        }
        [start, Self::fill_up(start, list.end)]
    }

    /// Puts entries of zeros behind a list, until it is one or several times six; returns the end.
    fn fill_up(start: *mut u32, end: *mut u32) -> *const u32 {
        let entries = (end.addr() - start.addr()) / (2 * size_of::<u32>());
        let missing = entries.max(1).next_multiple_of(SIX) - entries;
        // SAFETY: a list has an entry for two inputs at most, one more, and these: fewer words than there are here.
        unsafe { end.write_bytes(0, 2 * missing) };
        end.wrapping_add(2 * missing)
    }
}

/// The same number in both halves of a word.
const fn twice(number: i16) -> u32 {
    number.cast_unsigned() as u32 * 0x1_0001
}

/// Writes inputs plus a number (in both halves of `add`) as halves of words, zeros up to a multiple of eight behind them;
/// returns the end.
#[unsafe(naked)]
unsafe extern "C" fn widen<const IN_ORDER: bool>(x: *const i8, count: usize, add: u32, to: *mut u32) -> *mut u32 {
    naked_asm!(
        instructions!(),
        r"
        push {{r4-r11, lr}}
        lsrs r12, r1, #3
        beq 2f
    1:  ldr r8, [r0], #4
        ldr r10, [r0], #4
        .if {in_order}
            sxtab16 r9, r2, r8, ror #8
            sxtab16 r8, r2, r8
            sxtab16 r11, r2, r10, ror #8
            sxtab16 r10, r2, r10
            pkhbt r4, r8, r9, lsl #16
            pkhtb r5, r9, r8, asr #16
            pkhbt r6, r10, r11, lsl #16
            pkhtb r7, r11, r10, asr #16
        .else
            sxtab16 r4, r2, r8
            sxtab16 r5, r2, r8, ror #8
            sxtab16 r6, r2, r10
            sxtab16 r7, r2, r10, ror #8
        .endif
        stm r3!, {{r4-r7}}
        subs r12, r12, #1
        bne 1b
    2:  .if {in_order} == 0
            tst r1, #4
            beq 5f
            ldr r8, [r0], #4
            sxtab16 r4, r2, r8
            sxtab16 r5, r2, r8, ror #8
            stm r3!, {{r4, r5}}
        .else
            ands r1, r1, #7
            beq 5f
            rsb r12, r1, #8
        3:  ldrsb r4, [r0], #1
            add r4, r4, r2
            strh r4, [r3], #2
            subs r1, r1, #1
            bne 3b
            mov r4, #0
        4:  strh r4, [r3], #2
            subs r12, r12, #1
            bne 4b
        .endif
    5:  mov r0, r3
        pop {{r4-r11, pc}}
        ",
        in_order = const IN_ORDER as usize,
    )
}

/// What is to be listed, in the order in which the assembly loads it.
#[repr(C)]
struct List {
    x: *const i8,
    x_end: *const i8,
    end: *mut u32,
    /// The zero point in each byte.
    zero_points: u32,
    /// Four bytes of inputs that end at address `a` have the place 2 · a − `origin`.
    origin: usize,
}

/// Lists what is not zero of one or several times four inputs; returns the end of the list.
///
/// Most inputs are zero, so four are compared at once, and taken apart only if one of them is not.
#[unsafe(naked)]
unsafe extern "C" fn fill(list: &List) -> *mut u32 {
    naked_asm!(
        instructions!(),
        r"
        .macro four
            ldr r6, [r0], #4
            cmp r6, r3
            beq 9f
            sxtab16 r12, r5, r6
            sxtab16 lr, r5, r6, ror #8
            pkhbt r6, r12, lr, lsl #16
            pkhtb r7, lr, r12, asr #16
            rsb r12, r4, r0, lsl #1
            cbz r6, 8f
            strd r12, r6, [r2], #8
        8:  cbz r7, 9f
            add r12, r12, #4
            strd r12, r7, [r2], #8
        9:
        .endm
        push {{r4-r7, lr}}
        ldm r0, {{r0-r4}}
        sxtb16 r6, r3
        mov r5, #0
        ssub16 r5, r5, r6
        sub r12, r1, r0
        ands r7, r12, #12
        beq 2f
        add r7, r7, r0
        push {{r7}}
    1:  four
        ldr r7, [sp]
        cmp r0, r7
        bne 1b
        add sp, sp, #4
        cmp r0, r1
        beq 3f
    2:  .rept 4
            four
        .endr
        cmp r0, r1
        bne 2b
    3:  mov r0, r2
        pop {{r4-r7, pc}}
        .purgem four
        ",
    )
}
