//! Builds the firmware of a board with a model inside.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

use super::{Board, Image, ImageError, Toolchain, ToolchainError};
use crate::model::{FileError, hexadecimal, write_whole};

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
    /// There is no way to wait for other builds.
    #[error("cannot lock target/firmware.lock")]
    Turn(#[source] io::Error),
    /// The program that has been built cannot be read.
    #[error("cannot read {}", path.display())]
    Program {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The program that has been built cannot be copied.
    #[error(transparent)]
    Copy(#[from] FileError),
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
    let unreadable = |source| FirmwareError::Model { path: model.to_owned(), source };
    let path = model.canonicalize().map_err(unreadable)?;
    let sha256 = hexadecimal(&Sha256::digest(std::fs::read(&path).map_err(unreadable)?));
    let mut cargo = cargo_build(board, &["--bin", "demo", "--features", &board.name])?;
    cargo.env("NN_MODEL", &path).env("NN_MODEL_SHA256", &sha256);
    image(board, cargo, &format!("demo-{}-{}", board.name, sha256.get(..8).unwrap_or_default()))
}

/// Builds another program of the firmware for a board; a feature of the program's name switches it on.
///
/// # Errors
/// [`FirmwareError`] if there is no compiler, or the build fails.
pub fn build_program(board: &Board, program: &str) -> Result<Image, FirmwareError> {
    let cargo = cargo_build(board, &["--bin", program, "--features", &board.name, "--features", program])?;
    image(board, cargo, &format!("{program}-{}", board.name))
}

/// The beginning of the build of a firmware, with these options.
fn cargo_build(board: &Board, options: &[&str]) -> Result<Command, FirmwareError> {
    let mut cargo = Toolchain::find(&board.target)?.cargo_build(&board.workspace, &board.target);
    cargo.args(["--package", "nn-firmware", "--profile", PROFILE, "--message-format=json-render-diagnostics"]);
    cargo.args(options).stdin(Stdio::null());
    Ok(cargo)
}

/// Carries out a build, and keeps a copy of its program under this name: a build for another board or with another
/// model, which may be waiting for its turn, puts its own program in the place that cargo names.
fn image(board: &Board, mut cargo: Command, name: &str) -> Result<Image, FirmwareError> {
    let turn = turn(&board.workspace).map_err(FirmwareError::Turn)?;
    let output = cargo.output().map_err(FirmwareError::Cargo)?;
    let executable = output.status.success().then(|| executable(&output.stdout)).flatten();
    let Some(executable) = executable else {
        return Err(FirmwareError::Build { log: String::from_utf8_lossy(&output.stderr).into_owned() });
    };
    let path = executable.with_file_name(name);
    let program = std::fs::read(&executable).map_err(|source| FirmwareError::Program { path: executable, source })?;
    write_whole(&path, &program)?;
    drop(turn);
    Ok(Image::read(&path)?)
}

/// Waits until no other build of a firmware is under way, and lets none begin until the file is closed.
fn turn(workspace: &Path) -> io::Result<File> {
    let folder = workspace.join("target");
    std::fs::create_dir_all(&folder)?;
    let file = File::create(folder.join("firmware.lock"))?;
    file.lock()?;
    Ok(file)
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
