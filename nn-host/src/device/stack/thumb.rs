//! What Thumb instructions do to the stack pointer and where they go; of all others only the length matters.
//!
//! Encodings: Armv7-M Architecture Reference Manual, sections A5.2 (16 bits) and A5.3 (32 bits), and by name in A7.7.

/// An instruction's effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// None that matters here; jumps through a table of the function's own are among these.
    Other,
    /// Lowers the stack pointer by so many bytes.
    Takes(u32),
    /// Raises the stack pointer, as functions do at their end.
    Pops,
    /// Sets the stack pointer to something computed.
    SetsStack,
    /// Adds this register to the stack pointer.
    AddsToStack(u32),
    /// Loads this register with the word at an address.
    Loads {
        /// Which register.
        register: u32,
        /// The word's address.
        address: u32,
    },
    /// Calls what is at this address.
    Calls(u32),
    /// Goes to this address and leaves the way back as it is.
    GoesTo(u32),
    /// Goes to where a register or a word in memory says.
    GoesByPointer,
}

/// An encoding: those bits of an instruction that are fixed, their values, and the effect of an instruction by its
/// bits and its address. Instructions of 32 bits have their first half on top.
type Encoding = (u32, u32, fn(u32, u32) -> Effect);

/// The first that fits counts.
const ENCODINGS: [Encoding; 32] = [
    // PUSH T1, T2, T3 (one register, which is an STR), and STMDB of the stack.
    (0xffff_fe00, 0xb400, |bits, _| Effect::Takes(4 * (bits & 0x1ff).count_ones())),
    (0xffff_0000, 0xe92d_0000, |bits, _| Effect::Takes(4 * (bits & 0xffff).count_ones())),
    // VPUSH T1, T2, and VSTMDB.
    (0xffbf_0e00, 0xed2d_0a00, |bits, _| Effect::Takes(4 * (bits & 0xff))),
    // SUB (SP minus immediate) T1, T2, T3.
    (0xffff_ff80, 0xb080, |bits, _| Effect::Takes(4 * (bits & 0x7f))),
    (0xfbef_8f00, 0xf1ad_0d00, |bits, _| Effect::Takes(expanded(immediate(bits)))),
    (0xfbff_8f00, 0xf2ad_0d00, |bits, _| Effect::Takes(immediate(bits))),
    // POP T3 into the program counter, which is a return, and before any other address.
    (0xffff_ffff, 0xf85d_fb04, |_, _| Effect::Pops),
    // LDR into the program counter that moves its base on: through a table of the function's own, entry after entry.
    (0xfff0_ff00, 0xf850_fb00, |_, _| Effect::Other),
    // LDR into the program counter and into the stack pointer.
    (0xff70_f000, 0xf850_f000, |_, _| Effect::GoesByPointer),
    (0xff70_f000, 0xf850_d000, |_, _| Effect::SetsStack),
    // STR, STRH, STRB and their loads, immediate, below the stack and with its pointer following.
    (0xfe8f_0b00, 0xf80d_0900, |bits, _| Effect::Takes(bits & 0xff)),
    // STRD and LDRD (immediate), likewise.
    (0xfeef_0000, 0xe86d_0000, |bits, _| Effect::Takes(4 * (bits & 0xff))),
    // POP T1, T2, T3, and VPOP.
    (0xffff_fe00, 0xbc00, |_, _| Effect::Pops),
    (0xffff_0000, 0xe8bd_0000, |_, _| Effect::Pops),
    (0xffff_0fff, 0xf85d_0b04, |_, _| Effect::Pops),
    (0xffbf_0e00, 0xecbd_0a00, |_, _| Effect::Pops),
    // ADD (SP plus register) T2 and T3, SUB (SP minus register) T1.
    (0xffff_ff87, 0x4485, |bits, _| Effect::AddsToStack(bits >> 3 & 0xf)),
    (0xffef_0f00, 0xeb0d_0d00, |_, _| Effect::SetsStack),
    (0xffef_0f00, 0xebad_0d00, |_, _| Effect::SetsStack),
    // MOV (register) T1 and T3, and MSR, to the stack pointer.
    (0xffff_ff87, 0x4685, |_, _| Effect::SetsStack),
    (0xffef_fff0, 0xea4f_0d00, |_, _| Effect::SetsStack),
    (0xffe0_ff7e, 0xf380_8808, |_, _| Effect::SetsStack),
    // LDR (literal) T1.
    (0xffff_f800, 0x4800, |bits, at| Effect::Loads {
        register: bits >> 8 & 7,
        address: (at.wrapping_add(4) & !3).wrapping_add(4 * (bits & 0xff)),
    }),
    // BX to the link register is a return; BX and BLX to another.
    (0xffff_ff80, 0x4780, |_, _| Effect::GoesByPointer),
    (0xffff_fff8, 0x4770, |_, _| Effect::Other),
    (0xffff_ff80, 0x4700, |_, _| Effect::GoesByPointer),
    // CBZ and CBNZ, forwards only.
    (0xffff_f500, 0xb100, |bits, at| Effect::GoesTo(target(at, bits >> 3 & 0x40 | bits >> 2 & 0x3e, 8))),
    // B T2, and T1, whose last two conditions are UDF and SVC.
    (0xffff_f800, 0xe000, |bits, at| Effect::GoesTo(target(at, bits << 1 & 0xffe, 12))),
    (0xffff_f000, 0xd000, |bits, at| match bits >> 8 & 0xf {
        14 | 15 => Effect::Other,
        _ => Effect::GoesTo(target(at, bits << 1 & 0x1fe, 9)),
    }),
    // BL T1, B T4.
    (0xf800_d000, 0xf000_d000, |bits, at| Effect::Calls(target(at, far(bits), 25))),
    (0xf800_d000, 0xf000_9000, |bits, at| Effect::GoesTo(target(at, far(bits), 25))),
    // B T3, among whose conditions two are other instructions.
    (0xf800_d000, 0xf000_8000, |bits, at| match bits >> 22 & 0xf {
        14 | 15 => Effect::Other,
        _ => Effect::GoesTo(target(at, near(bits), 21)),
    }),
];

/// What the instructions of a piece of code do, in their order.
pub(super) fn effects(start: u32, code: &[u8]) -> Vec<Effect> {
    let mut halves = code.chunks_exact(2).filter_map(|half| Some(u32::from(u16::from_le_bytes(half.try_into().ok()?))));
    let (mut at, mut effects) = (start, Vec::new());
    while let Some(first) = halves.next() {
        let is_long = first >= 0xe800;
        let bits = if is_long { first << 16 | halves.next().unwrap_or_default() } else { first };
        effects.push(effect(bits, at));
        at = at.wrapping_add(if is_long { 4 } else { 2 });
    }
    effects
}

fn effect(bits: u32, at: u32) -> Effect {
    let mut encodings = ENCODINGS.iter().filter(|(mask, fixed, _)| bits & mask == *fixed);
    encodings.next().map_or(Effect::Other, |(_, _, effect)| effect(bits, at))
}

/// The address at a signed offset of so many bits, which counts from four bytes behind the start of the instruction.
const fn target(at: u32, offset: u32, bits: u32) -> u32 {
    let sign = 1 << (bits - 1);
    let offset = (offset ^ sign).wrapping_sub(sign);
    at.wrapping_add(4).wrapping_add(offset)
}

/// The offset in BL T1 and B T4, of 25 bits: S, I1, I2, imm10, imm11, 0, where I = not (J xor S).
fn far(bits: u32) -> u32 {
    let s = bits >> 26 & 1;
    let i = |j: u32| !(j ^ s) & 1;
    s << 24 | i(bits >> 13) << 23 | i(bits >> 11) << 22 | (bits >> 16 & 0x3ff) << 12 | (bits & 0x7ff) << 1
}

/// The offset in B T3, of 21 bits: S, J2, J1, imm6, imm11, 0.
fn near(bits: u32) -> u32 {
    (bits >> 26 & 1) << 20
        | (bits >> 11 & 1) << 19
        | (bits >> 13 & 1) << 18
        | (bits >> 16 & 0x3f) << 12
        | (bits & 0x7ff) << 1
}

/// The twelve bits of an immediate: i, imm3, imm8.
fn immediate(bits: u32) -> u32 {
    bits >> 15 & 0x800 | bits >> 4 & 0x700 | bits & 0xff
}

/// A modified immediate constant, section A5.3.2.
fn expanded(immediate: u32) -> u32 {
    let byte = immediate & 0xff;
    match immediate >> 8 {
        0 => byte,
        1 => byte << 16 | byte,
        2 => byte << 24 | byte << 8,
        3 => byte << 24 | byte << 16 | byte << 8 | byte,
        _ => (0x80 | immediate & 0x7f).rotate_right(immediate >> 7),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The effect of one instruction at address 0x1000.
    fn of(halves: &[u16]) -> Effect {
        let code: Vec<u8> = halves.iter().flat_map(|half| half.to_le_bytes()).collect();
        let effects = effects(0x1000, &code);
        assert_eq!(effects.len(), 1, "{halves:x?} is one instruction");
        effects[0]
    }

    #[test]
    fn what_lowers_the_stack_is_measured() {
        let cases: [(&[u16], u32, &str); 16] = [
            (&[0xb580], 8, "push {r7, lr}"),
            (&[0xb5f0], 20, "push {r4-r7, lr}"),
            (&[0xe92d, 0x0f00], 16, "stmdb sp!, {r8-r11}"),
            (&[0xe92d, 0x4ff0], 36, "push.w {r4-r11, lr}"),
            (&[0xf84d, 0xbd04], 4, "str.w r11, [sp, #-4]!"),
            (&[0xf84d, 0x0d20], 32, "str.w r0, [sp, #-32]!"),
            (&[0xf82d, 0x0d08], 8, "strh.w r0, [sp, #-8]!"),
            (&[0xe96d, 0x0104], 16, "strd r0, r1, [sp, #-16]!"),
            (&[0xed2d, 0x8b10], 64, "vpush {d8-d15}"),
            (&[0xed6d, 0x8a03], 12, "vpush {s17-s19}"),
            (&[0xb082], 8, "sub sp, #8"),
            (&[0xb0ff], 508, "sub sp, #508"),
            (&[0xf5ad, 0x7d00], 512, "sub.w sp, sp, #512"),
            (&[0xf5ad, 0x5d80], 4096, "sub.w sp, sp, #4096"),
            (&[0xf2ad, 0x4d04], 1028, "subw sp, sp, #1028"),
            (&[0xf6ad, 0x7dfc], 4092, "subw sp, sp, #4092"),
        ];
        for (halves, bytes, text) in cases {
            assert_eq!(of(halves), Effect::Takes(bytes), "{text}");
        }
    }

    #[test]
    fn what_goes_elsewhere_is_followed() {
        assert_eq!(of(&[0xf003, 0xf855]), Effect::Calls(0x40ae), "bl +0x30aa");
        assert_eq!(of(&[0xf7ff, 0xfffe]), Effect::Calls(0x1000), "bl -4");
        let cases: [(&[u16], u32, &str); 10] = [
            (&[0xf7ff, 0xbee3], 0x0dca, "b.w -0x23a"),
            (&[0xf000, 0xb804], 0x100c, "b.w +8"),
            (&[0xf4ff, 0xaedf], 0x0dc2, "bcc.w -0x242"),
            (&[0xf000, 0x8002], 0x1008, "beq.w +4"),
            (&[0xd001], 0x1006, "beq +2"),
            (&[0xd8f8], 0x0ff4, "bhi -16"),
            (&[0xe7fe], 0x1000, "b -4"),
            (&[0xe001], 0x1006, "b +2"),
            (&[0xb108], 0x1006, "cbz r0, +2"),
            (&[0xbbf9], 0x1082, "cbnz r1, +126"),
        ];
        for (halves, address, text) in cases {
            assert_eq!(of(halves), Effect::GoesTo(address), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_followed_is_told() {
        for (halves, text) in [
            (&[0x4780_u16][..], "blx r0"),
            (&[0x47f0], "blx lr"),
            (&[0x4718], "bx r3"),
            (&[0xf8df, 0xf004], "ldr.w pc, [pc, #4]"),
            (&[0xf851, 0xf020], "ldr.w pc, [r1, r0, lsl #2]"),
        ] {
            assert_eq!(of(halves), Effect::GoesByPointer, "{text}");
        }
        for (halves, text) in [
            (&[0x46b5_u16][..], "mov sp, r6"),
            (&[0xea4f, 0x0d04], "mov.w sp, r4"),
            (&[0xebad, 0x0d00], "sub.w sp, sp, r0"),
            (&[0xeb0d, 0x0d00], "add.w sp, sp, r0"),
            (&[0xf380, 0x8808], "msr MSP, r0"),
            (&[0xf8d0, 0xd000], "ldr.w sp, [r0]"),
        ] {
            assert_eq!(of(halves), Effect::SetsStack, "{text}");
        }
    }

    #[test]
    fn what_raises_the_stack_or_leaves_it_takes_nothing() {
        for (halves, text) in [
            (&[0xbdf0_u16][..], "pop {r4-r7, pc}"),
            (&[0xe8bd, 0x0f00], "ldmia.w sp!, {r8-r11}"),
            (&[0xf85d, 0xbb04], "ldr.w r11, [sp], #4"),
            (&[0xf85d, 0xfb04], "ldr.w pc, [sp], #4"),
            (&[0xecbd, 0x8b10], "vpop {d8-d15}"),
        ] {
            assert_eq!(of(halves), Effect::Pops, "{text}");
        }
        for (halves, text) in [
            (&[0x4770_u16][..], "bx lr"),
            (&[0xb002], "add sp, #8"),
            (&[0xaf03], "add r7, sp, #12"),
            (&[0x466f], "mov r7, sp"),
            (&[0x9001], "str r0, [sp, #4]"),
            (&[0xf50d, 0x7d00], "add.w sp, sp, #512"),
            (&[0xf1a7, 0x0418], "sub.w r4, r7, #24"),
            (&[0xf841, 0x0d04], "str.w r0, [r1, #-4]!"),
            (&[0xf84d, 0x0c04], "str.w r0, [sp, #-4]"),
            (&[0xe9cd, 0x0104], "strd r0, r1, [sp, #16]"),
            (&[0xe8df, 0xf001], "tbb [pc, r1]"),
            (&[0x44b7], "add pc, r6"),
            (&[0xf85b, 0xfb04], "ldr pc, [r11], #4"),
            (&[0xdefe], "udf #254"),
            (&[0xf380, 0x8810], "msr PRIMASK, r0"),
            (&[0xf3bf, 0x8f5f], "dmb sy"),
            (&[0xf3ef, 0x8008], "mrs r0, MSP"),
            (&[0xf04f, 0x32cc], "mov.w r2, #0xcccccccc"),
        ] {
            assert_eq!(of(halves), Effect::Other, "{text}");
        }
    }

    #[test]
    fn a_frame_of_armv6_m_is_a_word_behind_the_code() {
        // ldr r6, [pc, #924]; add sp, r6
        let code = [0xe7, 0x4e, 0xb5, 0x44];
        let expected = [Effect::Loads { register: 6, address: 0x4bc }, Effect::AddsToStack(6)];
        assert_eq!(effects(0x11c, &code), expected);
    }

    #[test]
    fn an_instruction_of_32_bits_is_passed_over_whole() {
        // ldr.w r11, [r0, #0x5f0], whose second half alone is a push; push {r7, lr}.
        let code = [0xd0, 0xf8, 0xf0, 0xb5, 0x80, 0xb5];
        assert_eq!(effects(0, &code), [Effect::Other, Effect::Takes(8)]);
    }
}
