//! `[tune]`: a search over values of a configuration.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use toml::{Table, Value};

use super::document::put;
use super::{Method, Pruning, Sampler, Space};
use crate::callback::{Mode, Monitor};
use crate::config::{At, Config, ConfigError, Entries, Entry, in_document, text_of};
use crate::data::Split;
use crate::model::hexadecimal;

/// A search over values of a configuration; see the [module](super) for a file.
///
/// ```
/// # use nalgebra::DMatrix;
/// # use nn_host::data::{Dataset, Features, Split, Targets};
/// use nn_host::tune::Tuning;
/// # let x = DMatrix::from_fn(1, 32, |_, sample| sample as f32 / 32.0);
/// # let data = Dataset::new(Features::Floats(x.clone()), Targets::Values(2.0 * x))?;
/// # let split = Split { train: data.clone(), test: data };
/// # let folder = tempfile::tempdir()?;
/// let tuning = Tuning::parse("[tune]\ntrials = 3\nspace.'compile.optimizer' = { choices = ['sgd', 'adam'] }")?;
/// let trials = tuning.run(&[split], &folder.path().join("trials.jsonl"), &mut ())?;
/// let best = tuning.ranking(&trials)[0];
/// assert!(trials.iter().all(|trial| trial.objective >= best.objective));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Tuning {
    /// What is to become good (`val_loss`).
    pub objective: Monitor,
    /// How trials are chosen (at random).
    pub method: Method,
    /// How many there are (20; all of a grid).
    pub trials: Option<u32>,
    /// Parts that take turns at validation (none: one training a trial).
    pub folds: Option<usize>,
    /// When a bad trial ends early (never).
    pub pruning: Option<Pruning>,
    space: Space,
    config: Config,
    /// The configuration without the search.
    document: Table,
    folder: PathBuf,
}

/// Trials of a search that does not say how many.
const TRIALS: u32 = 20;

const KEYS: &[&str] = &["search", "trials", "objective", "mode", "folds", "pruning", "space"];

impl Tuning {
    /// Reads a file; paths in it are relative to its folder.
    ///
    /// # Errors
    /// [`ConfigError`] if it cannot be read, or something in it is wrong, one of the values to try included.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = text_of(path)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        in_document(&text, Some(path), |root| Self::of(root, &text, folder))
    }

    /// Reads a text; paths in it are as they are.
    ///
    /// # Errors
    /// [`ConfigError`] if something in it is wrong, one of the values to try included.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        in_document(text, None, |root| Self::of(root, text, Path::new("")))
    }

    fn of(root: &Entries<'_>, text: &str, folder: &Path) -> Result<Self, At> {
        let config = Config::of(root, folder)?;
        for key in ["callbacks.checkpoint", "callbacks.csv_logger"] {
            if let Some(entry) = root.at_path(key) {
                return Err(entry.refused("the trials of a search would overwrite each other's"));
            }
        }
        if let (Some(_), Some(entry)) = (config.data.stream, root.at_path("data.stream")) {
            return Err(entry.refused("a search keeps its data in memory"));
        }
        let tune = root.require("tune")?;
        let entries = tune.table(KEYS)?;
        let methods = [("random", Method::Random), ("grid", Method::Grid), ("tpe", Method::Tpe)];
        let (space, places) = Space::read(&entries.require("space")?.any_table()?)?;
        // Its syntax has been checked, but not whether all whole numbers have 64 bits.
        let mut document: Table = text.parse().map_err(|error: toml::de::Error| tune.refused(error.message()))?;
        document.remove("tune");
        let tuning = Self {
            objective: objective(&entries)?,
            method: entries.choice("search", "search", &methods)?.unwrap_or_default(),
            trials: entries.count("trials", 1..=u64::from(u32::MAX))?,
            folds: entries.count("folds", 2..=u64::from(u32::MAX))?,
            pruning: entries.get("pruning").as_ref().map(pruning).transpose()?.flatten(),
            space,
            config,
            document,
            folder: folder.to_owned(),
        };
        tuning.check(&entries, &places)?;
        Ok(tuning)
    }

    /// Refuses values that no configuration can have, and grids without points.
    fn check(&self, entries: &Entries<'_>, places: &[Entry<'_>]) -> Result<(), At> {
        let first = self.space.first();
        for (number, (parameter, place)) in self.space.parameters().iter().zip(places).enumerate() {
            for extreme in parameter.domain.extremes() {
                let mut values = first.clone();
                values.get_mut(number).into_iter().for_each(|value| *value = extreme.clone());
                self.config_of(&values).map_err(|error| place.refused(format_args!("with {extreme}, {error}")))?;
            }
            if self.method == Method::Grid && parameter.domain.grid().is_none() {
                return Err(place.refused("a grid needs points = N or step = X here"));
            }
        }
        match places.is_empty() {
            true => Err(entries.require("space")?.refused("there is nothing to search for")),
            false => Ok(()),
        }
    }

    /// The same search from another seed, which is that of all trainings, too.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.config.seed = seed;
        if let Ok(seed) = i64::try_from(seed) {
            self.document.insert("seed".to_owned(), Value::Integer(seed));
        }
        self
    }

    /// What the search may change.
    #[must_use]
    pub const fn space(&self) -> &Space {
        &self.space
    }

    /// The configuration as it is without the search.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The configuration with these values, one for each parameter of the space.
    pub(super) fn config_of(&self, values: &[Value]) -> Result<Config, String> {
        let text = self.toml_of(values).ok_or("the key leads nowhere")?;
        let mut config =
            in_document(&text, None, |root| Config::of(root, &self.folder)).map_err(|error| match error {
                ConfigError::Wrong { fault, .. } => fault.to_string(),
                error @ ConfigError::Read { .. } => error.to_string(),
            })?;
        if self.space.parameters().iter().all(|parameter| parameter.key != "seed") {
            config.seed = self.config.seed;
        }
        Ok(config)
    }

    /// The same as a file; `None` if a path leads nowhere.
    fn toml_of(&self, values: &[Value]) -> Option<String> {
        let mut document = self.document.clone();
        let mut pairs = self.space.parameters().iter().zip(values);
        let is_put = pairs.all(|(parameter, value)| put(&mut document, &parameter.key, value.clone()));
        is_put.then(|| document.to_string())
    }

    /// The configuration with the values of a trial, as a file to train with.
    ///
    /// ```
    /// use nn_host::tune::{Trial, TrialState, Tuning};
    /// let text = "compile.optimizer = 'sgd'\n[tune.space]\n'compile.optimizer.learning_rate' = { low = 0.1, high = 1 }";
    /// let tuning = Tuning::parse(text)?;
    /// let values = vec![("compile.optimizer.learning_rate".to_owned(), 0.5.into())];
    /// let trial = Trial { number: 0, values, state: TrialState::Complete, objective: Some(0.1), curves: vec![] };
    /// assert_eq!(tuning.toml(&trial), "[compile.optimizer]\nname = \"sgd\"\nlearning_rate = 0.5\n");
    /// # Ok::<(), nn_host::config::ConfigError>(())
    /// ```
    #[must_use]
    pub fn toml(&self, trial: &super::Trial) -> String {
        let values: Vec<Value> = trial.values.iter().map(|(_, value)| value.clone()).collect();
        self.toml_of(&values).unwrap_or_default()
    }

    /// How many trials there are.
    pub(super) fn count(&self, sampler: &Sampler<'_>) -> u32 {
        let usual = if self.method == Method::Grid { u32::MAX } else { TRIALS };
        let trials = u64::from(self.trials.unwrap_or(usual)).min(sampler.size());
        u32::try_from(trials).unwrap_or(u32::MAX)
    }

    /// What tells this search from others; the number of trials may grow.
    pub(super) fn sha256(&self, splits: &[Split]) -> String {
        let Self { objective, method, folds, pruning, space, document, .. } = self;
        let mut hash = Sha256::new();
        hash.update(format!("{document}\n{objective:?} {method:?} {folds:?} {pruning:?} {space:?}"));
        hash.update(self.config.seed.to_le_bytes());
        for split in splits {
            hash.update(split.train.sha256());
            hash.update(split.test.sha256());
        }
        hexadecimal(&hash.finalize())
    }
}

/// What is to become good, and which way that is.
fn objective(entries: &Entries<'_>) -> Result<Monitor, At> {
    let modes = [("auto", Mode::Auto), ("min", Mode::Min), ("max", Mode::Max)];
    let mode = entries.choice("mode", "mode", &modes)?.unwrap_or_default();
    Ok(Monitor { mode, ..Monitor::of(entries.text("objective")?.unwrap_or("val_loss")) })
}

/// `true`, `false`, or a table with settings.
fn pruning(entry: &Entry<'_>) -> Result<Option<Pruning>, At> {
    if let Ok(flag) = entry.flag() {
        return Ok(flag.then(Pruning::default));
    }
    let entries = entry.table(&["warmup_epochs", "startup_trials"])?;
    let (usual, most) = (Pruning::default(), u64::from(u32::MAX));
    Ok(Some(Pruning {
        warmup_epochs: entries.count("warmup_epochs", 0..=most)?.unwrap_or(usual.warmup_epochs),
        startup_trials: entries.count("startup_trials", 1..=most)?.unwrap_or(usual.startup_trials),
    }))
}
