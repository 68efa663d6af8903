//! A configuration as a file: TOML in, everything that a training needs out.

use std::path::Path;

use toml::de::DeTable;

use super::entries::{At, Entries};
use super::error::Fault;
use super::{CallbackConfig, CompileConfig, ConfigError, DataConfig, FitConfig, ModelConfig, QuantizeConfig};
use super::{callbacks, compile, data, fit, model, quantize};
use crate::schedule::Schedule;

/// Everything that a training needs. The defaults are Keras'.
///
/// See the [module](super) for a file.
///
/// ```
/// use nn_host::config::Config;
/// let config = Config::parse("seed = 7\nfit.epochs = 20")?;
/// assert_eq!((config.seed, config.fit.epochs), (7, 20));
/// assert_eq!(Config::default().fit.epochs, 1);
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// What everything random depends on (0).
    pub seed: u64,
    /// What to learn from.
    pub data: DataConfig,
    /// The layers.
    pub model: ModelConfig,
    /// Loss, metrics, optimizer and schedule.
    pub compile: CompileConfig,
    /// How the model is fitted.
    pub fit: FitConfig,
    /// When to stop, and when to go slower.
    pub callbacks: CallbackConfig,
    /// How the trained model is quantized.
    pub quantize: QuantizeConfig,
}

/// What is wrong with batches and rates for a solver.
const SOLVERS_TAKE_ALL: &str = "takes all samples at once and has no use for it";

/// The keys of a configuration; `tune` is for searches, see [`Tuning`](crate::tune::Tuning).
const KEYS: &[&str] = &["seed", "data", "model", "compile", "fit", "callbacks", "quantize", "tune"];

impl Config {
    /// Reads a file; paths in it are relative to its folder.
    ///
    /// # Errors
    /// [`ConfigError`] if it cannot be read, or something in it is wrong.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let (text, folder) = (text_of(path)?, path.parent().unwrap_or(Path::new("")));
        in_document(&text, Some(path), |root| Self::of(root, folder))
    }

    /// Reads a text; paths in it are as they are.
    ///
    /// # Errors
    /// [`ConfigError`] if something in it is wrong.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        in_document(text, None, |root| Self::of(root, Path::new("")))
    }

    pub(crate) fn of(root: &Entries<'_>, folder: &Path) -> Result<Self, At> {
        let config = Self {
            seed: root.count("seed", 0..=u64::MAX)?.unwrap_or_default(),
            data: DataConfig::read(&root.table("data", data::KEYS)?, folder)?,
            model: ModelConfig::read(&root.table("model", model::KEYS)?, folder)?,
            compile: CompileConfig::read(&root.table("compile", compile::KEYS)?)?,
            fit: FitConfig::read(&root.table("fit", fit::KEYS)?, folder)?,
            callbacks: CallbackConfig::read(&root.table("callbacks", callbacks::KEYS)?, folder)?,
            quantize: QuantizeConfig::read(&root.table("quantize", quantize::KEYS)?, folder)?,
        };
        if let (Some(_), Some(split)) = (config.data.stream, root.at_path("fit.validation_split")) {
            return Err(split.refused("it needs all rows at once; with data.stream there can be fit.validation_data"));
        }
        match config.unused_by_solver().and_then(|(solver, key)| Some((solver, root.at_path(key)?))) {
            Some((solver, entry)) => Err(entry.refused(format_args!("{solver} {SOLVERS_TAKE_ALL}"))),
            None => Ok(config),
        }
    }

    /// The name of the solver, if there is one, and the path of the first key that it has no use for and whose value is not as
    /// usual.
    ///
    /// ```
    /// use nn_host::config::{Chosen, Config};
    /// let mut config = Config::parse("fit.batch_size = 8")?;
    /// assert_eq!(config.unused_by_solver(), None);
    /// config.compile.train_by("lbfgs".parse::<Chosen<_>>()?.0);
    /// assert_eq!(config.unused_by_solver(), Some(("lbfgs", "fit.batch_size")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn unused_by_solver(&self) -> Option<(&'static str, &'static str)> {
        let solver = self.compile.solver.as_ref()?.name();
        let (fit, usual, callbacks) = (&self.fit, FitConfig::default(), &self.callbacks);
        let differ = [
            ("fit.initial_epoch", fit.initial_epoch != usual.initial_epoch),
            ("fit.batch_size", fit.batch_size != usual.batch_size),
            ("fit.gradient_accumulation_steps", fit.gradient_accumulation_steps != usual.gradient_accumulation_steps),
            ("fit.steps_per_epoch", fit.steps_per_epoch.is_some()),
            ("fit.shuffle", fit.shuffle != usual.shuffle),
            ("fit.augment", fit.augment.is_some()),
            ("fit.qat", fit.qat.is_some()),
            ("compile.lr_schedule", self.compile.lr_schedule != Schedule::Constant),
            ("callbacks.checkpoint", callbacks.checkpoint.is_some()),
            ("data.stream", self.data.stream.is_some()),
        ];
        differ.into_iter().find(|(_, differs)| *differs).map(|(key, _)| (solver, key))
    }
}

/// The text of a file.
pub(crate) fn text_of(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })
}

/// What a reader makes of a document; its errors get line and column.
pub(crate) fn in_document<T>(
    text: &str,
    path: Option<&Path>,
    read: impl FnOnce(&Entries<'_>) -> Result<T, At>,
) -> Result<T, ConfigError> {
    let syntax = |error: toml::de::Error| {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        At { span: error.span().unwrap_or(0..0), fault: Fault::Syntax(message) }.in_text(text, path)
    };
    let document = DeTable::parse(text).map_err(syntax)?;
    Entries::root(&document, KEYS).and_then(|root| read(&root)).map_err(|at| at.in_text(text, path))
}
