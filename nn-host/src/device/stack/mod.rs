//! The most stack that a firmware for Cortex-M can take, from the machine code that has been linked.
//!
//! The bound is the deepest path through the calls from the program's entry, plus one exception in its deepest moment:
//! the registers that the processor then saves and the deepest handler of the vector table. Exceptions that interrupt
//! handlers are not in it. It relies on what compilers do: a function gives back all that it takes, and a jump through
//! a table stays in its function. Of functions that call themselves only those are counted that read a model file's
//! nested blocks, whose number has a limit.

mod calls;
mod program;
mod thumb;

use std::collections::BTreeMap;

use object::elf::EF_ARM_ABI_FLOAT_HARD;
use object::read::elf::ElfFile32;
use object::{Architecture, Endianness, FileFlags, Object, ObjectSection};

use calls::{Calls, Function};
use program::Program;

/// What the processor saves on an exception: eight registers, and a word that aligns them.
const EXCEPTION_BYTES: u64 = 32 + 4;

/// What it saves besides if it has floats: sixteen registers, the FPSCR and a word that aligns them.
const EXCEPTION_FLOAT_BYTES: u64 = 72;

/// Where cortex-m-rt places the stack's start, the entry, and the handlers of exceptions.
const VECTOR_TABLE: &str = ".vector_table";

/// Why there is no bound of a stack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownStack {
    /// The program is for another processor than a Cortex-M.
    #[error("only the code of Cortex-M is read")]
    Processor,
    /// A function calls itself, directly or through others.
    #[error("{function} calls itself")]
    Recursion {
        /// The name of its symbol.
        function: String,
    },
    /// A function calls another through a pointer.
    #[error("{function} calls through a pointer")]
    Pointer {
        /// The name of its symbol.
        function: String,
    },
    /// A function computes how much it takes.
    #[error("{function} computes its stack pointer")]
    Frame {
        /// The name of its symbol.
        function: String,
    },
    /// No symbol says what is called.
    #[error("no symbol of a function is at {address:#x}")]
    NoFunction {
        /// Its address.
        address: u32,
    },
}

/// The most bytes of stack that a linked program takes.
pub(super) fn bound(elf: &ElfFile32<'_, Endianness>) -> Result<u64, UnknownStack> {
    let entry = u32::try_from(elf.entry()).unwrap_or_default();
    // Addresses of Thumb code are odd.
    if elf.architecture() != Architecture::Arm || entry & 1 == 0 {
        return Err(UnknownStack::Processor);
    }
    let program = Program::of(elf);
    let handlers: Vec<u32> = handlers(elf).iter().map(|&handler| program.function_at(handler & !1)).collect();
    deepest(&program.functions(), program.function_at(entry & !1), &handlers, exception_bytes(elf))
}

/// The deepest stack from an entry, with an exception that one of the handlers handles.
fn deepest(
    functions: &BTreeMap<u32, Function>,
    entry: u32,
    handlers: &[u32],
    exception: u64,
) -> Result<u64, UnknownStack> {
    let mut calls = Calls::new(functions);
    let handling = handlers.iter().try_fold(0, |deepest, &handler| Ok(calls.depth(handler)?.max(deepest)))?;
    Ok(calls.depth(entry)? + exception + handling)
}

/// The addresses in the vector table, but for the first two, the stack's start and the entry.
fn handlers(elf: &ElfFile32<'_, Endianness>) -> Vec<u32> {
    let table = elf.section_by_name(VECTOR_TABLE).and_then(|section| section.data().ok()).unwrap_or_default();
    let words = table.chunks_exact(4).skip(2).filter_map(|word| Some(u32::from_le_bytes(word.try_into().ok()?)));
    words.filter(|&word| word != 0).collect()
}

/// Bytes that the processor saves on an exception.
fn exception_bytes(elf: &ElfFile32<'_, Endianness>) -> u64 {
    match elf.flags() {
        FileFlags::Elf { e_flags, .. } if e_flags & EF_ARM_ABI_FLOAT_HARD != 0 => {
            EXCEPTION_BYTES + EXCEPTION_FLOAT_BYTES
        }
        _ => EXCEPTION_BYTES,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn function(name: &str, frame: u64, calls: &[u32]) -> Function {
        Function { name: name.to_owned(), frame: Ok(frame), calls: calls.iter().copied().collect::<BTreeSet<_>>() }
    }

    #[test]
    fn an_exception_comes_on_top_of_the_deepest_moment() {
        let functions = BTreeMap::from([
            (0, function("Reset", 8, &[2])),
            (2, function("main", 100, &[])),
            (4, function("SysTick", 16, &[])),
            (6, function("HardFault", 0, &[8])),
            (8, function("report", 24, &[])),
        ]);
        assert_eq!(deepest(&functions, 0, &[4, 6], EXCEPTION_BYTES), Ok(108 + 36 + 24));
        assert_eq!(deepest(&functions, 0, &[], EXCEPTION_BYTES), Ok(108 + 36));
    }

    #[test]
    fn recursion_in_a_handler_is_told() {
        let functions = BTreeMap::from([(0, function("Reset", 8, &[])), (2, function("SysTick", 8, &[2]))]);
        let recursion = UnknownStack::Recursion { function: "SysTick".to_owned() };
        assert_eq!(deepest(&functions, 0, &[2], EXCEPTION_BYTES), Err(recursion));
    }
}
