//! Fits a model to data, as Keras' `fit` does.

use sha2::{Digest, Sha256};

use super::run::Run;
use super::{FitError, FitOptions, History, Validation};
use crate::data::{Dataset, HoldOut, Partition, Targets};
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
        let (fraction, hold_out) = match options.validation {
            Validation::Split(fraction) => (fraction, HoldOut::Stratified),
            Validation::Last(fraction) => (fraction, HoldOut::Last),
            Validation::None | Validation::Data(_) => return self.fit_whole(data, options),
        };
        if options.sample_weight.is_some() {
            return Err(FitError::WeightsOfSplit);
        }
        let Partition { training, validation } = Partition::hold_out(data.targets(), fraction, hold_out, self.seed)?;
        let (training, held_out) = (data.select(&training)?, data.select(&validation)?);
        self.fit_whole(&training, FitOptions { validation: Validation::Data(&held_out), ..options })
    }

    /// Fits the model to all of the data.
    fn fit_whole(&mut self, data: &Dataset, options: FitOptions<'_>) -> Result<History, FitError> {
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
        if matches!(validation, Validation::Split(_) | Validation::Last(_)) {
            return Err(FitError::UnusedSplit);
        }
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

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;

    use crate::data::{Dataset, Features, Targets};
    use crate::prelude::{Adam, FitOptions, Identity, MeanSquaredError, Model, Sequential, Validation};
    use crate::train::FitError;

    fn data(samples: usize) -> Dataset {
        let x = DMatrix::from_fn(1, samples, |_, sample| sample as f32);
        Dataset::new(Features::Floats(x.clone()), Targets::Values(x)).unwrap()
    }

    fn model() -> Model {
        Sequential::new(1).dense(1, Identity).compile(MeanSquaredError, Adam::default(), []).unwrap()
    }

    #[test]
    fn a_split_is_the_same_as_its_two_parts() {
        let all = data(10);
        let (first, last) = (all.first(7), all.select(&[7, 8, 9]).unwrap());
        let (mut split, mut parts) = (model(), model());
        let of_split = FitOptions { validation: Validation::Last(0.3), ..Default::default() };
        let of_parts = FitOptions { validation: Validation::Data(&last), ..Default::default() };
        assert_eq!(split.fit(&all, of_split).unwrap(), parts.fit(&first, of_parts).unwrap());
        assert_eq!(split.weights_sha256(), parts.weights_sha256());
        let seeded = FitOptions { validation: Validation::Split(0.3), ..Default::default() };
        assert!(model().fit(&all, seeded).unwrap().epochs[0].validation.is_some());
    }

    #[test]
    fn impossible_splits_are_refused() {
        let error = |validation, sample_weight| {
            model().fit(&data(4), FitOptions { validation, sample_weight, ..Default::default() }).unwrap_err()
        };
        assert!(matches!(error(Validation::Split(1.5), None), FitError::Split(_)));
        assert_eq!(error(Validation::Split(0.5), Some(&[1.0; 4])), FitError::WeightsOfSplit);
    }
}
