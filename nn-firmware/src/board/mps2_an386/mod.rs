//! Arm MPS2 with FPGA image AN386: Cortex-M4 with FPU.

use super::mps2::Image;

pub use super::mps2::{entry, take};

pub(super) const IMAGE: Image = Image { ticks_per_second: 25_000_000, uart: 0x4000_4000 };
