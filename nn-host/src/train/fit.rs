//! Fits a model to data, as Keras' `fit` does.

use core::fmt;
use core::ops::ControlFlow;

use nn_core::activation::AnyActivation;
use nn_core::train::Occasion;
use sha2::{Digest, Sha256};

use super::order::order;
use super::step::Step;
use super::{EpochRecord, History, Observer, Progress};
use crate::data::{Dataset, Targets};
use crate::metric::ScoreSums;
use crate::model::{DenseLayer, Model, ModelLayer, PredictError, configuration};
use crate::optimizer::Bound;

/// What a model is validated with after each epoch.
#[derive(Clone, Copy, Debug, Default)]
pub enum Validation<'a> {
    /// Nothing.
    #[default]
    None,
    /// A data set of its own.
    Data(&'a Dataset),
}

/// How to fit a model. The defaults are Keras'.
pub struct FitOptions<'a> {
    /// How often every sample is seen (1).
    pub epochs: u32,
    /// Samples of an update (32): 1 is online training, all of them batch gradient descent.
    pub batch_size: usize,
    /// What to validate with (nothing).
    pub validation: Validation<'a>,
    /// Whether the samples come in another order each epoch (yes).
    pub shuffle: bool,
    /// Who watches (nobody).
    pub observer: Option<&'a mut dyn Observer>,
}

impl Default for FitOptions<'_> {
    fn default() -> Self {
        Self { epochs: 1, batch_size: 32, validation: Validation::None, shuffle: true, observer: None }
    }
}

impl fmt::Debug for FitOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epochs, batch_size, shuffle, .. } = self;
        write!(f, "FitOptions {{ epochs: {epochs}, batch_size: {batch_size}, shuffle: {shuffle}, .. }}")
    }
}

/// Why a model cannot be fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// The training data does not fit the model.
    #[error("training data: {0}")]
    Training(#[source] PredictError),
    /// The validation data does not fit the model.
    #[error("validation data: {0}")]
    Validation(#[source] PredictError),
    /// Batches of nothing.
    #[error("the batch size is 0, it must be at least 1")]
    BatchSize,
    /// An activation that has no gradient.
    #[error("layer {layer} cannot be trained through: {activation} has no gradient")]
    NoGradient {
        /// Position of the layer, from 0.
        layer: usize,
        /// Its activation.
        activation: AnyActivation,
    },
    /// More samples than can be counted.
    #[error("{samples} samples are more than an epoch can have (4,294,967,295)")]
    TooManySamples {
        /// Samples of the data set.
        samples: usize,
    },
    /// The loss or a weight has become infinite or not a number.
    #[error("training diverged in epoch {} of {epochs}: the {what} is not finite any more", epoch + 1)]
    Diverged {
        /// The epoch, from 0.
        epoch: u32,
        /// Epochs of the training.
        epochs: u32,
        /// What is not finite.
        what: &'static str,
    },
}

impl Model {
    /// Fits the model to data.
    ///
    /// The optimizer starts afresh at each call; the numbering of epochs goes on, so that a second call sees other
    /// orders and other dropout. A training that its observer ends within an epoch leaves the model as it was after
    /// the last whole epoch.
    ///
    /// # Errors
    /// [`FitError`] if the data does not fit the model, or the training diverges.
    pub fn fit(&mut self, data: &Dataset, options: FitOptions<'_>) -> Result<History, FitError> {
        self.check(data, &options)?;
        self.prepare(data, &options);
        let sizes = self.dense_layers().flat_map(|dense| [dense.kernel.len(), dense.bias.len()]);
        let optimizer = self.optimizer.bind(&sizes.collect::<Vec<_>>());
        let (steps, epochs) = (Vec::new(), options.epochs);
        let mut run = Run { model: self, data, optimizer, steps, epochs, observer: options.observer };
        let mut history = History::default();
        for _ in 0..epochs {
            let (layers, whole_epochs) = (run.model.layers.clone(), run.model.epochs);
            if run.epoch(options.batch_size, options.shuffle, options.validation, &mut history)?.is_break() {
                if run.model.epochs == whole_epochs {
                    run.model.layers = layers;
                }
                break;
            }
        }
        history.interrupted = history.epochs.len() < epochs as usize;
        Ok(history)
    }

    fn check(&self, data: &Dataset, options: &FitOptions<'_>) -> Result<(), FitError> {
        if options.batch_size == 0 {
            return Err(FitError::BatchSize);
        }
        for (layer, kind) in self.layers.iter().enumerate() {
            if let ModelLayer::Dense(DenseLayer { activation, .. }) = kind
                && !activation.is_differentiable()
            {
                return Err(FitError::NoGradient { layer, activation: *activation });
            }
        }
        if u32::try_from(data.len()).is_err() {
            return Err(FitError::TooManySamples { samples: data.len() });
        }
        self.check_inputs(data).and_then(|()| self.check_targets(data)).map_err(FitError::Training)?;
        if let Validation::Data(data) = options.validation {
            self.check_inputs(data).and_then(|()| self.check_targets(data)).map_err(FitError::Validation)?;
        }
        Ok(())
    }

    /// Takes over from the data what the model remembers of it.
    fn prepare(&mut self, data: &Dataset, options: &FitOptions<'_>) {
        self.scaling = data.scaling();
        self.labels = match data.targets() {
            Targets::Classes { names, .. } if names.len() == self.outputs() => names.clone(),
            _ => Vec::new(),
        };
        self.preprocessing = data.preprocessing().cloned();
        self.data_sha256 = data.sha256();
        let configuration = configuration(self, options.batch_size, options.shuffle);
        self.configuration_sha256 = Sha256::digest(configuration).into();
    }
}

/// A training under way.
struct Run<'a, 'o> {
    model: &'a mut Model,
    data: &'a Dataset,
    optimizer: Bound,
    /// Memory for each size of batch that has come up: the usual one and the last of an epoch.
    steps: Vec<Step>,
    /// Epochs asked for.
    epochs: u32,
    observer: Option<&'o mut dyn Observer>,
}

impl Run<'_, '_> {
    /// One epoch; `Break` if the observer wants to end.
    fn epoch(
        &mut self,
        batch_size: usize,
        shuffle: bool,
        validation: Validation<'_>,
        history: &mut History,
    ) -> Result<ControlFlow<()>, FitError> {
        let epoch = self.model.epochs;
        let order = order(self.data.len(), shuffle, self.model.seed, epoch);
        let mut sums = ScoreSums::new(&self.model.metrics);
        let mut seen = 0;
        for samples in order.chunks(batch_size) {
            let loss = self.batch(samples, epoch, seen, &mut sums);
            if !loss.is_finite() {
                return Err(self.diverged(epoch, "loss"));
            }
            seen += samples.len();
            let progress = Progress { epoch, samples: seen, samples_per_epoch: order.len(), scores: sums.scores() };
            let flow = self.observer.as_mut().map_or(ControlFlow::Continue(()), |observer| observer.batch(&progress));
            if flow.is_break() {
                return Ok(flow);
            }
        }
        self.model.epochs = epoch.saturating_add(1);
        if !self.model.is_finite() {
            return Err(self.diverged(epoch, "weights"));
        }
        let validation = match validation {
            Validation::None => None,
            Validation::Data(data) => Some(self.model.evaluate(data).map_err(FitError::Validation)?),
        };
        if validation.as_ref().is_some_and(|scores| !scores.loss.is_finite()) {
            return Err(self.diverged(epoch, "validation loss"));
        }
        let learning_rate = self.model.optimizer.learning_rate();
        let record = EpochRecord { epoch, train: sums.scores(), validation, learning_rate };
        let flow = self.observer.as_mut().map_or(ControlFlow::Continue(()), |observer| observer.epoch(&record));
        history.epochs.push(record);
        Ok(flow)
    }

    /// One batch, whose first sample is number `first` of the epoch; returns its summed loss.
    fn batch(&mut self, samples: &[usize], epoch: u32, first: usize, sums: &mut ScoreSums) -> f32 {
        let model = &mut *self.model;
        let occasion = Occasion { seed: model.seed, epoch, sample: u32::try_from(first).unwrap_or(u32::MAX), layer: 0 };
        let step = memory(&mut self.steps, model.inputs, &model.layers, samples.len());
        self.data.gather_inputs(samples, model.scaling, &mut step.x);
        self.data.gather_targets(samples, &mut step.y);
        step.forward(&model.layers, occasion);
        let (a, y) = (step.outputs().as_slice(), step.y.as_slice());
        let loss = model.loss_sum(a, y);
        sums.add(loss, model.outputs(), a, y);
        step.output_error(&model.layers, model.loss);
        self.optimizer.begin_step();
        step.backward(&model.layers, occasion, self.optimizer.error_factor());
        step.update(&mut model.layers, &mut self.optimizer);
        loss
    }

    fn diverged(&self, epoch: u32, what: &'static str) -> FitError {
        FitError::Diverged { epoch, epochs: self.epochs, what }
    }
}

impl Model {
    /// Whether all weights are finite.
    fn is_finite(&self) -> bool {
        self.dense_layers().all(|dense| dense.kernel.iter().chain(dense.bias.iter()).all(|w| w.is_finite()))
    }
}

/// The memory for batches of this size, made when it is first needed.
fn memory<'s>(steps: &'s mut Vec<Step>, inputs: usize, layers: &[ModelLayer], samples: usize) -> &'s mut Step {
    let known = steps.iter().position(|step| step.samples() == samples);
    let place = known.unwrap_or_else(|| {
        steps.push(Step::new(inputs, layers, samples));
        steps.len() - 1
    });
    #[expect(clippy::indexing_slicing, reason = "just found or pushed")]
    &mut steps[place]
}
