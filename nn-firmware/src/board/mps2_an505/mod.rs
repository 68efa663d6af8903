//! Arm MPS2 with FPGA image AN505: Cortex-M33 with FPU, in its secure state.

use super::mps2::Image;

pub use super::mps2::{entry, take};

pub(super) const IMAGE: Image = Image { ticks_per_second: 20_000_000, uart: 0x5020_0000 };
