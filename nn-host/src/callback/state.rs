//! What a training must know to go on as if it had never been interrupted: numbers and tensors by name.

use std::collections::BTreeMap;

/// Named numbers and tensors.
///
/// ```
/// use nn_host::callback::State;
/// let mut state = State::default();
/// state.put("early_stopping/best", &[0.25]);
/// state.put_count("early_stopping/wait", 3);
/// assert_eq!((state.number("early_stopping/best")?, state.count("early_stopping/wait")?), (0.25, 3));
/// assert!(state.number("best").is_err());
/// # Ok::<(), nn_host::callback::StateError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    pub(crate) tensors: BTreeMap<String, Vec<f32>>,
    pub(crate) counts: BTreeMap<String, u32>,
}

/// What a checkpoint does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the checkpoint has no {name} of {expected} values")]
pub struct StateError {
    /// The name.
    pub name: String,
    /// How many values were expected.
    pub expected: usize,
}

impl State {
    /// Adds a tensor.
    pub fn put(&mut self, name: impl Into<String>, values: &[f32]) {
        self.tensors.insert(name.into(), values.to_vec());
    }

    /// Adds a whole number.
    pub fn put_count(&mut self, name: impl Into<String>, count: u32) {
        self.counts.insert(name.into(), count);
    }

    /// Adds all of another state, with a prefix before its names.
    pub(crate) fn put_all(&mut self, prefix: &str, other: Self) {
        self.tensors.extend(other.tensors.into_iter().map(|(name, values)| (format!("{prefix}{name}"), values)));
        self.counts.extend(other.counts.into_iter().map(|(name, count)| (format!("{prefix}{name}"), count)));
    }

    /// What has a prefix before its names, without it.
    pub(crate) fn part(&self, prefix: &str) -> Self {
        fn of<V: Clone>(all: &BTreeMap<String, V>, prefix: &str) -> BTreeMap<String, V> {
            let named =
                all.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value.clone())));
            named.collect()
        }
        Self { tensors: of(&self.tensors, prefix), counts: of(&self.counts, prefix) }
    }

    /// The tensor of a name, if there is one.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<&[f32]> {
        self.tensors.get(name).map(Vec::as_slice)
    }

    /// Copies a tensor.
    ///
    /// # Errors
    /// [`StateError`] if there is none of that name and size.
    pub fn copy_to(&self, name: &str, values: &mut [f32]) -> Result<(), StateError> {
        match self.tensor(name) {
            Some(tensor) if tensor.len() == values.len() => {
                values.copy_from_slice(tensor);
                Ok(())
            }
            _ => Err(StateError { name: name.to_owned(), expected: values.len() }),
        }
    }

    /// The only value of a tensor.
    ///
    /// # Errors
    /// [`StateError`] if there is none of that name.
    pub fn number(&self, name: &str) -> Result<f32, StateError> {
        let mut values = [0.0];
        self.copy_to(name, &mut values)?;
        let [value] = values;
        Ok(value)
    }

    /// A whole number.
    ///
    /// # Errors
    /// [`StateError`] if there is none of that name.
    pub fn count(&self, name: &str) -> Result<u32, StateError> {
        self.counts.get(name).copied().ok_or_else(|| StateError { name: name.to_owned(), expected: 1 })
    }
}
