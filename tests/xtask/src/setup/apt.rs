//! Debian's packages, by apt-get as root.

use crate::error::Error;
use crate::invocation::{Invocation, is_on_path};

/// Installs packages, given as names with spaces between; removes none, whatever they conflict with.
pub(super) fn install(packages: &str) -> Result<(), Error> {
    let root = Invocation::new("id", "-u").first_line()? == "0";
    if !root && !is_on_path("sudo") {
        return Err(Error::missing(packages, format!("as root: apt-get update && apt-get install {packages}")));
    }
    if let Err(error) = apt_get("update", root).run() {
        eprintln!("{error}; going on with the package lists that are there");
    }
    apt_get(&format!("install -y --no-install-recommends --no-remove {packages}"), root).run()
}

/// The variable is in the line, because sudo drops it from the environment.
fn apt_get(words: &str, root: bool) -> Invocation {
    let line = format!("DEBIAN_FRONTEND=noninteractive apt-get {words}");
    if root { Invocation::new("env", &line) } else { Invocation::new("sudo", &format!("env {line}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sudo_keeps_the_variable() {
        assert_eq!(apt_get("update", true).to_string(), "env DEBIAN_FRONTEND=noninteractive apt-get update");
        assert_eq!(apt_get("update", false).to_string(), "sudo env DEBIAN_FRONTEND=noninteractive apt-get update");
    }
}
