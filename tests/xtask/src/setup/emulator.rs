//! QEMU for Arm, the emulator of the boards.

use super::apt;
use crate::error::Error;
use crate::invocation::{Invocation, is_on_path};

const PROGRAM: &str = "qemu-system-arm";

/// The version of the emulator, installed if there is none.
pub(super) fn ensure() -> Result<String, Error> {
    if !is_on_path(PROGRAM) {
        install()?;
    }
    Invocation::new(PROGRAM, "--version").first_line()
}

fn install() -> Result<(), Error> {
    match std::env::consts::OS {
        "linux" if is_on_path("apt-get") => apt::install(PROGRAM),
        "macos" if is_on_path("brew") => Invocation::new("brew", "install qemu").run(),
        "linux" => Err(Error::missing(PROGRAM, "install your distribution's package `qemu-system-arm`")),
        "macos" => Err(Error::missing(PROGRAM, "install Homebrew (https://brew.sh), then `brew install qemu`")),
        _ => Err(Error::missing(PROGRAM, "install https://www.qemu.org/download and put its folder on PATH")),
    }
}
