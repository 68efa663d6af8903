//! Compilers for the chips: rustup's targets, or else Debian's compiler, which builds `core` from source.

use std::path::Path;

use super::apt;
use crate::error::Error;
use crate::invocation::{Invocation, is_on_path};

/// Cortex-M0, M3, M4F and M7, M33, RISC-V.
pub(crate) const TARGETS: [&str; 5] = [
    "thumbv6m-none-eabi",
    "thumbv7m-none-eabi",
    "thumbv7em-none-eabihf",
    "thumbv8m.main-none-eabihf",
    "riscv32imc-unknown-none-elf",
];

/// Debian's newest compiler, and the source of `core`.
const PACKAGES: &str = "rustc-web cargo-web rust-web-src";

/// Where those packages put what a build for the device needs.
const FILES: [&str; 3] = ["/usr/bin/rustc", "/usr/bin/cargo", "/usr/lib/rustlib/src/rust/library"];

/// The version of the compiler for the chips, installed if there is none.
pub(super) fn ensure(with_rustup: bool) -> Result<String, Error> {
    if with_rustup && missing_in_sysroot()?.is_empty() {
        return by_rustup();
    }
    if let Ok(version) = by_debian() {
        return Ok(version);
    }
    if with_rustup && is_on_path("rustup") {
        match Invocation::new("rustup", &format!("target add {}", missing_in_sysroot()?.join(" "))).run() {
            Ok(()) => return by_rustup(),
            Err(error) => eprintln!("{error}; trying Debian's packages"),
        }
    }
    if is_on_path("apt-get") {
        apt::install(PACKAGES)?;
    }
    by_debian()
}

/// The targets whose libraries the compiler on `PATH` lacks.
pub(crate) fn missing_in_sysroot() -> Result<Vec<&'static str>, Error> {
    let rustc = Invocation::new("rustc", "--print sysroot").with_hint("install Rust as https://rustup.rs says");
    let libraries = Path::new(&rustc.first_line()?).join("lib/rustlib");
    Ok(TARGETS.into_iter().filter(|target| !libraries.join(target).join("lib").is_dir()).collect())
}

fn by_rustup() -> Result<String, Error> {
    Ok(format!("{}, {}", TARGETS.join(" "), Invocation::new("rustc", "--version").first_line()?))
}

fn by_debian() -> Result<String, Error> {
    let missing = |what: String| {
        let targets = TARGETS.join(" ");
        let hint = format!("`rustup target add {targets}` with a network, or Debian's packages {PACKAGES}");
        Error::missing(format!("a compiler for the chips ({what})"), hint)
    };
    if let Some(absent) = FILES.iter().find(|file| !Path::new(file).exists()) {
        return Err(missing(format!("no {absent}")));
    }
    let version = Invocation::new("/usr/bin/rustc", "--version").first_line()?;
    let oldest = env!("CARGO_PKG_RUST_VERSION");
    if minor(&version) < minor(&format!("rustc {oldest}")) {
        return Err(missing(format!("/usr/bin/rustc is {version}, older than {oldest}")));
    }
    Ok(format!("{version} in /usr/bin with the source of core"))
}

/// The 95 of `rustc 1.95.0 (…)`.
fn minor(version: &str) -> Option<u32> {
    version.strip_prefix("rustc 1.")?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(minor("rustc 1.96.0 (built from a source tarball)"), Some(96));
        assert_eq!(minor("rustc 1.89"), Some(89));
        assert!(minor("rustc 1.100.0") > minor("rustc 1.89"));
        assert!(minor("something else") < minor("rustc 1.89"));
    }
}
