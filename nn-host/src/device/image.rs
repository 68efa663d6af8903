//! What a linked firmware occupies: flash for what is loaded, RAM for what is set up at boot, stack at the most.

use std::io;
use std::path::{Path, PathBuf};

use object::read::elf::ElfFile32;
use object::{Object, ObjectSection, ObjectSymbol, SectionKind};

use super::stack::{self, UnknownStack};

/// A linked firmware.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The ELF file.
    pub path: PathBuf,
    /// Bytes of code, constants and initial values.
    pub flash_bytes: u64,
    /// Bytes of static variables; the stack comes on top.
    pub ram_bytes: u64,
    /// Bytes of stack that it takes at most, one exception included, or why that is unknown.
    pub stack_bound: Result<u64, UnknownStack>,
    /// Whether there is a symbol of an allocator.
    pub has_allocator: bool,
    /// Whether there is a function of core's that panics.
    pub has_panic: bool,
}

/// Why a file is not a firmware.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no ELF file of 32 bits.
    #[error("{} is no firmware", path.display())]
    Elf {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: object::read::Error,
    },
}

impl Image {
    /// Reads what a linked firmware occupies.
    ///
    /// # Errors
    /// [`ImageError`] if the file is no firmware.
    pub fn read(path: &Path) -> Result<Self, ImageError> {
        let bytes = std::fs::read(path).map_err(|source| ImageError::File { path: path.to_owned(), source })?;
        let elf = ElfFile32::<object::Endianness>::parse(&*bytes)
            .map_err(|source| ImageError::Elf { path: path.to_owned(), source })?;
        let (mut flash_bytes, mut ram_bytes) = (0, 0);
        for section in elf.sections() {
            match section.kind() {
                SectionKind::Text | SectionKind::ReadOnlyData | SectionKind::ReadOnlyString => {
                    flash_bytes += section.size();
                }
                SectionKind::Data => {
                    flash_bytes += section.size();
                    ram_bytes += section.size();
                }
                // riscv-rt has a section for the stack, which is all of the memory that is left.
                SectionKind::UninitializedData if section.name() != Ok(".stack") => ram_bytes += section.size(),
                _ => {}
            }
        }
        let has = |is_it: fn(&str) -> bool| elf.symbols().filter_map(|symbol| symbol.name().ok()).any(is_it);
        Ok(Self {
            path: path.to_owned(),
            flash_bytes,
            ram_bytes,
            stack_bound: stack::bound(&elf),
            has_allocator: has(|name| name.contains("__rust_alloc") || name == "malloc"),
            has_panic: has(|name| name.contains("panicking")),
        })
    }
}
