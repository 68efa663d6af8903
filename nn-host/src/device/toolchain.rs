//! The compiler for a chip: rustup's where it has the target, else Debian's, which builds `core` from its source.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Debian's compiler (packages rustc-web and cargo-web) and the source of its library (rust-web-src).
const DEBIAN: [&str; 3] = ["/usr/bin/rustc", "/usr/bin/cargo", "/usr/lib/rustlib/src/rust/library"];

/// The linker that comes with rustup's compilers.
const LINKER: &str = "rust-lld";

/// Set, it makes the search pass over rustup's targets.
const WITHOUT_RUSTUP: &str = "NN_WITHOUT_RUSTUP";

/// A compiler for a chip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The one that cargo runs by itself.
    Rustup,
    /// Debian's, with the folder of rustup's linker, which Debian's lacks.
    Debian {
        /// The folder that holds `rust-lld`.
        linker: PathBuf,
    },
}

/// There is no compiler for the chip.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no compiler for {target} here")]
pub struct ToolchainError {
    /// The compiler's name of the processor.
    pub target: String,
}

impl Toolchain {
    /// A compiler for this target.
    ///
    /// # Errors
    /// [`ToolchainError`] if there is none.
    pub fn find(target: &str) -> Result<Self, ToolchainError> {
        let missing = || ToolchainError { target: target.to_owned() };
        let library = sysroot().map(|sysroot| sysroot.join("lib/rustlib")).ok_or_else(missing)?;
        if std::env::var_os(WITHOUT_RUSTUP).is_none() && library.join(target).join("lib").is_dir() {
            return Ok(Self::Rustup);
        }
        let debian = DEBIAN.iter().all(|path| Path::new(path).exists());
        let linker = linker_folder(&library).filter(|_| debian);
        linker.map(|linker| Self::Debian { linker }).ok_or_else(missing)
    }

    /// The linker of the compiler that cargo runs by itself, `rust-lld`; it links for every chip.
    #[must_use]
    pub fn linker() -> Option<PathBuf> {
        linker_folder(&sysroot()?.join("lib/rustlib")).map(|folder| folder.join(LINKER))
    }

    /// The beginning of `cargo build` for the target, run in the workspace.
    #[must_use]
    pub fn cargo_build(&self, workspace: &Path, target: &str) -> Command {
        let [rustc, cargo, _] = DEBIAN;
        let mut command = match self {
            Self::Rustup => Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())),
            Self::Debian { linker } => {
                let mut command = Command::new(cargo);
                command.env("RUSTC", rustc).env("RUSTC_BOOTSTRAP", "1").env("PATH", path_with(linker));
                // Another compiler's results would be rebuilt at each turn: they have a folder of their own.
                command.env("CARGO_TARGET_DIR", workspace.join("target").join("debian"));
                command
            }
        };
        command.current_dir(workspace).args(["build", "--target", target]);
        if matches!(self, Self::Debian { .. }) {
            command.arg("-Zbuild-std=core");
        }
        command
    }
}

/// The folder of the compiler that cargo runs by itself.
fn sysroot() -> Option<PathBuf> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(path.trim()))
}

/// The folder of the linker for every chip, among those for this machine below a compiler's library.
fn linker_folder(library: &Path) -> Option<PathBuf> {
    let entries = library.read_dir().into_iter().flatten().flatten();
    entries.map(|entry| entry.path().join("bin")).find(|folder| folder.join(LINKER).is_file())
}

/// `PATH` with one more folder in front.
fn path_with(folder: &Path) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = core::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap_or_else(|_| OsStr::to_owned(&path))
}
