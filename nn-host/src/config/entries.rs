//! A table of a configuration under way to what it means: keys that are known, values of the right kind, each with its
//! place in the file.

use core::fmt::Display;
use core::ops::{Range, RangeInclusive};
use core::str::FromStr;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

pub(crate) use super::error::At;
use super::error::Fault;
use super::spoken::Spoken;
use super::words::{WordError, Words};

/// A value with its place.
type Value<'d> = Spanned<DeValue<'d>>;

/// A table all of whose keys are known.
#[derive(Clone, Debug)]
pub(crate) struct Entries<'d> {
    path: String,
    span: Range<usize>,
    table: Option<&'d DeTable<'d>>,
}

/// A value with the path of its key.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'d> {
    path: String,
    value: &'d Value<'d>,
}

impl<'d> Entries<'d> {
    /// The root of a document.
    pub(super) fn root(document: &'d Spanned<DeTable<'d>>, known: &[&'static str]) -> Result<Self, At> {
        Self { path: String::new(), span: document.span(), table: Some(document.get_ref()) }.checked(known)
    }

    /// A table that is not there.
    fn none(path: String) -> Self {
        Self { path, span: 0..0, table: None }
    }

    /// The same, if it has no other keys than these.
    fn checked(self, known: &[&'static str]) -> Result<Self, At> {
        let mut keys = self.table.iter().flat_map(|table| table.keys());
        match keys.find(|key| !known.contains(&key.get_ref().as_ref())) {
            None => Ok(self),
            Some(key) => {
                let table = if self.path.is_empty() { "the configuration" } else { &self.path };
                let (key, table, span) = (key.get_ref().to_string(), table.to_owned(), key.span());
                Err(At { span, fault: Fault::UnknownKey { key, table, known: known.to_vec() } })
            }
        }
    }

    /// The value of a key, if it is there.
    pub(crate) fn get(&self, key: &str) -> Option<Entry<'d>> {
        let value = self.table.and_then(|table| table.get(key))?;
        Some(Entry { path: self.path_of(key), value })
    }

    /// The value at a path, such as `fit.epochs`, if it is there.
    pub(crate) fn at_path(&self, path: &str) -> Option<Entry<'d>> {
        match path.split_once('.') {
            Some((table, rest)) => self.get(table)?.any_table().ok()?.at_path(rest),
            None => self.get(path),
        }
    }

    /// The value of a key that must be there.
    pub(crate) fn require(&self, key: &str) -> Result<Entry<'d>, At> {
        let missing = || At { span: self.span.clone(), fault: Fault::Missing { key: self.path_of(key) } };
        self.get(key).ok_or_else(missing)
    }

    /// The table of a key, empty if it is not there.
    pub(crate) fn table(&self, key: &str, known: &[&'static str]) -> Result<Self, At> {
        self.get(key).map_or_else(|| Ok(Self::none(self.path_of(key))), |entry| entry.table(known))
    }

    /// All keys with their values.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'d str, Entry<'d>)> {
        let table = self.table.into_iter().flatten();
        table.map(|(key, value)| (key.get_ref().as_ref(), Entry { path: self.path_of(key.get_ref()), value }))
    }

    /// A text.
    pub(crate) fn text(&self, key: &str) -> Result<Option<&'d str>, At> {
        self.get(key).map(|entry| entry.text()).transpose()
    }

    /// Yes or no.
    pub(crate) fn flag(&self, key: &str) -> Result<Option<bool>, At> {
        self.get(key).map(|entry| entry.flag()).transpose()
    }

    /// A whole number within a range.
    pub(crate) fn count<N: TryFrom<u64>>(&self, key: &str, range: RangeInclusive<u64>) -> Result<Option<N>, At> {
        self.get(key).map(|entry| entry.count(range)).transpose()
    }

    /// A finite number.
    pub(crate) fn number(&self, key: &str) -> Result<Option<f64>, At> {
        self.get(key).map(|entry| entry.number()).transpose()
    }

    /// Texts or numbers, or a single one.
    pub(crate) fn texts(&self, key: &str) -> Result<Option<Vec<String>>, At> {
        self.get(key).map(|entry| entry.texts()).transpose()
    }

    /// Something that is chosen with its settings.
    pub(super) fn spoken<S: Spoken>(&self, key: &str) -> Result<Option<S>, At> {
        self.get(key).map(|entry| entry.spoken()).transpose()
    }

    /// One of some names, with what it stands for.
    pub(crate) fn choice<V: Copy>(&self, key: &str, what: &str, known: &[(&str, V)]) -> Result<Option<V>, At> {
        self.get(key).map(|entry| entry.choice(what, known)).transpose()
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl<'d> Entry<'d> {
    /// A table that has no other keys than these.
    pub(crate) fn table(&self, known: &[&'static str]) -> Result<Entries<'d>, At> {
        self.any_table()?.checked(known)
    }

    /// A table of any keys.
    pub(crate) fn any_table(&self) -> Result<Entries<'d>, At> {
        match self.value.get_ref().as_table() {
            Some(table) => Ok(Entries { path: self.path.clone(), span: self.value.span(), table: Some(table) }),
            None => Err(self.other_than("a table")),
        }
    }

    pub(crate) fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    pub(crate) fn is_text(&self) -> bool {
        self.value.get_ref().is_str()
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.value.get_ref().is_integer()
    }

    /// The elements of an array.
    pub(crate) fn elements(&self) -> Result<Vec<Self>, At> {
        let array = self.value.get_ref().as_array().ok_or_else(|| self.other_than("an array"))?;
        let element = |(number, value)| Entry { path: format!("{}.{number}", self.path), value };
        Ok(array.iter().enumerate().map(element).collect())
    }

    pub(crate) fn text(&self) -> Result<&'d str, At> {
        self.value.get_ref().as_str().ok_or_else(|| self.other_than("a text"))
    }

    pub(crate) fn flag(&self) -> Result<bool, At> {
        self.value.get_ref().as_bool().ok_or_else(|| self.other_than("true or false"))
    }

    pub(crate) fn count<N: TryFrom<u64>>(&self, range: RangeInclusive<u64>) -> Result<N, At> {
        let expected = || match *range.end() {
            u64::MAX => format!("a whole number from {}", range.start()),
            end => format!("a whole number from {} to {end}", range.start()),
        };
        let number = self.value.get_ref().as_integer().and_then(whole).and_then(|number| u64::try_from(number).ok());
        let number = number.filter(|number| range.contains(number));
        number.and_then(|number| number.try_into().ok()).ok_or_else(|| self.other_than(expected()))
    }

    pub(crate) fn number(&self) -> Result<f64, At> {
        let number = self.scalar().and_then(|text| text.parse::<f64>().ok()).filter(|number| number.is_finite());
        number.ok_or_else(|| self.other_than("a finite number"))
    }

    pub(crate) fn texts(&self) -> Result<Vec<String>, At> {
        let word = |entry: &Self| entry.scalar().ok_or_else(|| entry.other_than("a text"));
        match self.value.get_ref() {
            DeValue::Array(_) => self.elements()?.iter().map(word).collect(),
            _ => Ok(vec![word(self)?]),
        }
    }

    pub(crate) fn choice<V: Copy>(&self, what: &str, known: &[(&str, V)]) -> Result<V, At> {
        let text = self.text()?;
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        let found = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        found.ok_or_else(|| self.refused(WordError::unknown(what, text, &names)))
    }

    /// What somebody types, parsed.
    pub(crate) fn parsed<V: FromStr<Err: Display>>(&self) -> Result<V, At> {
        self.text()?.parse().map_err(|error| self.refused(error))
    }

    /// `"NAME,key=value"`, `{ NAME = { key = value } }`, `{ name = "NAME", key = value }` or `{ key = value }`.
    pub(super) fn spoken<S: Spoken>(&self) -> Result<S, At> {
        if self.is_text() {
            let text = self.text()?;
            return text.parse().and_then(|words| S::hear(&words)).map_err(|error| self.refused(error));
        }
        let table = self.any_table().map_err(|_| self.other_than("a name or a table"))?;
        let (name, settings) = table.named()?;
        let pairs = settings.iter().map(words).collect::<Result<_, _>>()?;
        let words = Words { name: name.to_owned(), settings: pairs };
        S::hear(&words).map_err(|error| match error.setting.and_then(|number| settings.get(number)) {
            Some((_, at)) => Entry { path: self.path.clone(), ..at.clone() }.refused(error),
            None => self.refused(error),
        })
    }

    /// A number, a text or a flag as text.
    pub(crate) fn scalar(&self) -> Option<String> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(number) => whole(number).map(|number| number.to_string()),
            DeValue::Float(number) => Some(number.as_str().to_owned()),
            DeValue::Boolean(flag) => Some(flag.to_string()),
            _ => None,
        }
    }

    /// An error about this value.
    pub(crate) fn refused(&self, reason: impl Display) -> At {
        let fault = Fault::Value { key: self.path.clone(), reason: reason.to_string() };
        At { span: self.value.span(), fault }
    }

    /// An error about its kind.
    pub(crate) fn other_than(&self, expected: impl Into<String>) -> At {
        let value = self.value.get_ref();
        let found = match (value, self.scalar()) {
            (DeValue::String(_), Some(text)) => format!("{text:?}"),
            (_, Some(text)) => text,
            (DeValue::Table(_), None) => "a table".to_owned(),
            (DeValue::Array(_), None) => "an array".to_owned(),
            (_, None) => "a date or time".to_owned(),
        };
        At { span: self.value.span(), fault: Fault::Kind { key: self.path.clone(), expected: expected.into(), found } }
    }
}

/// A key with its value.
type Setting<'d> = (&'d str, Entry<'d>);

/// A setting as words.
fn words((key, entry): &Setting<'_>) -> Result<(String, String), At> {
    let value = entry.scalar().ok_or_else(|| entry.other_than("a number, a text or a flag"))?;
    Ok(((*key).to_owned(), value))
}

impl<'d> Entries<'d> {
    /// The name and the settings that a table tells: under the name, beside it, or without one.
    fn named(&self) -> Result<(&'d str, Vec<Setting<'d>>), At> {
        let all: Vec<_> = self.all().collect();
        match all.as_slice() {
            [(name, entry)] if entry.is_table() => Ok((name, entry.any_table()?.all().collect())),
            _ => {
                let name = self.text("name")?.unwrap_or_default();
                Ok((name, all.into_iter().filter(|(key, _)| *key != "name").collect()))
            }
        }
    }
}

/// The value of a whole number, in whichever base it is written.
fn whole(number: &DeInteger<'_>) -> Option<i128> {
    i128::from_str_radix(number.as_str(), number.radix()).ok()
}
