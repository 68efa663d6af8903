//! `[callbacks]`: when to stop early, when to reduce the learning rate, where the training is saved and noted.

use std::path::{Path, PathBuf};

use super::entries::{At, Entries, Entry};
use super::spoken::Spoken;
use super::words::{WordError, Words};
use crate::callback::{Callback, CsvLogger, EarlyStopping, Mode, Monitor, ReduceLrOnPlateau};
use crate::train::Checkpoint;

/// Callbacks of a training, each with its state before it.
///
/// ```
/// use nn_host::config::Config;
/// let config = Config::parse("[callbacks.early_stopping]\nmonitor = 'val_accuracy'\npatience = 10")?;
/// assert_eq!(config.callbacks.callbacks().len(), 1);
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallbackConfig {
    /// When to stop early (never).
    pub early_stopping: Option<EarlyStopping>,
    /// When to reduce the learning rate (never).
    pub reduce_lr_on_plateau: Option<ReduceLrOnPlateau>,
    /// Where the training is saved after each epoch (nowhere).
    pub checkpoint: Option<Checkpoint>,
    /// The file that gets a line an epoch (none).
    pub csv_logger: Option<PathBuf>,
}

/// The keys of the table.
pub(super) const KEYS: &[&str] = &["early_stopping", "reduce_lr_on_plateau", "checkpoint", "csv_logger"];

impl CallbackConfig {
    /// The callbacks, to be given to a training; the checkpoint is none of them.
    #[must_use]
    pub fn callbacks(&self) -> Vec<Box<dyn Callback>> {
        let stopping = self.early_stopping.iter().map(|stopping| Box::new(stopping.clone()) as Box<dyn Callback>);
        let reducing = self.reduce_lr_on_plateau.iter().map(|reducing| Box::new(reducing.clone()) as Box<_>);
        let logging = self.csv_logger.iter().map(|path| Box::new(CsvLogger::new(path)) as Box<_>);
        stopping.chain(reducing).chain(logging).collect()
    }

    /// The names of the values that are watched, each after that of its callback.
    pub fn monitored(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let stopping = self.early_stopping.iter().map(|stopping| ("early_stopping", &*stopping.monitor().name));
        let reducing = self.reduce_lr_on_plateau.iter();
        stopping.chain(reducing.map(|reducing| ("reduce_lr_on_plateau", &*reducing.monitor().name)))
    }

    pub(super) fn read(entries: &Entries<'_>, folder: &Path) -> Result<Self, At> {
        Ok(Self {
            early_stopping: entries.spoken("early_stopping")?,
            reduce_lr_on_plateau: entries.spoken("reduce_lr_on_plateau")?,
            checkpoint: entries.get("checkpoint").map(|entry| checkpoint(&entry, folder)).transpose()?,
            csv_logger: entries.get("csv_logger").map(|entry| csv_logger(&entry, folder)).transpose()?,
        })
    }
}

/// `"FOLDER"`, or a table with the folder and settings.
fn checkpoint(entry: &Entry<'_>, folder: &Path) -> Result<Checkpoint, At> {
    if entry.is_text() {
        return Ok(Checkpoint::new(folder.join(entry.text()?)));
    }
    let entries = entry.table(&["folder", "resume", "monitor", "mode", "min_delta"])?;
    let modes = [("auto", Mode::Auto), ("min", Mode::Min), ("max", Mode::Max)];
    let usual = Monitor::default();
    let monitor = Monitor {
        name: entries.text("monitor")?.map_or(usual.name, str::to_owned),
        mode: entries.choice("mode", "mode", &modes)?.unwrap_or(usual.mode),
        min_delta: entries.get("min_delta").as_ref().map(min_delta).transpose()?.unwrap_or(usual.min_delta),
    };
    let checkpoint = Checkpoint::new(folder.join(entries.require("folder")?.text()?)).monitor(monitor);
    Ok(if entries.flag("resume")? == Some(true) { checkpoint.resuming() } else { checkpoint })
}

#[expect(clippy::cast_possible_truncation, reason = "what is watched is an f32")]
fn min_delta(entry: &Entry<'_>) -> Result<f32, At> {
    match entry.number()? as f32 {
        number if number >= 0.0 && number.is_finite() => Ok(number),
        _ => Err(entry.other_than("a number from 0 on")),
    }
}

/// `"FILE"`, or a table with the file's name.
fn csv_logger(entry: &Entry<'_>, folder: &Path) -> Result<PathBuf, At> {
    let name = if entry.is_text() { entry.text()? } else { entry.table(&["filename"])?.require("filename")?.text()? };
    Ok(folder.join(name))
}

/// What is watched, otherwise as `default`.
fn monitor(words: &Words, default: Monitor) -> Result<Monitor, WordError> {
    let mode = match words.value::<String>("mode", "text")?.as_deref() {
        None | Some("auto") => Mode::Auto,
        Some("min") => Mode::Min,
        Some("max") => Mode::Max,
        Some(other) => return Err(WordError::unknown("mode", other, &["auto", "min", "max"]).in_place("mode", words)),
    };
    let name = words.value("monitor", "text")?.unwrap_or(default.name);
    let min_delta = words.number("min_delta")?.unwrap_or(default.min_delta);
    match words.find("min_delta") {
        Some(number) if min_delta < 0.0 => Err(words.wrong(number, "the value must be at least 0")),
        _ => Ok(Monitor { name, mode, min_delta }),
    }
}

impl Spoken for EarlyStopping {
    fn hear(words: &Words) -> Result<Self, WordError> {
        let known =
            ["monitor", "patience", "min_delta", "mode", "baseline", "start_from_epoch", "restore_best_weights"];
        words.check("setting of early_stopping", &known)?;
        let mut stopping = Self::of(monitor(words, Monitor::default())?)
            .patience(words.count("patience")?.unwrap_or_default())
            .start_from_epoch(words.count("start_from_epoch")?.unwrap_or_default());
        if let Some(baseline) = words.number("baseline")? {
            stopping = stopping.baseline(baseline);
        }
        Ok(match words.flag("restore_best_weights")? {
            Some(true) => stopping.restoring_best_weights(),
            _ => stopping,
        })
    }
}

impl Spoken for ReduceLrOnPlateau {
    fn hear(words: &Words) -> Result<Self, WordError> {
        let known = ["monitor", "factor", "patience", "min_delta", "mode", "cooldown", "min_lr"];
        words.check("setting of reduce_lr_on_plateau", &known)?;
        let mut reducing = Self::of(monitor(words, Monitor { min_delta: 1e-4, ..Monitor::default() })?)
            .cooldown(words.count("cooldown")?.unwrap_or_default())
            .min_lr(words.number("min_lr")?.unwrap_or_default());
        if let Some(patience) = words.count("patience")? {
            reducing = reducing.patience(patience);
        }
        match words.number("factor")? {
            Some(factor) => {
                let wrong = |error: nn_core::SettingError| WordError::new(error.to_string());
                reducing.factor(factor).map_err(|error| wrong(error).in_place("factor", words))
            }
            None => Ok(reducing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EarlyStopping, Mode, Monitor, ReduceLrOnPlateau};
    use crate::config::Chosen;

    #[test]
    fn callbacks_take_settings() {
        let text = "monitor=val_accuracy,patience=10,restore_best_weights=true,min_delta=0.01,mode=max,baseline=0.5,\
            start_from_epoch=3";
        let monitor = Monitor { mode: Mode::Max, min_delta: 0.01, ..Monitor::of("val_accuracy") };
        let expected = EarlyStopping::of(monitor).patience(10).baseline(0.5).start_from_epoch(3);
        assert_eq!(text.parse(), Ok(Chosen(expected.restoring_best_weights())));
        let expected = ReduceLrOnPlateau::default().factor(0.5).unwrap().patience(2).cooldown(1).min_lr(0.001);
        assert_eq!("factor=0.5,patience=2,cooldown=1,min_lr=0.001".parse(), Ok(Chosen(expected)));
    }

    #[test]
    fn flags_are_words_or_numbers() {
        let stopping = |flag: &str| format!("restore_best_weights={flag}").parse::<Chosen<EarlyStopping>>();
        for (flags, expected) in [
            (["true", "1"], EarlyStopping::default().restoring_best_weights()),
            (["false", "0"], EarlyStopping::default()),
        ] {
            assert_eq!(flags.map(stopping), [Ok(Chosen(expected.clone())), Ok(Chosen(expected))]);
        }
        let error = stopping("on").unwrap_err().to_string();
        let reason = "the value is neither true (or 1) nor false (or 0)";
        assert_eq!(error, format!(r#"setting "restore_best_weights=on": {reason}"#));
    }

    #[test]
    fn wrong_callbacks_are_named_with_what_would_be_right() {
        let error = |text: &str| text.parse::<Chosen<EarlyStopping>>().unwrap_err().to_string();
        assert_eq!(error("patence=3"), r#"unknown setting of early_stopping "patence"; did you mean patience?"#);
        assert_eq!(error("patience"), r#"setting "patience": a setting is key=value"#);
        assert_eq!(error("patience=-1"), r#"setting "patience=-1": the value is no whole number from 0 on"#);
        assert_eq!(error("mode=up"), r#"unknown mode "up"; there is auto, min, max"#);
        assert_eq!(error("min_delta=-1"), r#"setting "min_delta=-1": the value must be at least 0"#);
        assert_eq!(error("baseline=NaN"), r#"setting "baseline=NaN": the value must be finite"#);
        let error = "factor=1".parse::<Chosen<ReduceLrOnPlateau>>().unwrap_err().to_string();
        assert_eq!(error, "factor is 1, it must be at least 0 and below 1");
    }
}
