//! What a search may change: values of the configuration, each with its domain.

use std::collections::BTreeSet;

use toml::Value;

use super::Domain;
use crate::config::{At, Entries, Entry};

/// What a search may change.
///
/// ```
/// use nn_host::tune::Tuning;
/// let tuning = Tuning::parse("model.layers = '8:relu'\n[tune.space]\n'fit.batch_size' = { choices = [16, 32] }")?;
/// assert_eq!(tuning.space().parameters()[0].key, "fit.batch_size");
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    parameters: Vec<Parameter>,
}

/// A value of the configuration that a search may change.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The path of its key, with numbers for elements of arrays: `model.layers.0.units`.
    pub key: String,
    /// What it can be.
    pub domain: Domain,
}

/// The keys of a domain, of which a table that has none is a part of a path.
const DOMAIN: &[&str] = &["low", "high", "log", "step", "points", "choices"];

/// What stays the same, so that all trials are measured by the same data.
const FIXED: [&str; 6] =
    ["data", "tune", "fit.validation_data", "fit.validation_split", "fit.validation_mode", "fit.validation_freq"];

impl Space {
    /// The values that may change, in the order of the file.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Every parameter with its domain, and its entry.
    pub(super) fn read<'d>(entries: &Entries<'d>) -> Result<(Self, Vec<Entry<'d>>), At> {
        let (mut parameters, mut places) = (Vec::new(), Vec::new());
        collect(entries, "", &mut |key, entry| {
            parameters.push(Parameter { key, domain: Domain::read(entry)? });
            places.push(entry.clone());
            Ok(())
        })?;
        let mut keys = BTreeSet::new();
        match parameters.iter().zip(&places).find(|(parameter, _)| !keys.insert(&*parameter.key)) {
            Some((_, place)) => Err(place.refused("it stands there twice")),
            None => Ok((Self { parameters }, places)),
        }
    }

    /// The first value of each domain.
    pub(super) fn first(&self) -> Vec<Value> {
        self.parameters.iter().filter_map(|parameter| parameter.domain.extremes().into_iter().next()).collect()
    }
}

/// Tells of every domain with its path; tables that are none are parts of paths.
fn collect<'d>(
    entries: &Entries<'d>,
    path: &str,
    tell: &mut dyn FnMut(String, &Entry<'d>) -> Result<(), At>,
) -> Result<(), At> {
    for (key, entry) in entries.all() {
        let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        let inside = entry.any_table()?;
        if inside.all().any(|(key, inner)| !inner.is_table() && DOMAIN.contains(&key)) || inside.all().next().is_none()
        {
            if FIXED.iter().any(|fixed| path == *fixed || path.starts_with(&format!("{fixed}."))) {
                return Err(entry.refused(format_args!("{path} stays the same in all trials")));
            }
            tell(path, &entry)?;
        } else {
            collect(&inside, &path, tell)?;
        }
    }
    Ok(())
}
