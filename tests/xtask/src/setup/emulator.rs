//! QEMU, the emulator of the boards: a program for Arm and one for RISC-V.

use super::apt;
use crate::error::Error;
use crate::invocation::{Invocation, is_on_path};

/// Each program, and Debian's package of it.
const PROGRAMS: [(&str, &str); 2] =
    [("qemu-system-arm", "qemu-system-arm"), ("qemu-system-riscv32", "qemu-system-misc")];

/// The version of the emulators, installed if there are none.
pub(super) fn ensure() -> Result<String, Error> {
    for (program, package) in PROGRAMS {
        if !is_on_path(program) {
            install(program, package)?;
        }
    }
    let [(program, _), _] = PROGRAMS;
    Invocation::new(program, "--version").first_line()
}

fn install(program: &str, package: &str) -> Result<(), Error> {
    match std::env::consts::OS {
        "linux" if is_on_path("apt-get") => apt::install(package),
        "macos" if is_on_path("brew") => Invocation::new("brew", "install qemu").run(),
        "linux" => Err(Error::missing(program, format!("install your distribution's package of `{program}`"))),
        "macos" => Err(Error::missing(program, "install Homebrew (https://brew.sh), then `brew install qemu`")),
        _ => Err(Error::missing(program, "install https://www.qemu.org/download and put its folder on PATH")),
    }
}
