//! How a command fails: an exit code, one message, maybe a hint.

mod device;
mod exchange;

use std::io::Write;
use std::process::ExitCode;

use nn_host::augment::PollError;
use nn_host::config::{ConfigError, ModelError};
use nn_host::data::npy::NpyError;
use nn_host::data::{DatasetError, IdxError, SplitError, TableError, TableFault};
use nn_host::model::{BuildError, FileError, PredictError, WeightsError, WeightsFileError};
use nn_host::plot::{DrawError, HistoryFileError, SaveError};
use nn_host::quantize::QuantizeError;
use nn_host::second_order::SecondOrderError;
use nn_host::train::FitError;
use nn_host::tune::{JournalError, TuneError};

/// Exit codes, as `nn --help` lists them.
mod code {
    pub(super) const FAILURE: u8 = 1;
    pub(super) const USAGE: u8 = 2;
    pub(super) const BAD_FILE: u8 = 3;
    pub(super) const THRESHOLD: u8 = 4;
    pub(super) const MISSING: u8 = 5;
    pub(super) const DIVERGED: u8 = 6;
    pub(super) const INTERRUPTED: u8 = 130;
}

/// Why a command has failed.
#[derive(Debug)]
pub(super) struct Failure {
    code: u8,
    error: anyhow::Error,
    hint: Option<&'static str>,
}

impl Failure {
    /// A failure with this exit code.
    pub(super) fn new(code: u8, error: impl Into<anyhow::Error>) -> Self {
        Self { code, error: error.into(), hint: None }
    }

    /// A wrong argument.
    pub(super) fn usage(message: String) -> Self {
        Self::new(code::USAGE, anyhow::Error::msg(message))
    }

    /// Data that cannot be used.
    pub(super) fn data(message: String) -> Self {
        Self::new(code::BAD_FILE, anyhow::Error::msg(message))
    }

    /// A file that cannot be made.
    pub(super) fn file(error: impl Into<anyhow::Error>) -> Self {
        Self::new(code::FAILURE, error)
    }

    /// A value below its threshold.
    pub(super) fn threshold(message: String) -> Self {
        Self::new(code::THRESHOLD, anyhow::Error::msg(message))
    }

    /// A user's interruption.
    pub(super) fn interrupted(message: String) -> Self {
        Self::new(code::INTERRUPTED, anyhow::Error::msg(message))
    }

    /// A device that does not do what it should.
    pub(super) fn device(message: String) -> Self {
        Self::new(code::FAILURE, anyhow::Error::msg(message))
    }

    fn with_hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Names what the failure happened to.
    pub(super) fn context(self, what: impl core::fmt::Display + Send + Sync + 'static) -> Self {
        Self { error: self.error.context(what), ..self }
    }

    /// Prints the failure and gives its exit code.
    pub(super) fn report(self) -> ExitCode {
        let mut stderr = std::io::stderr().lock();
        // Where nobody reads standard error, the exit code says it alone.
        let _ = writeln!(stderr, "error: {:#}", self.error);
        if let Some(hint) = self.hint {
            let _ = writeln!(stderr, "hint: {hint}");
        }
        ExitCode::from(self.code)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(code::FAILURE, error)
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        let code = match error {
            FileError::Read { .. } | FileError::Format { .. } | FileError::Table { .. } => code::BAD_FILE,
            _ => code::FAILURE,
        };
        Self::new(code, error)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(code::USAGE, error)
    }
}

impl From<IdxError> for Failure {
    fn from(error: IdxError) -> Self {
        Self::new(code::BAD_FILE, error)
    }
}

impl From<TableError> for Failure {
    fn from(error: TableError) -> Self {
        let code = match error.fault() {
            TableFault::NoColumn { .. } | TableFault::TwoUses(..) | TableFault::ManyClassTargets(_) => code::USAGE,
            _ => code::BAD_FILE,
        };
        Self::new(code, error)
    }
}

impl From<NpyError> for Failure {
    fn from(error: NpyError) -> Self {
        Self::new(code::BAD_FILE, error)
    }
}

impl From<DatasetError> for Failure {
    fn from(error: DatasetError) -> Self {
        Self::new(code::BAD_FILE, error)
    }
}

impl From<SplitError> for Failure {
    fn from(error: SplitError) -> Self {
        Self::new(code::USAGE, error)
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        Self::new(code::USAGE, error)
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Build(error) => error.into(),
            ModelError::File(error) => error.into(),
            ModelError::WeightsFile(error) => error.into(),
            error @ ModelError::Weights { .. } => Self::new(code::BAD_FILE, error),
            error => Self::new(code::FAILURE, error),
        }
    }
}

impl From<PredictError> for Failure {
    fn from(error: PredictError) -> Self {
        match error {
            PredictError::Metric(_) => Self::new(code::USAGE, error),
            _ => Self::new(code::BAD_FILE, error),
        }
    }
}

impl From<PollError> for Failure {
    fn from(error: PollError) -> Self {
        match error {
            PollError::Predict(error) => error.into(),
            error => Self::new(code::USAGE, error),
        }
    }
}

impl From<WeightsError> for Failure {
    fn from(error: WeightsError) -> Self {
        Self::new(code::BAD_FILE, error)
    }
}

impl From<WeightsFileError> for Failure {
    fn from(error: WeightsFileError) -> Self {
        let code = match error {
            WeightsFileError::Suffix { .. } => code::USAGE,
            WeightsFileError::Write(_) => code::FAILURE,
            _ => code::BAD_FILE,
        };
        Self::new(code, error)
    }
}

impl From<FitError> for Failure {
    fn from(error: FitError) -> Self {
        match error {
            FitError::Zero { .. }
            | FitError::NoGradient { .. }
            | FitError::Frozen
            | FitError::BeforeBytes { .. }
            | FitError::Augment(_) => Self::new(code::USAGE, error),
            FitError::Quantize(error) => Self::from(error).context("quantization-aware training"),
            FitError::Diverged { .. } => {
                Self::new(code::DIVERGED, error).with_hint("a smaller --learning-rate may help; no model was written")
            }
            FitError::Training(PredictError::Metric(_)) | FitError::Validation(PredictError::Metric(_)) => {
                Self::new(code::USAGE, error)
            }
            _ => Self::new(code::BAD_FILE, error),
        }
    }
}

impl From<TuneError> for Failure {
    fn from(error: TuneError) -> Self {
        let code = match error {
            TuneError::Interrupted { .. } => code::INTERRUPTED,
            TuneError::Journal(JournalError::File { .. }) => code::FAILURE,
            TuneError::Journal(_) => code::BAD_FILE,
            TuneError::Fit { trial, source } => {
                return Self::from(source).context(format!("trial {trial}"));
            }
            _ => code::USAGE,
        };
        Self::new(code, error)
    }
}

impl From<QuantizeError> for Failure {
    fn from(error: QuantizeError) -> Self {
        match error {
            QuantizeError::Layer { .. } | QuantizeError::NoDense => Self::new(code::USAGE, error),
            QuantizeError::Budget { .. } => Self::new(code::THRESHOLD, error),
            QuantizeError::Data(error) => Self::from(error).context("calibration data"),
            _ => Self::new(code::BAD_FILE, error),
        }
    }
}

impl From<SecondOrderError> for Failure {
    fn from(error: SecondOrderError) -> Self {
        match error {
            SecondOrderError::Fit(error) => error.into(),
            error => Self::new(code::USAGE, error),
        }
    }
}

impl From<HistoryFileError> for Failure {
    fn from(error: HistoryFileError) -> Self {
        Self::new(code::BAD_FILE, error)
    }
}

impl From<DrawError> for Failure {
    fn from(error: DrawError) -> Self {
        let code = match error {
            DrawError::Empty { .. } => code::BAD_FILE,
            DrawError::Shape { .. } => code::USAGE,
            _ => code::FAILURE,
        };
        Self::new(code, error)
    }
}

impl From<SaveError> for Failure {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::File(error) => error.into(),
            SaveError::Suffix { .. } => Self::new(code::USAGE, error),
            _ => Self::new(code::FAILURE, error),
        }
    }
}
