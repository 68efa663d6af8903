//! `[data]`: what to learn from, and how it is read.

use std::path::Path;

use super::entries::{At, Entries, Entry};
use crate::data::{Header, Missing, ScaleMethod, TableOptions, Task, Unknown};

/// What to learn from.
///
/// ```
/// use nn_host::config::Config;
/// let config = Config::parse("[data]\npath = 'houses.csv'\ntarget = 'price'\nmissing = 'mean'")?;
/// assert_eq!((config.data.path.as_deref(), config.data.table.target.as_slice()), (Some("houses.csv"), ["price".to_owned()].as_slice()));
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataConfig {
    /// Its name or path (none).
    pub path: Option<String>,
    /// How it is read if it is a table; the task is for all data.
    pub table: TableOptions,
    /// How its features are scaled.
    pub scale: Scaling,
    /// How many rows of a table are in memory at a time (all).
    pub stream: Option<Window>,
}

/// How much of a table is read at a time.
///
/// ```
/// use nn_host::config::{Config, Window};
/// assert_eq!(Config::parse("data.stream = true")?.data.stream, Some(Window::Usual));
/// assert_eq!(Config::parse("data.stream = 4096")?.data.stream, Some(Window::Rows(4096)));
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Whole batches, of about 64 MB together.
    Usual,
    /// So many rows.
    Rows(usize),
}

/// How features are scaled, by numbers fitted to the training data and kept in the model's first layer.
///
/// ```
/// use nn_host::config::{Config, Scaling};
/// use nn_host::data::ScaleMethod;
/// assert_eq!(Config::parse("data.scale = 'minmax'")?.data.scale, Scaling::By(ScaleMethod::MinMax));
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scaling {
    /// Those of tables to mean 0 and standard deviation 1, others not.
    #[default]
    Usual,
    /// Not at all.
    None,
    /// By this method.
    By(ScaleMethod),
}

impl Scaling {
    /// The method, if features are scaled.
    #[must_use]
    pub const fn method(self, is_table: bool) -> Option<ScaleMethod> {
        match self {
            Self::Usual if is_table => Some(ScaleMethod::Standard),
            Self::Usual | Self::None => None,
            Self::By(method) => Some(method),
        }
    }
}

/// The keys of the table.
pub(super) const KEYS: &[&str] = &[
    "path",
    "delimiter",
    "header",
    "target",
    "ignore",
    "categorical",
    "task",
    "missing",
    "missing_values",
    "unknown",
    "scale",
    "stream",
];

impl DataConfig {
    /// The name of a setting that is for tables alone and not as usual.
    #[must_use]
    pub fn table_setting(&self) -> Option<&'static str> {
        let (found, usual) = (&self.table, TableOptions::default());
        let differ = [
            ("delimiter", found.delimiter != usual.delimiter),
            ("header", found.header != usual.header),
            ("target", found.target != usual.target),
            ("ignore", found.ignore != usual.ignore),
            ("categorical", found.categorical != usual.categorical),
            ("missing", found.missing != usual.missing),
            ("missing_values", found.missing_values != usual.missing_values),
            ("unknown", found.unknown != usual.unknown),
        ];
        differ.into_iter().find(|(_, differs)| *differs).map(|(name, _)| name)
    }

    pub(super) fn read(entries: &Entries<'_>, folder: &Path) -> Result<Self, At> {
        let usual = TableOptions::default();
        let missing = [("error", Missing::Error), ("mean", Missing::Mean), ("drop", Missing::Drop)];
        let tasks = [("classification", Task::Classification), ("regression", Task::Regression)];
        let unknown = [("error", Unknown::Error), ("zeros", Unknown::Zeros)];
        let [standard, minmax] = [ScaleMethod::Standard, ScaleMethod::MinMax].map(Scaling::By);
        let scales = [("standard", standard), ("minmax", minmax), ("none", Scaling::None)];
        Ok(Self {
            path: entries.text("path")?.map(|path| resolved(path, folder)),
            table: TableOptions {
                delimiter: entries.get("delimiter").as_ref().map(delimiter).transpose()?,
                header: match entries.flag("header")? {
                    None => Header::Expected,
                    Some(true) => Header::Present,
                    Some(false) => Header::Absent,
                },
                target: entries.texts("target")?.unwrap_or_default(),
                ignore: entries.texts("ignore")?.unwrap_or_default(),
                categorical: entries.texts("categorical")?.unwrap_or_default(),
                task: entries.choice("task", "task", &tasks)?.unwrap_or_default(),
                missing: entries.choice("missing", "rule", &missing)?.unwrap_or_default(),
                missing_values: entries.texts("missing_values")?.unwrap_or(usual.missing_values),
                unknown: entries.choice("unknown", "rule", &unknown)?.unwrap_or_default(),
            },
            scale: entries.choice("scale", "method", &scales)?.unwrap_or_default(),
            stream: entries.get("stream").as_ref().map(window).transpose()?.flatten(),
        })
    }
}

/// `true`, `false`, or a number of rows.
fn window(entry: &Entry<'_>) -> Result<Option<Window>, At> {
    match entry.flag() {
        Ok(is_streamed) => Ok(is_streamed.then_some(Window::Usual)),
        Err(_) if entry.is_whole() => entry.count(1..=u64::from(u32::MAX)).map(|rows| Some(Window::Rows(rows))),
        Err(_) => Err(entry.other_than("true, false or a number of rows")),
    }
}

/// One character of ASCII.
fn delimiter(entry: &Entry<'_>) -> Result<u8, At> {
    match entry.text()?.as_bytes() {
        [byte] if byte.is_ascii() && !b"\"\n\r".contains(byte) => Ok(*byte),
        _ => Err(entry.other_than("one character of ASCII, neither a quote nor a line end")),
    }
}

/// A name of data, whose paths are relative to a folder.
pub(super) fn resolved(name: &str, folder: &Path) -> String {
    let join = |path: &str| folder.join(path).display().to_string();
    match name.split_once(".npy,") {
        _ if matches!(name, "mnist" | "mnist:train" | "mnist:test") => name.to_owned(),
        Some((x, y)) => format!("{}.npy,{}", join(x), join(y)),
        None => join(name),
    }
}
