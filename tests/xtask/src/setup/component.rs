//! Components of the toolchain: clippy and rustfmt.

use crate::error::Error;
use crate::invocation::{Invocation, is_on_path};

/// The version of a component, by its cargo command, installed if there is none.
pub(super) fn ensure(component: &str, command: &str) -> Result<String, Error> {
    let version = Invocation::cargo(&format!("{command} --version"));
    if let Ok(found) = version.first_line() {
        return Ok(found);
    }
    if !is_on_path("rustup") {
        let hint = "install Rust as https://rustup.rs says, or your distribution's package of it";
        return Err(Error::missing(component, hint));
    }
    Invocation::new("rustup", &format!("component add {component}")).run()?;
    version.first_line()
}
