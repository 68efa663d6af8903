//! How a command fails that needs a board, a toolchain or QEMU.

use nn_host::device::{BoardError, FirmwareError, QemuError, SessionError};

use super::{Failure, code};

/// What to do where a tool is missing.
const SETUP: &str = "`cargo xtask setup` in a checkout of the project installs what is missing";

impl From<BoardError> for Failure {
    fn from(error: BoardError) -> Self {
        match error {
            BoardError::Unknown { .. } => Self::new(code::USAGE, error),
            BoardError::NoWorkspace { .. } => {
                Self::new(code::MISSING, error).with_hint("run it in a checkout of the project")
            }
            _ => Self::new(code::FAILURE, error),
        }
    }
}

impl From<FirmwareError> for Failure {
    fn from(error: FirmwareError) -> Self {
        match error {
            FirmwareError::Toolchain(_) | FirmwareError::Cargo(_) => Self::new(code::MISSING, error).with_hint(SETUP),
            FirmwareError::Model { .. } => Self::new(code::BAD_FILE, error),
            _ => Self::new(code::FAILURE, error),
        }
    }
}

impl From<QemuError> for Failure {
    fn from(error: QemuError) -> Self {
        Self::new(code::MISSING, error).with_hint(SETUP)
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        let code = if matches!(error, SessionError::Interrupted) { code::INTERRUPTED } else { code::FAILURE };
        Self::new(code, error)
    }
}
