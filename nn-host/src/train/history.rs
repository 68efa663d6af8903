//! What a training reports of each epoch.

use serde_json::{Map, Value};

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
    /// The value of a column of the table of epochs; nothing if this epoch does not have it.
    fn cell(&self, column: &str) -> String {
        match column {
            "epoch" => self.epoch.to_string(),
            "learning_rate" => self.learning_rate.to_string(),
            name => self.named().find(|(other, _)| other == name).map_or(String::new(), |(_, value)| value.to_string()),
        }
    }

    /// The epoch as a JSON object, counted from 1.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("epoch".to_owned(), (self.epoch + 1).into());
        object.extend(self.named().map(|(name, value)| (name, number(value))));
        object.insert("learning_rate".to_owned(), number(self.learning_rate));
        Value::Object(object)
    }

    /// Names and values as in Keras: `loss`, `accuracy`, `val_loss`, `val_accuracy`.
    pub fn named(&self) -> impl Iterator<Item = (String, f32)> {
        let train = self.train.named().map(|(name, value)| (name.to_owned(), value));
        let validation = self.validation.iter().flat_map(Scores::named);
        train.chain(validation.map(|(name, value)| (format!("val_{name}"), value)))
    }
}

/// A number as short as it can be, not with the digits of an f64; null if it is not finite.
fn number(value: f32) -> Value {
    value.to_string().parse::<f64>().map_or(Value::Null, Value::from)
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

    /// The columns of a table of the epochs: `epoch`, then the names of all values in the order of their appearance, then
    /// `learning_rate`.
    fn columns(&self) -> Vec<String> {
        let mut columns = vec!["epoch".to_owned()];
        for (name, _) in self.epochs.iter().flat_map(EpochRecord::named) {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
        columns.push("learning_rate".to_owned());
        columns
    }

    /// The epochs as comma-separated values with a header, epochs counted from 0 as in Keras' `CSVLogger`; an epoch
    /// without a value has an empty cell.
    ///
    /// ```
    /// use nn_host::{metric::Scores, train::{EpochRecord, History}};
    /// let scores = |loss| Scores { loss, metrics: vec![] };
    /// let record = EpochRecord { epoch: 0, train: scores(0.5), validation: Some(scores(0.75)), learning_rate: 0.1 };
    /// let history = History { epochs: vec![record], ..Default::default() };
    /// assert_eq!(history.csv(), "epoch,loss,val_loss,learning_rate\n0,0.5,0.75,0.1\n");
    /// ```
    #[must_use]
    pub fn csv(&self) -> String {
        let columns = self.columns();
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail.
        let _ = writer.write_record(&columns);
        for record in &self.epochs {
            let _ = writer.write_record(columns.iter().map(|column| record.cell(column)));
        }
        writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// The epochs as a JSON array of objects, counted from 1; a value that is not finite is null.
    #[must_use]
    pub fn json(&self) -> Value {
        self.epochs.iter().map(EpochRecord::json).collect()
    }
}
