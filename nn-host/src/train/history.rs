//! What a training reports of each epoch.

use crate::metric::Scores;

/// One epoch of a training.
///
/// ```
/// use nn_host::{metric::Scores, train::EpochRecord};
///
/// let scores = |loss| Scores { loss, metrics: vec![] };
/// let record = EpochRecord { epoch: 0, train: scores(0.5), validation: Some(scores(0.75)), learning_rate: 0.1 };
/// assert!(record.named().eq([("loss".to_string(), 0.5), ("val_loss".to_string(), 0.75)]));
/// ```
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

/// How a training ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// After its last epoch.
    #[default]
    Complete,
    /// After an epoch, because a callback wanted that.
    Stopped,
    /// After an iteration of a second-order solver, because no further one would be worth it.
    Converged,
    /// Within an epoch, because a callback wanted that; the epoch does not count.
    Interrupted,
}

/// What a training reports.
///
/// ```
/// use nn_host::{prelude::*, train::Ending};
/// # use nalgebra::DMatrix;
/// # use nn_host::data::{Features, Targets};
///
/// # let x = Features::Floats(DMatrix::from_element(1, 8, 1.0));
/// # let data = Dataset::new(x, Targets::Values(DMatrix::from_element(1, 8, 1.0)))?;
/// let mut model = Sequential::new(1).dense(1, Identity).compile(MeanSquaredError, Sgd::new(0.1)?, [])?;
/// let history = model.fit(&data, FitOptions { epochs: 3, batch_size: 4, ..Default::default() })?;
/// let loss = history.get("loss");
/// assert_eq!((loss.len(), history.ending), (3, Ending::Complete));
/// assert!(loss[2] < loss[0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// One record an epoch.
    pub epochs: Vec<EpochRecord>,
    /// How the training ended.
    pub ending: Ending,
}

impl History {
    /// The values of one name, one an epoch: `loss`, `val_accuracy` …
    #[must_use]
    pub fn get(&self, name: &str) -> Vec<f32> {
        let of_epoch = |record: &EpochRecord| record.named().find(|(other, _)| other == name).map(|(_, value)| value);
        self.epochs.iter().filter_map(of_epoch).collect()
    }
}
