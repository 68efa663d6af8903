//! The board that the firmware is for, chosen by a feature of its name: a folder each, with `board.toml` and a module
//! that has
//!
//! - `take() -> Option<(impl Machine, Port<impl Uart>)>`, the processor and a serial port, once,
//! - `entry`, the attribute that makes a function the program.
//!
//! Beside them stands what boards share.

mod exit;
mod painted_stack;
mod port;
mod registers;

#[cfg(target_arch = "arm")]
mod hard_fault;

#[cfg(any(feature = "mps2-an385", feature = "mps2-an386", feature = "mps2-an500", feature = "mps2-an505"))]
mod mps2;

#[cfg_attr(feature = "mps2-an385", path = "mps2_an385/mod.rs")]
#[cfg_attr(feature = "mps2-an386", path = "mps2_an386/mod.rs")]
#[cfg_attr(feature = "mps2-an500", path = "mps2_an500/mod.rs")]
#[cfg_attr(feature = "mps2-an505", path = "mps2_an505/mod.rs")]
#[cfg_attr(any(feature = "microbit", feature = "microbit-large"), path = "microbit/mod.rs")]
#[cfg_attr(feature = "riscv-virt", path = "riscv_virt/mod.rs")]
mod chosen;

/// The board's name, from `build.rs`.
const NAME: &str = env!("NN_BOARD");

pub use chosen::{entry, take};
pub use exit::{fail, succeed};
pub use port::{Port, Uart};
