//! Builds the firmware of a board with a model inside.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use sha2::{Digest, Sha256};

use super::{Board, Image, ImageError, Toolchain, ToolchainError};

/// The cargo profile of firmware, which is also a folder's name.
const PROFILE: &str = "firmware";

/// Why there is no firmware.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FirmwareError {
    /// There is no compiler for the board.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// The model's path cannot be found.
    #[error("cannot read {}", path.display())]
    Model {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Cargo cannot be run.
    #[error("cannot run cargo")]
    Cargo(#[source] io::Error),
    /// The build has failed.
    #[error("building the firmware failed:\n{log}")]
    Build {
        /// What cargo printed.
        log: String,
    },
    /// What has been built is no firmware.
    #[error(transparent)]
    Image(#[from] ImageError),
}

/// Builds the firmware of a board with the model file inside.
///
/// # Errors
/// [`FirmwareError`] if there is no compiler, or the build fails.
pub fn build(board: &Board, model: &Path) -> Result<Image, FirmwareError> {
    let toolchain = Toolchain::find(&board.target)?;
    let unreadable = |source| FirmwareError::Model { path: model.to_owned(), source };
    let path = model.canonicalize().map_err(unreadable)?;
    let sha256: [u8; 32] = Sha256::digest(std::fs::read(&path).map_err(unreadable)?).into();
    let mut cargo = toolchain.cargo_build(&board.workspace, &board.target);
    cargo.args(["--package", "nn-firmware", "--bin", "demo", "--profile", PROFILE, "--features", &board.name]);
    cargo.arg("--message-format=json-render-diagnostics").env("NN_MODEL", &path).stdin(Stdio::null());
    cargo.env("NN_MODEL_SHA256", sha256.map(|byte| format!("{byte:02x}")).concat());
    let output = cargo.output().map_err(FirmwareError::Cargo)?;
    let executable = output.status.success().then(|| executable(&output.stdout)).flatten();
    let Some(executable) = executable else {
        return Err(FirmwareError::Build { log: String::from_utf8_lossy(&output.stderr).into_owned() });
    };
    Ok(Image::read(&executable)?)
}

/// The path of the program that cargo's messages name last.
fn executable(messages: &[u8]) -> Option<PathBuf> {
    let messages = messages.split(|&byte| byte == b'\n').rev();
    let mut paths = messages.filter_map(|message| {
        let message: serde_json::Value = serde_json::from_slice(message).ok()?;
        message.get("executable")?.as_str().map(PathBuf::from)
    });
    paths.next()
}
