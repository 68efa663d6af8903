//! Fits a model to data, as Keras' `fit` does.

use core::convert::Infallible;

use sha2::{Digest, Sha256};

use super::extent::Extent;
use super::feed::Whole;
use super::run::Run;
use super::weighting::Weighting;
use super::{FitError, FitOptions, History, StreamError, Validation};
use crate::data::{Dataset, HoldOut, Partition, Targets};
use crate::layer::Stack;
use crate::model::{Model, PredictError, configuration};
use crate::quantize;

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

    /// Fits the model to all of the data. If rounding its weights was for nothing, they are as before.
    fn fit_whole(&mut self, data: &Dataset, options: FitOptions<'_>) -> Result<History, FitError> {
        let before = options.qat.map(|_| self.layers.clone());
        let fitted = self.fit_all(data, options);
        if let (Err(_), Some(layers)) = (&fitted, before) {
            self.layers = layers;
        }
        fitted
    }

    fn fit_all(&mut self, data: &Dataset, options: FitOptions<'_>) -> Result<History, FitError> {
        self.check_options(data.len(), &options)?;
        self.check_data(data).map_err(FitError::Training)?;
        self.remember(data, data.sha256());
        self.make_aware(data, &options)?;
        self.identify(&configuration(self, &options));
        let weighting = Weighting::of_data(data, &options.class_weight, options.sample_weight)?;
        let whole = Whole::new(data);
        let mut feed = if options.augment.is_none() { whole.listed(self.scaling) } else { whole };
        let run = Run::new(self, Extent::new((data.len(), data.len()), &options), weighting, options)?;
        run.all(&mut feed).map_err(of_whole)
    }

    /// Puts fake quantization where bytes will be, if that is asked for; ranges start from those on this data.
    pub(super) fn make_aware(&mut self, data: &Dataset, options: &FitOptions<'_>) -> Result<(), FitError> {
        if options.qat.is_some() {
            self.layers = quantize::aware(self, data)?;
        }
        Ok(())
    }

    /// Checks what does not depend on the values of the training data.
    pub(super) fn check_options(&mut self, samples: usize, options: &FitOptions<'_>) -> Result<(), FitError> {
        let counts = [
            ("the batch size", options.batch_size),
            ("the number of batches of a step", options.gradient_accumulation_steps),
            ("the number of steps of an epoch", options.steps_per_epoch.unwrap_or(1)),
            ("the number of epochs between validations", options.validation_freq as usize),
        ];
        if let Some((what, _)) = counts.into_iter().find(|(_, count)| *count == 0) {
            return Err(FitError::Zero { what });
        }
        self.check_model(samples, options.validation)
    }

    /// Refuses models and data that no training can work with.
    pub(crate) fn check_training(&mut self, data: &Dataset, validation: Validation<'_>) -> Result<(), FitError> {
        self.check_model(data.len(), validation)?;
        self.check_data(data).map_err(FitError::Training)
    }

    /// Refuses models, numbers of samples and data to validate with that no training can work with.
    fn check_model(&mut self, samples: usize, validation: Validation<'_>) -> Result<(), FitError> {
        check_gradients(&self.layers)?;
        if self.layers.learning_mut().is_empty() {
            return Err(FitError::Frozen);
        }
        if let Some([layer, bytes]) = self.layers.learning_before_bytes() {
            return Err(FitError::BeforeBytes { layer: layer.to_owned(), bytes: bytes.to_owned() });
        }
        if u32::try_from(samples).is_err() {
            return Err(FitError::TooManySamples { samples });
        }
        match validation {
            Validation::Data(data) => self.check_data(data).map_err(FitError::Validation),
            Validation::None => Ok(()),
            Validation::Split(_) | Validation::Last(_) => Err(FitError::UnusedSplit),
        }
    }

    /// Checks that inputs and targets fit the model.
    pub(super) fn check_data(&self, data: &Dataset) -> Result<(), PredictError> {
        self.check_inputs(data).and_then(|()| self.check_targets(data))
    }

    /// Takes over from the data what the model remembers of it.
    pub(crate) fn remember(&mut self, data: &Dataset, data_sha256: [u8; 32]) {
        self.scaling = data.scaling();
        self.labels = match data.targets() {
            Targets::Classes { names, .. } if names.len() == self.outputs() => names.clone(),
            _ => Vec::new(),
        };
        self.preprocessing = data.preprocessing().cloned();
        self.data_sha256 = data_sha256;
    }

    /// Remembers the configuration by its checksum.
    pub(crate) fn identify(&mut self, configuration: &str) {
        self.configuration_sha256 = Sha256::digest(configuration).into();
    }
}

/// Data in memory is always there.
fn of_whole(error: StreamError<Infallible>) -> FitError {
    match error {
        StreamError::Fit(error) => error,
        StreamError::Read(never) => match never {},
    }
}

/// Refuses layers whose activation has no gradient.
fn check_gradients(stack: &Stack) -> Result<(), FitError> {
    for layer in stack.layers() {
        if let Some(activation) = layer.activation().filter(|activation| !activation.is_differentiable()) {
            return Err(FitError::NoGradient { layer: layer.name().to_owned(), activation });
        }
        layer.stacks().try_for_each(check_gradients)?;
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
