//! A compiler for the device: rustup's target, or else Debian's compiler, which builds `core` from source.

use std::path::Path;

use super::apt;
use crate::error::Error;
use crate::invocation::{Invocation, is_on_path};

/// Cortex-M4F and Cortex-M7F.
pub(crate) const TARGET: &str = "thumbv7em-none-eabihf";

/// Debian's newest compiler, and the source of `core`.
const PACKAGES: &str = "rustc-web cargo-web rust-web-src";

/// Where those packages put what a build for the device needs.
const FILES: [&str; 3] = ["/usr/bin/rustc", "/usr/bin/cargo", "/usr/lib/rustlib/src/rust/library"];

/// The version of the compiler for the device, installed if there is none.
pub(super) fn ensure(with_rustup: bool) -> Result<String, Error> {
    if with_rustup && is_in_sysroot()? {
        return by_rustup();
    }
    if let Ok(version) = by_debian() {
        return Ok(version);
    }
    if with_rustup && is_on_path("rustup") {
        match Invocation::new("rustup", &format!("target add {TARGET}")).run() {
            Ok(()) => return by_rustup(),
            Err(error) => eprintln!("{error}; trying Debian's packages"),
        }
    }
    if is_on_path("apt-get") {
        apt::install(PACKAGES)?;
    }
    by_debian()
}

/// Whether the compiler on `PATH` has the libraries of the target.
pub(crate) fn is_in_sysroot() -> Result<bool, Error> {
    let rustc = Invocation::new("rustc", "--print sysroot").with_hint("install Rust as https://rustup.rs says");
    Ok(Path::new(&rustc.first_line()?).join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn by_rustup() -> Result<String, Error> {
    Ok(format!("{TARGET}, {}", Invocation::new("rustc", "--version").first_line()?))
}

fn by_debian() -> Result<String, Error> {
    let missing = |what: String| {
        let hint = format!("`rustup target add {TARGET}` with a network, or Debian's packages {PACKAGES}");
        Error::missing(format!("a compiler for {TARGET} ({what})"), hint)
    };
    if let Some(absent) = FILES.iter().find(|file| !Path::new(file).exists()) {
        return Err(missing(format!("no {absent}")));
    }
    let version = Invocation::new("/usr/bin/rustc", "--version").first_line()?;
    let oldest = env!("CARGO_PKG_RUST_VERSION");
    if minor(&version) < minor(&format!("rustc {oldest}")) {
        return Err(missing(format!("/usr/bin/rustc is {version}, older than {oldest}")));
    }
    Ok(format!("{TARGET}, {version} in /usr/bin with the source of core"))
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
