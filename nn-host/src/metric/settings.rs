//! Settings of metrics as text, `name,setting=value`: written into names, and read back.

use core::str::FromStr;

use nn_core::SettingError;

use super::Average;

/// A text that names no metric, or has a setting that the metric does not.
///
/// ```
/// use nn_host::metric::AnyMetric;
/// let error = |text: &str| text.parse::<AnyMetric>().unwrap_err().to_string();
/// assert_eq!(error("acuracy"), r#"unknown metric "acuracy""#);
/// assert_eq!(error("fbeta_score,gamma=2"), r#"fbeta_score has no setting "gamma"; it has beta, average, class, threshold"#);
/// assert_eq!(error("accuracy,k=2"), r#"accuracy has no setting "k"; it has none"#);
/// assert_eq!(error("recall,class=two"), r#"setting "class=two" of recall: the value must be a whole number"#);
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// There is no metric of that name.
    #[error("unknown metric {name:?}")]
    Unknown {
        /// The name.
        name: String,
    },
    /// The metric has no such setting.
    #[error("{metric} has no setting {setting:?}; it has {}", if known.is_empty() { "none".to_owned() } else { known.join(", ") })]
    UnknownSetting {
        /// The metric's name.
        metric: &'static str,
        /// What was given.
        setting: String,
        /// The names that it has.
        known: &'static [&'static str],
    },
    /// The value is of another kind.
    #[error("setting {setting:?} of {metric}: the value must be {expected}")]
    Value {
        /// The metric's name.
        metric: &'static str,
        /// What was given.
        setting: String,
        /// What it must be.
        expected: &'static str,
    },
    /// The value is out of its range.
    #[error("{metric}: {source}")]
    Range {
        /// The metric's name.
        metric: &'static str,
        /// Why.
        source: SettingError,
    },
}

/// A setting as part of a name; nothing, if it has its default.
pub(super) struct Setting(Option<String>);

impl Setting {
    pub(super) fn number(key: &str, value: f32, default: f32) -> Self {
        Self((value.to_bits() != default.to_bits()).then(|| format!(",{key}={value}")))
    }

    pub(super) fn count(key: &str, value: usize, default: usize) -> Self {
        Self((value != default).then(|| format!(",{key}={value}")))
    }

    pub(super) fn average(average: Average) -> Self {
        Self(match average {
            Average::Auto => None,
            Average::Class(class) => Some(format!(",class={class}")),
            other => Some(format!(",average={other}")),
        })
    }
}

/// A name with the settings that are not the defaults.
pub(super) fn named(name: &str, settings: &[Setting]) -> String {
    settings.iter().filter_map(|setting| setting.0.as_deref()).fold(name.to_owned(), |name, setting| name + setting)
}

/// A finite number that is not below `least`.
pub(super) fn at_least(name: &'static str, value: f32, least: f32) -> Result<f32, SettingError> {
    if value.is_finite() && value >= least {
        return Ok(value);
    }
    let range = if least < 0.0 { "finite" } else { "at least 0 and finite" };
    Err(SettingError::OutOfRange { name, value, range })
}

/// The settings that a text gives to a metric.
pub(super) struct Given<'t> {
    metric: &'static str,
    words: Vec<(&'t str, &'t str)>,
}

impl<'t> Given<'t> {
    /// Reads `key=value` words for a metric that has the settings `known`.
    pub(super) fn read(
        metric: &'static str,
        known: &'static [&'static str],
        words: impl Iterator<Item = &'t str>,
    ) -> Result<Self, NameError> {
        let pair = |word: &'t str| match word.split_once('=') {
            Some((key, value)) if known.contains(&key) => Ok((key, value)),
            _ => {
                let setting = word.split('=').next().unwrap_or_default().to_owned();
                Err(NameError::UnknownSetting { metric, setting, known })
            }
        };
        Ok(Self { metric, words: words.map(pair).collect::<Result<_, _>>()? })
    }

    /// A number, or the default.
    pub(super) fn number(&self, key: &str, default: f32) -> Result<f32, NameError> {
        Ok(self.value(key, "a number")?.unwrap_or(default))
    }

    /// A whole number, or the default.
    pub(super) fn count(&self, key: &str, default: usize) -> Result<usize, NameError> {
        Ok(self.value(key, "a whole number")?.unwrap_or(default))
    }

    /// `class=N` or `average=…`.
    pub(super) fn average(&self) -> Result<Average, NameError> {
        let class = self.value("class", "a whole number")?.map(Average::Class);
        let average = self.value("average", "auto, macro, micro or weighted")?;
        Ok(class.or(average).unwrap_or_default())
    }

    /// A value that was checked, or whose check becomes an error with the metric's name.
    pub(super) fn checked<T>(&self, checked: Result<T, SettingError>) -> Result<T, NameError> {
        checked.map_err(|source| NameError::Range { metric: self.metric, source })
    }

    fn value<T: FromStr>(&self, key: &str, expected: &'static str) -> Result<Option<T>, NameError> {
        let Some((key, text)) = self.words.iter().rev().find(|(known, _)| *known == key) else { return Ok(None) };
        let wrong = |_| NameError::Value { metric: self.metric, setting: format!("{key}={text}"), expected };
        text.parse().map(Some).map_err(wrong)
    }
}
