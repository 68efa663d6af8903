//! Dense layers of bytes in assembly, for processors that multiply two pairs of 16-bit numbers at once (Cortex-M4, M7, M33).
//!
//! Besides [`fpu`](crate::fpu) the only module with unsafe code. Each function gives the bytes of plain Rust,
//! [`int8::dense`](crate::int8::dense()), [`int8::packed::dense`](crate::int8::packed::dense) and
//! [`int8::int4::dense`](crate::int8::int4::dense); a test shows it in an
//! emulator for many shapes and values. A layer's inputs are widened to 16 bits once; a block of four rows then has its
//! sums in registers, and takes them to bytes before the next begins.
//!
//! The code takes sizes at run time, so all layers of a network share it. None of it depends on a value by a branch but
//! the list of inputs that are not zero.
#![expect(unsafe_code, reason = "assembly reads and writes where it is led to")]
#![expect(clippy::too_many_lines, reason = "a loop in assembly is one function")]

mod layer;
mod workspace;

mod frame;
mod int4;
mod packed;
mod plain;
mod sparse;

pub(crate) use int4::int4_dense;
pub(crate) use layer::{dense, packed_dense};
pub use workspace::Workspace;
