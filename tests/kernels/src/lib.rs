//! What the kernels of nn-core are compared with and measured by, on a chip.
//!
//! Firmware runs [`compare`], which finds whether kernels for sizes that the compiler knows, assembly on some chips, have
//! the bits of plain Rust, [`Bytes::compare`], which does so for layers of bytes, and [`Workbench::measure`] and [`ByteWorkbench::measure`], which
//! count instructions.

#![no_std]

mod compare;
mod kernels;
mod matrices;
mod roots;
mod sample;

mod byte_sample;
mod bytes;
mod compare_bytes;

mod measure;
mod networks;
mod steady;

mod byte_networks;
mod measure_bytes;

pub use compare::compare;
pub use compare_bytes::Bytes;
pub use matrices::Matrices;
pub use measure::{Counter, Workbench};
pub use measure_bytes::ByteWorkbench;
