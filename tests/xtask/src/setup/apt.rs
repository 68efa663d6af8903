//! Debian's packages, by apt-get as root.

use crate::error::Error;
use crate::invocation::{Invocation, is_on_path};

/// Installs packages, given as names with spaces between, and removes none.
///
/// One that they would displace takes the version that the package lists hold instead: a `qemu-utils` from backports
/// breaks the release's own emulators, and the release's `qemu-utils` does not.
pub(super) fn install(packages: &str) -> Result<(), Error> {
    let root = Invocation::new("id", "-u").first_line()? == "0";
    if !root && !is_on_path("sudo") {
        return Err(Error::missing(packages, format!("as root: apt-get update && apt-get install {packages}")));
    }
    if let Err(error) = apt_get("update", root).run() {
        eprintln!("{error}; going on with the package lists that are there");
    }
    let plan =
        Invocation::new("apt-get", &format!("install --simulate --no-install-recommends {packages}")).output()?;
    let mut words = format!("install -y --no-install-recommends --no-remove --allow-downgrades {packages}");
    for displaced in displaced(&plan) {
        let versions = Invocation::new("apt-cache", &format!("madison {displaced}")).output()?;
        if let Some(version) = newest(&versions) {
            words += &format!(" {displaced}={version}");
        }
    }
    apt_get(&words, root).run()
}

/// The packages that a simulated installation would remove, from its lines `Remv NAME [VERSION]`.
fn displaced(plan: &str) -> impl Iterator<Item = &str> {
    plan.lines().filter_map(|line| line.strip_prefix("Remv ")?.split_whitespace().next())
}

/// The newest version in the package lists, from lines `NAME | VERSION | SOURCE`, newest first.
fn newest(madison: &str) -> Option<&str> {
    madison.lines().next()?.split('|').nth(1).map(str::trim)
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

    #[test]
    fn what_would_be_removed_and_what_it_becomes_are_read_off() {
        let plan = "Remv qemu-utils [1:10.0.2+ds-2~bpo12+1]\nInst libfdt1 (1.6.1-4 Debian:12.15 [amd64])\n";
        assert!(displaced(plan).eq(["qemu-utils"]));
        let madison = "qemu-utils | 1:7.2+dfsg-7 | bookworm/main\nqemu-utils | 1:7.2+dfsg-6 | bookworm-security/main\n";
        assert_eq!(newest(madison), Some("1:7.2+dfsg-7"));
        assert_eq!(newest(""), None);
    }
}
