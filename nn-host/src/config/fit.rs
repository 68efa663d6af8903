//! `[fit]`: how a model is fitted; Keras' arguments of `fit`.

use std::path::Path;

use super::data::resolved;
use super::entries::{At, Entries, Entry};
use super::{AugmentList, Config, Window};
use crate::augment::Augment;
use crate::data::{Dataset, HoldOut};
use crate::model::Model;
use crate::quantize::WeightWidth;
use crate::second_order::SecondOrderError;
use crate::train::{ClassWeight, FitOptions, History, Validation};

/// How a model is fitted.
///
/// ```
/// use nn_host::config::Config;
/// let config = Config::parse("[fit]\nepochs = 20\nvalidation_split = 0.2")?;
/// assert_eq!((config.fit.epochs, config.fit.batch_size), (20, 32));
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FitConfig {
    /// How often every sample is seen (1).
    pub epochs: u32,
    /// Epochs that count as done (0).
    pub initial_epoch: u32,
    /// Samples of a batch (32).
    pub batch_size: usize,
    /// Batches whose gradients make one step together (1).
    pub gradient_accumulation_steps: usize,
    /// Batches of an epoch (as many as the samples make).
    pub steps_per_epoch: Option<usize>,
    /// Whether the samples come in another order each epoch (yes).
    pub shuffle: bool,
    /// Data to validate with (the test part that comes with the data).
    pub validation_data: Option<String>,
    /// The share of the samples to validate with (none).
    pub validation_split: Option<f64>,
    /// Which samples these are (stratified and seeded; Keras takes the last).
    pub validation_mode: HoldOut,
    /// Epochs from one validation to the next (1).
    pub validation_freq: u32,
    /// How much the samples of each class count (all the same).
    pub class_weight: ClassWeight,
    /// How training samples are distorted (not at all).
    pub augment: Option<Augment>,
    /// The width of the weights of quantization-aware training (none).
    pub qat: Option<WeightWidth>,
}

impl Default for FitConfig {
    fn default() -> Self {
        let FitOptions {
            epochs, initial_epoch, batch_size, gradient_accumulation_steps, shuffle, validation_freq, ..
        } = FitOptions::default();
        Self {
            epochs,
            initial_epoch,
            batch_size,
            gradient_accumulation_steps,
            steps_per_epoch: None,
            shuffle,
            validation_data: None,
            validation_split: None,
            validation_mode: HoldOut::Stratified,
            validation_freq,
            class_weight: ClassWeight::None,
            augment: None,
            qat: None,
        }
    }
}

/// The keys of the table.
pub(super) const KEYS: &[&str] = &[
    "epochs",
    "initial_epoch",
    "batch_size",
    "gradient_accumulation_steps",
    "steps_per_epoch",
    "shuffle",
    "validation_data",
    "validation_split",
    "validation_mode",
    "validation_freq",
    "class_weight",
    "augment",
    "qat",
];

/// The most of a number that fits 32 bits.
const MOST: u64 = u32::MAX as u64;

impl FitConfig {
    pub(super) fn read(entries: &Entries<'_>, folder: &Path) -> Result<Self, At> {
        let usual = Self::default();
        let modes = [("stratified", HoldOut::Stratified), ("last", HoldOut::Last)];
        let widths = [WeightWidth::Int8, WeightWidth::Int4].map(|width| (width.name(), width));
        if let (Some(split), true) = (entries.get("validation_split"), entries.get("validation_data").is_some()) {
            return Err(split.refused("there is validation_data, too; one of them is enough"));
        }
        Ok(Self {
            epochs: entries.count("epochs", 0..=MOST)?.unwrap_or(usual.epochs),
            initial_epoch: entries.count("initial_epoch", 0..=MOST)?.unwrap_or(usual.initial_epoch),
            batch_size: entries.count("batch_size", 1..=MOST)?.unwrap_or(usual.batch_size),
            gradient_accumulation_steps: entries
                .count("gradient_accumulation_steps", 1..=MOST)?
                .unwrap_or(usual.gradient_accumulation_steps),
            steps_per_epoch: entries.count("steps_per_epoch", 1..=MOST)?,
            shuffle: entries.flag("shuffle")?.unwrap_or(usual.shuffle),
            validation_data: entries.text("validation_data")?.map(|name| resolved(name, folder)),
            validation_split: entries.get("validation_split").as_ref().map(share).transpose()?,
            validation_mode: entries.choice("validation_mode", "mode", &modes)?.unwrap_or(usual.validation_mode),
            validation_freq: entries.count("validation_freq", 1..=MOST)?.unwrap_or(usual.validation_freq),
            class_weight: entries.get("class_weight").as_ref().map(class_weight).transpose()?.unwrap_or_default(),
            qat: entries.choice("qat", "width", &widths)?,
            augment: entries.get("augment").map(|entry| entry.parsed::<AugmentList>()).transpose()?.map(|list| list.0),
        })
    }
}

/// A number between 0 and 1.
fn share(entry: &Entry<'_>) -> Result<f64, At> {
    let number = entry.number()?;
    if number > 0.0 && number < 1.0 { Ok(number) } else { Err(entry.other_than("a number above 0 and below 1")) }
}

/// `"balanced"`, or a number a class.
fn class_weight(entry: &Entry<'_>) -> Result<ClassWeight, At> {
    if entry.is_text() {
        return match entry.text()? {
            "balanced" => Ok(ClassWeight::Balanced),
            _ => Err(entry.other_than("\"balanced\" or an array with a number for each class")),
        };
    }
    #[expect(clippy::cast_possible_truncation, reason = "weights have seven digits")]
    let weight = |entry: &Entry<'_>| match entry.number()? {
        weight if weight >= 0.0 => Ok(weight as f32),
        _ => Err(entry.other_than("a number from 0 on")),
    };
    Ok(ClassWeight::Given(entry.elements()?.iter().map(weight).collect::<Result<_, _>>()?))
}

impl Config {
    /// The rows of a window of a table that is read window by window: what is asked for, or as many whole batches as there are
    /// in the usual number of rows.
    ///
    /// ```
    /// use nn_host::config::Config;
    /// let config = Config::parse("data.stream = true\nfit.batch_size = 30")?;
    /// assert_eq!(config.window(1000), 990);
    /// # Ok::<(), nn_host::config::ConfigError>(())
    /// ```
    #[must_use]
    pub fn window(&self, usual: usize) -> usize {
        let batch_size = self.fit.batch_size.max(1);
        match self.data.stream {
            Some(Window::Rows(rows)) => rows,
            _ => (usual / batch_size).max(1) * batch_size,
        }
    }

    /// Fits a model by the optimizer or the solver, as [`fit_options`](Self::fit_options) say, or otherwise.
    ///
    /// # Errors
    /// [`SecondOrderError`] if the model cannot be fitted to the data; that of an optimizer is its
    /// [`Fit`](SecondOrderError::Fit).
    pub fn fit(&self, model: &mut Model, data: &Dataset, options: FitOptions<'_>) -> Result<History, SecondOrderError> {
        match &self.compile.solver {
            Some(solver) => solver.fit(model, data, options),
            None => Ok(model.fit(data, options)?),
        }
    }

    /// How the model is fitted, with this data to validate with. A solver takes of it what is for solvers, too.
    #[must_use]
    pub fn fit_options<'c>(&'c self, validation: Option<&'c Dataset>) -> FitOptions<'c> {
        let fit = &self.fit;
        FitOptions {
            epochs: fit.epochs,
            initial_epoch: fit.initial_epoch,
            batch_size: fit.batch_size,
            gradient_accumulation_steps: fit.gradient_accumulation_steps,
            steps_per_epoch: fit.steps_per_epoch,
            validation: validation.map_or(Validation::None, Validation::Data),
            validation_freq: fit.validation_freq,
            shuffle: fit.shuffle,
            augment: fit.augment.as_ref(),
            qat: fit.qat,
            class_weight: fit.class_weight.clone(),
            schedule: self.compile.lr_schedule.clone(),
            checkpoint: self.callbacks.checkpoint.clone(),
            callbacks: self.callbacks.callbacks(),
            ..FitOptions::default()
        }
    }
}
