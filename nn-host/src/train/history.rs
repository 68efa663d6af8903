//! What a training reports of each epoch.

use crate::metric::Scores;

/// One epoch of a training.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochRecord {
    /// The epoch, from 0.
    pub epoch: u32,
    /// Means over the epoch's batches, each before its update.
    pub train: Scores,
    /// On the validation data, after the epoch.
    pub validation: Option<Scores>,
    /// The learning rate of the epoch.
    pub learning_rate: f32,
}

impl EpochRecord {
    /// Names and values as in Keras: `loss`, `accuracy`, `val_loss`, `val_accuracy`.
    pub fn named(&self) -> impl Iterator<Item = (String, f32)> {
        let train = self.train.named().map(|(name, value)| (name.to_owned(), value));
        let validation = self.validation.iter().flat_map(Scores::named);
        train.chain(validation.map(|(name, value)| (format!("val_{name}"), value)))
    }
}

/// What a training reports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// One record an epoch.
    pub epochs: Vec<EpochRecord>,
    /// Whether an observer ended the training before its last epoch.
    pub interrupted: bool,
}

impl History {
    /// The values of one name, one an epoch: `loss`, `val_accuracy` …
    #[must_use]
    pub fn get(&self, name: &str) -> Vec<f32> {
        let of_epoch = |record: &EpochRecord| record.named().find(|(other, _)| other == name).map(|(_, value)| value);
        self.epochs.iter().filter_map(of_epoch).collect()
    }
}
