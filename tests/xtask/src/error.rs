//! Why a command stopped, what helps, and the exit code: 2 for wrong usage, a failed program's own, else 1.

use core::fmt;

/// Why a command stopped; each has a hint at what helps.
#[derive(Debug)]
pub(crate) enum Error {
    /// The command line is wrong.
    Usage { message: String, hint: String },
    /// A program did not start, or did not succeed.
    Failed { line: String, ending: String, code: u8, hint: &'static str },
    /// Something is missing that can't be installed here.
    Missing { what: String, hint: String },
}

impl Error {
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: hint.into() }
    }

    pub(crate) fn missing(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Missing { what: what.into(), hint: hint.into() }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage { .. } => 2,
            Self::Failed { code, .. } => *code,
            Self::Missing { .. } => 1,
        }
    }

    pub(crate) fn hint(&self) -> &str {
        match self {
            Self::Usage { hint, .. } | Self::Missing { hint, .. } => hint,
            Self::Failed { hint, .. } => hint,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { message, .. } => write!(f, "{message}"),
            Self::Failed { line, ending, .. } => write!(f, "`{line}` {ending}"),
            Self::Missing { what, .. } => write!(f, "{what} is missing"),
        }
    }
}
