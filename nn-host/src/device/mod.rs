//! Devices: building firmware, emulating boards, talking over the link, comparing bits.

mod board;
mod evaluate;
mod firmware;
mod image;
mod model_file;
mod qemu;
mod session;
mod stack;
mod toolchain;

pub use board::{Board, BoardError};
pub use evaluate::{DeviceEvaluation, evaluate};
pub use firmware::{FirmwareError, build, build_program};
pub use image::{Image, ImageError};
pub use model_file::model_for;
pub use qemu::{Qemu, QemuError};
pub use session::{DeviceInfo, DevicePrediction, Port, Session, SessionError};
pub use stack::UnknownStack;
pub use toolchain::{Toolchain, ToolchainError};
