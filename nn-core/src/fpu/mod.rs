//! Kernels and the square root in assembly, for the FPU of the Cortex-M4F, M7 and M33 (FPv4-SP, FPv5).
//!
//! Besides `dsp` the one module with unsafe code. Loops that the compiler makes take twice as many instructions, because they keep
//! neither the sums of a block of outputs nor the addresses of several rows in registers. Each function gives the bits
//! of the plain Rust beside which it stands, [`kernel`](crate::kernel) and IEEE 754's square root; a test shows it in an
//! emulator for many shapes and values.
//!
//! The functions are naked and generic, so the compiler makes those that the sizes of a network need, and no other. They
//! need the FPU as a reset leaves it: it rounds to nearest and keeps subnormal numbers.
#![expect(unsafe_code, reason = "assembly reads and writes where it is led to")]

mod affine;
mod input_gradient;
mod outer_product;
mod sqrt;
mod start;

mod frame;
mod list;
mod sweep;

pub(crate) use affine::add_product;
pub(crate) use input_gradient::add_input_gradient;
pub(crate) use outer_product::{accumulate_outer_product, subtract_outer_product};
pub(crate) use sqrt::sqrt;
pub(crate) use start::start;
