//! A kind by its name with its settings, `NAME[,key=value…]`: what arguments and configurations say of everything that can
//! be chosen.

use core::fmt::Write as _;
use core::str::FromStr;

use crate::data::nearest;

/// A name with settings, which may lack the name: `adam,learning_rate=0.01`, or `monitor=val_loss,patience=3`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// The name; empty if there is none.
    pub(super) name: String,
    /// Keys and values.
    pub(super) settings: Vec<(String, String)>,
}

/// What is wrong with a text, in words.
///
/// ```
/// use nn_core::loss::AnyLoss;
/// use nn_host::config::Chosen;
/// let error = "hubber".parse::<Chosen<AnyLoss>>().unwrap_err();
/// assert_eq!(error.to_string(), r#"unknown loss "hubber"; did you mean huber?"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WordError {
    message: String,
    /// The number of the setting that is wrong, from 0; the name or the whole where there is none.
    pub(super) setting: Option<usize>,
}

impl WordError {
    /// An error with this message.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), setting: None }
    }

    /// `unknown WHAT NAME; did you mean …?`, or all names where none is near.
    ///
    /// ```
    /// use nn_host::config::WordError;
    /// let error = WordError::unknown("place", "qemo", &["host", "qemu"]);
    /// assert_eq!(error.to_string(), r#"unknown place "qemo"; did you mean qemu?"#);
    /// ```
    #[must_use]
    pub fn unknown(what: &str, name: &str, known: &[&str]) -> Self {
        let mut text = format!("unknown {what} {name:?}");
        // Writing to a string cannot fail.
        let _ = match nearest(name, known.iter().copied()) {
            Some(nearest) => write!(text, "; did you mean {nearest}?"),
            None => write!(text, "; there is {}", known.join(", ")),
        };
        Self::new(text)
    }

    /// The same, about a setting.
    pub(super) fn at(self, setting: usize) -> Self {
        Self { setting: Some(setting), ..self }
    }

    /// The same, about the last setting of this key.
    pub(super) fn in_place(self, key: &str, words: &Words) -> Self {
        Self { setting: words.find(key), ..self }
    }
}

impl FromStr for Words {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let mut words = text.split(',').peekable();
        let name = words.next_if(|word| !word.contains('=')).unwrap_or_default().to_owned();
        let settings = words.enumerate().map(|(number, word)| match word.split_once('=') {
            Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
            None => Err(WordError::new(format!("setting {word:?}: a setting is key=value")).at(number)),
        });
        Ok(Self { settings: settings.collect::<Result<_, _>>()?, name })
    }
}

impl Words {
    /// The settings with their numbers, as texts of which each is a number; yes and no are 1 and 0.
    pub(super) fn numbers(&self) -> impl Iterator<Item = Result<(usize, &str, f32), WordError>> {
        self.settings.iter().enumerate().map(|(number, (key, value))| match parsed(value) {
            Some(value) => Ok((number, key.as_str(), value)),
            None => Err(self.wrong(number, "the value is no number")),
        })
    }

    /// `setting "key=value": REASON`
    pub(super) fn wrong(&self, number: usize, reason: impl core::fmt::Display) -> WordError {
        let (key, value) = self.settings.get(number).map_or(("", ""), |(key, value)| (key, value));
        WordError::new(format!("setting {:?}: {reason}", format!("{key}={value}"))).at(number)
    }

    /// Refuses settings and names that are not known.
    pub(super) fn check(&self, what: &str, known: &[&str]) -> Result<(), WordError> {
        if !self.name.is_empty() {
            return Err(WordError::new(format!("setting {:?}: a setting is key=value", self.name)));
        }
        match self.settings.iter().enumerate().find(|(_, (key, _))| !known.contains(&&**key)) {
            Some((number, (key, _))) => Err(WordError::unknown(what, key, known).at(number)),
            None => Ok(()),
        }
    }

    /// The number of the last setting of this key.
    pub(super) fn find(&self, key: &str) -> Option<usize> {
        self.settings.iter().rposition(|(other, _)| other == key)
    }

    /// The last value of a key, as what it should be.
    pub(super) fn value<V: FromStr>(&self, key: &str, what: &str) -> Result<Option<V>, WordError> {
        let Some((number, text)) = self.last(key) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| self.wrong(number, format_args!("the value is no {what}")))
    }

    /// The last setting of a key: its number and value.
    fn last(&self, key: &str) -> Option<(usize, &str)> {
        let number = self.find(key)?;
        self.settings.get(number).map(|(_, value)| (number, value.as_str()))
    }

    /// A finite number.
    pub(super) fn number(&self, key: &str) -> Result<Option<f32>, WordError> {
        let number = self.value::<f32>(key, "number")?;
        match (number.filter(|number| !number.is_finite()), self.find(key)) {
            (Some(_), Some(at)) => Err(self.wrong(at, "the value must be finite")),
            _ => Ok(number),
        }
    }

    /// A whole number from 0 on.
    pub(super) fn count(&self, key: &str) -> Result<Option<u32>, WordError> {
        self.value(key, "whole number from 0 on")
    }

    /// Yes or no.
    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>, WordError> {
        let Some((number, text)) = self.last(key) else { return Ok(None) };
        text.parse().map(|Flag(flag)| Some(flag)).map_err(|error| self.wrong(number, error))
    }
}

/// A number; yes and no are 1 and 0.
pub(super) fn parsed(text: &str) -> Option<f32> {
    match text {
        "true" => Some(1.0),
        "false" => Some(0.0),
        text => text.parse().ok(),
    }
}

/// `true` or `1`, `false` or `0`.
pub(super) struct Flag(pub(super) bool);

/// A text that is no flag.
#[derive(Debug, thiserror::Error)]
#[error("the value is neither true (or 1) nor false (or 0)")]
pub(super) struct FlagError;

impl FromStr for Flag {
    type Err = FlagError;

    fn from_str(text: &str) -> Result<Self, FlagError> {
        match text {
            "true" | "1" => Ok(Self(true)),
            "false" | "0" => Ok(Self(false)),
            _ => Err(FlagError),
        }
    }
}
