//! A linked program's functions, their frames and calls, read from its symbols and machine code.

use core::ops::Range;
use std::collections::{BTreeMap, BTreeSet};

use object::read::elf::ElfFile32;
use object::{Endianness, Object, ObjectSection, ObjectSymbol, SectionKind, SymbolKind};

use super::UnknownStack;
use super::calls::Function;
use super::thumb::{Effect, effects};

/// A linked program's memory, and what its symbols say of it.
#[derive(Default)]
pub(super) struct Program<'e> {
    /// Sections of code and constants, with their addresses.
    sections: Vec<(u32, &'e [u8])>,
    /// Names and ends of functions, by their addresses.
    symbols: BTreeMap<u32, (&'e str, u32)>,
    /// Where code begins and where data amid it: the mapping symbols `$t` and `$d` of "ELF for the Arm Architecture".
    is_code: BTreeMap<u32, bool>,
}

impl<'e> Program<'e> {
    pub(super) fn of(elf: &ElfFile32<'e, Endianness>) -> Self {
        let mut program = Self::default();
        for section in elf.sections() {
            let is_constant = matches!(section.kind(), SectionKind::Text | SectionKind::ReadOnlyData);
            if let (true, Ok(address), Ok(data)) = (is_constant, u32::try_from(section.address()), section.data()) {
                program.sections.push((address, data));
            }
        }
        for symbol in elf.symbols() {
            let span = (u32::try_from(symbol.address()), u32::try_from(symbol.size()));
            if let (Ok(name), (Ok(address), Ok(size))) = (symbol.name(), span) {
                program.add(name, address, size, symbol.kind() == SymbolKind::Text);
            }
        }
        program
    }

    /// Adds a symbol. A function that has several names has the first; one without a size is of no use.
    fn add(&mut self, name: &'e str, address: u32, size: u32, is_function: bool) {
        let start = address & !1;
        match name.split('.').next() {
            Some("$t") => _ = self.is_code.insert(start, true),
            Some("$d") => _ = self.is_code.insert(address, false),
            _ if is_function && size > 0 => {
                let end = start.saturating_add(size);
                let function = self.symbols.entry(start).or_insert((name, end));
                function.1 = end.max(function.1);
            }
            _ => {}
        }
    }

    /// Every function by its address.
    pub(super) fn functions(&self) -> BTreeMap<u32, Function> {
        self.symbols.iter().map(|(&start, &(name, end))| (start, self.function(name, start..end))).collect()
    }

    /// The address of the function that an address is in, or the address itself if it is in none.
    pub(super) fn function_at(&self, address: u32) -> u32 {
        match self.symbols.range(..=address).next_back() {
            Some((&start, &(_, end))) if address < end => start,
            _ => address,
        }
    }

    fn function(&self, name: &str, range: Range<u32>) -> Function {
        let start = range.start;
        let Some(effects) = self.effects(range) else {
            let frame = Err(UnknownStack::NoFunction { address: start });
            return Function { name: name.to_owned(), frame, calls: BTreeSet::new() };
        };
        // Armv6-M jumps far within a function by what is a call elsewhere; what a program calls is a function's start.
        let is_elsewhere = |address: u32| self.function_at(address) != start;
        let callee = |effect: &Effect| match *effect {
            Effect::Calls(address) if address == start || is_elsewhere(address) => Some(self.function_at(address)),
            Effect::GoesTo(address) if is_elsewhere(address) => Some(self.function_at(address)),
            _ => None,
        };
        let calls = effects.iter().filter_map(callee).collect();
        Function { name: name.to_owned(), frame: self.frame(name, &effects), calls }
    }

    /// The effects of the instructions in a range, past the data amid them.
    fn effects(&self, range: Range<u32>) -> Option<Vec<Effect>> {
        let mut is_code = self.is_code.range(..=range.start).next_back().is_none_or(|(_, &is_code)| is_code);
        let mut start = range.start;
        let mut all = Vec::new();
        let marks = self.is_code.range(range.start.saturating_add(1)..range.end);
        for (&end, &is_code_next) in marks.chain([(&range.end, &false)]) {
            if is_code {
                all.extend(effects(start, self.bytes(start..end)?));
            }
            (start, is_code) = (end, is_code_next);
        }
        Some(all)
    }

    /// All that the code of a function takes from the stack. What it takes on one way and gives back before it takes
    /// more on another is counted twice, which a bound may.
    fn frame(&self, name: &str, mut effects: &[Effect]) -> Result<u64, UnknownStack> {
        let (mut frame, mut before) = (0, Effect::Other);
        while let [effect, after @ ..] = effects {
            let taken = match *effect {
                Effect::Takes(bytes) => Some(bytes),
                Effect::AddsToStack(register) => self.loaded(before, register).map(taken_by_adding),
                // At a function's end it only goes back to where it was.
                Effect::SetsStack if after.first() != Some(&Effect::Pops) => None,
                Effect::GoesByPointer => return Err(UnknownStack::Pointer { function: name.to_owned() }),
                _ => Some(0),
            };
            frame += u64::from(taken.ok_or_else(|| UnknownStack::Frame { function: name.to_owned() })?);
            (effects, before) = (after, *effect);
        }
        Ok(frame)
    }

    /// What a register holds after an instruction that has loaded it.
    fn loaded(&self, before: Effect, wanted: u32) -> Option<u32> {
        match before {
            Effect::Loads { register, address } if register == wanted => self.word(address),
            _ => None,
        }
    }

    /// The word at an address.
    pub(super) fn word(&self, address: u32) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes(address..address.checked_add(4)?)?.try_into().ok()?))
    }

    fn bytes(&self, range: Range<u32>) -> Option<&'e [u8]> {
        let mut found = self.sections.iter().filter_map(|(address, data)| {
            let start = usize::try_from(range.start.checked_sub(*address)?).ok()?;
            data.get(start..start.checked_add(range.len())?)
        });
        found.next()
    }
}

/// Bytes that the stack loses when this is added to its pointer.
const fn taken_by_adding(word: u32) -> u32 {
    let change = word.cast_signed();
    if change < 0 { change.unsigned_abs() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program with this code at 0x100.
    fn program(code: &[u8]) -> Program<'_> {
        Program { sections: vec![(0x100, code)], ..Program::default() }
    }

    fn bytes(halves: &[u16]) -> Vec<u8> {
        halves.iter().flat_map(|half| half.to_le_bytes()).collect()
    }

    #[test]
    fn a_function_has_a_frame_and_calls() {
        // push {r7, lr}; sub sp, #16; bl 0x110; beq.n 0x100; pop {r7, lr}; b.n 0x112; …; 0x110: nop; bx lr
        let code = bytes(&[0xb580, 0xb084, 0xf000, 0xf804, 0xd0fa, 0xbd80, 0xe001, 0xbf00, 0xbf00, 0x4770]);
        let mut program = program(&code);
        program.add("f", 0x101, 16, true);
        program.add("alias", 0x101, 0, true);
        program.add("g", 0x111, 4, true);
        let functions = program.functions();
        let f = Function { name: "f".to_owned(), frame: Ok(24), calls: BTreeSet::from([0x110]) };
        assert_eq!(functions[&0x100], f);
        assert_eq!((&functions[&0x110].frame, functions[&0x110].calls.len()), (&Ok(0), 0));
    }

    #[test]
    fn data_amid_code_is_passed_over() {
        // push {r7, lr}, a word like two more, push {r4, lr}
        let code = bytes(&[0xb580, 0xb5f0, 0xb5f0, 0xb510]);
        let mut program = program(&code);
        program.add("f", 0x101, 8, true);
        assert_eq!(program.functions()[&0x100].frame, Ok(8 + 20 + 20 + 8));
        for (name, address) in [("$t", 0x100), ("$d.1", 0x102), ("$t.2", 0x106)] {
            program.add(name, address, 0, false);
        }
        assert_eq!(program.functions()[&0x100].frame, Ok(16));
    }

    #[test]
    fn a_large_frame_of_armv6_m_is_read_from_its_word() {
        // ldr r6, [pc, #0]; add sp, r6; the word -1024
        let code = bytes(&[0x4e00, 0x44b5, 0xfc00, 0xffff]);
        let mut program = program(&code);
        program.add("f", 0x101, 4, true);
        assert_eq!(program.functions()[&0x100].frame, Ok(1024));
        // With a nop between the two the word may be another.
        let code = bytes(&[0x4e00, 0xbf00, 0x44b5, 0xffff]);
        program.sections = vec![(0x100, &code)];
        program.add("f", 0x101, 6, true);
        assert_eq!(program.functions()[&0x100].frame, Err(UnknownStack::Frame { function: "f".to_owned() }));
    }

    #[test]
    fn the_stack_may_be_set_at_the_end_only() {
        let frame = |halves: &[u16]| {
            let code = bytes(halves);
            let mut program = program(&code);
            program.add("f", 0x101, 4, true);
            program.functions()[&0x100].frame.clone()
        };
        assert_eq!(frame(&[0x46b5, 0xbdf0]), Ok(0), "mov sp, r6; pop {{r4-r7, pc}}");
        let unknown = UnknownStack::Frame { function: "f".to_owned() };
        assert_eq!(frame(&[0x46b5, 0xbf00]), Err(unknown), "mov sp, r6; nop");
        let pointer = UnknownStack::Pointer { function: "f".to_owned() };
        assert_eq!(frame(&[0x4780, 0xbf00]), Err(pointer), "blx r0; nop");
    }

    #[test]
    fn only_a_call_of_its_start_is_a_function_calling_itself() {
        let calls = |halves: &[u16]| {
            let code = bytes(halves);
            let mut program = program(&code);
            program.add("f", 0x101, 6, true);
            program.functions()[&0x100].calls.clone()
        };
        assert_eq!(calls(&[0xbf00, 0xf7ff, 0xfffd]), BTreeSet::from([0x100]), "bl 0x100");
        assert_eq!(calls(&[0xbf00, 0xf7ff, 0xfffe]), BTreeSet::new(), "bl 0x102, a far jump of Armv6-M");
        assert_eq!(calls(&[0xbf00, 0xbf00, 0xe7fc]), BTreeSet::new(), "b.n 0x100, a loop");
    }
}
