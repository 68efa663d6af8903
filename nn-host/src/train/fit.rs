//! Fits a model to data, as Keras' `fit` does.

use sha2::{Digest, Sha256};

use super::run::Run;
use super::{FitError, FitOptions, History, Validation};
use crate::data::{Dataset, Targets};
use crate::layer::{LayerKind, Stack};
use crate::model::{Model, configuration};

impl Model {
    /// Fits the model to data.
    ///
    /// The optimizer starts afresh at each call; the numbering of epochs goes on, so that a second call sees other
    /// orders and other dropout. A training that a callback ends within an epoch leaves the model as it was after
    /// the last whole epoch.
    ///
    /// # Errors
    /// [`FitError`] if the data does not fit the model, or the training diverges.
    pub fn fit(&mut self, data: &Dataset, options: FitOptions<'_>) -> Result<History, FitError> {
        self.check(data, &options)?;
        self.remember(data, &configuration(self, &options));
        Run::new(self, data, options)?.all()
    }

    fn check(&mut self, data: &Dataset, options: &FitOptions<'_>) -> Result<(), FitError> {
        let counts = [
            ("the batch size", options.batch_size),
            ("the number of batches of a step", options.gradient_accumulation_steps),
            ("the number of steps of an epoch", options.steps_per_epoch.unwrap_or(1)),
            ("the number of epochs between validations", options.validation_freq as usize),
        ];
        if let Some((what, _)) = counts.into_iter().find(|(_, count)| *count == 0) {
            return Err(FitError::Zero { what });
        }
        self.check_training(data, options.validation)
    }

    /// Refuses models and data that no training can work with.
    pub(crate) fn check_training(&mut self, data: &Dataset, validation: Validation<'_>) -> Result<(), FitError> {
        check_gradients(&self.layers)?;
        if self.layers.learning_mut().is_empty() {
            return Err(FitError::Frozen);
        }
        if u32::try_from(data.len()).is_err() {
            return Err(FitError::TooManySamples { samples: data.len() });
        }
        self.check_inputs(data).and_then(|()| self.check_targets(data)).map_err(FitError::Training)?;
        if let Validation::Data(data) = validation {
            self.check_inputs(data).and_then(|()| self.check_targets(data)).map_err(FitError::Validation)?;
        }
        Ok(())
    }

    /// Takes over what the model remembers of its training: of the data, and a checksum of the configuration.
    pub(crate) fn remember(&mut self, data: &Dataset, configuration: &str) {
        self.scaling = data.scaling();
        self.labels = match data.targets() {
            Targets::Classes { names, .. } if names.len() == self.outputs() => names.clone(),
            _ => Vec::new(),
        };
        self.preprocessing = data.preprocessing().cloned();
        self.data_sha256 = data.sha256();
        self.configuration_sha256 = Sha256::digest(configuration).into();
    }
}

/// Refuses layers whose activation has no gradient.
fn check_gradients(stack: &Stack) -> Result<(), FitError> {
    for layer in stack.layers() {
        let activation = match layer.kind() {
            LayerKind::Dense(dense) => Some(dense.activation),
            LayerKind::Activation(layer) => Some(layer.activation),
            _ => None,
        };
        if let Some(activation) = activation.filter(|activation| !activation.is_differentiable()) {
            return Err(FitError::NoGradient { layer: layer.name().to_owned(), activation });
        }
        layer.stacks().into_iter().try_for_each(check_gradients)?;
    }
    Ok(())
}
