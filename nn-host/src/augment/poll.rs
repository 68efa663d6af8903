//! A poll: the mean of a network's outputs for distorted copies of each sample, ā = 1/n · Σ a(copy).

use nalgebra::DMatrix;
use nn_core::random::Purpose;
use nn_core::train::Occasion;

use super::{Augment, ShapeError};
use crate::data::Dataset;
use crate::model::{Model, PredictError};

/// Why a model cannot be polled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PollError {
    /// The data does not fit the model.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// The samples are no such images.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// No copies.
    #[error("a poll of 0 copies has no result, it needs at least 1")]
    NoCopies,
}

impl Model {
    /// The mean outputs for `copies` of each sample, one a column: the sample itself, then distorted ones.
    ///
    /// So one copy is [`predict`](Self::predict). Mix-up is left out: answers to a mixture are no answers to a sample.
    ///
    /// ```
    /// # use nalgebra::DMatrix;
    /// # use nn_host::data::{Features, Targets};
    /// use nn_host::{augment::Augment, prelude::*};
    ///
    /// # let data = Dataset::new(Features::Floats(DMatrix::zeros(4, 2)), Targets::Values(DMatrix::zeros(3, 2)))?;
    /// # let model = Sequential::new(4).dense(3, Softmax).compile(CategoricalCrossentropy, Adam::default(), [])?;
    /// let augment: Augment = "noise=0.01".parse()?;
    /// let outputs = model.poll(&data, &augment, 16, 42)?;
    /// let scores = model.score(&data, &outputs)?;
    /// # assert_eq!(outputs.shape(), (3, 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`PollError`] if the data does not fit the model or the distortions, or there are no copies.
    #[expect(clippy::cast_precision_loss, reason = "a mean of seven digits")]
    pub fn poll(&self, data: &Dataset, augment: &Augment, copies: u32, seed: u64) -> Result<DMatrix<f32>, PollError> {
        if copies == 0 {
            return Err(PollError::NoCopies);
        }
        let mut sum = self.predict(data)?;
        let distortion = augment.bind(self.inputs())?;
        for epoch in 1..copies {
            sum += self.predict_changed(data, |first, x| {
                let sample = u32::try_from(first).unwrap_or(u32::MAX);
                distortion.distort(Purpose::Poll, Occasion { seed, epoch, sample, layer: 0 }, x);
            })?;
        }
        Ok(sum * (1.0 / copies as f32))
    }
}

#[cfg(test)]
mod tests {
    use super::{Augment, DMatrix, Model, PollError, ShapeError};
    use crate::data::{Features, Targets};
    use crate::prelude::{Dataset, FitOptions, Identity, MeanSquaredError, Sequential, Sgd};
    use crate::train::FitError;

    /// A model that adds five values, and samples for it.
    fn sum_of_five(samples: usize) -> (Model, Dataset) {
        let model = Sequential::new(5).dense(1, Identity).kernel_initializer(nn_core::init::Ones);
        let x = DMatrix::from_fn(5, samples, |row, sample| (row * sample) as f32);
        let data = Dataset::new(Features::Floats(x), Targets::Values(DMatrix::zeros(1, samples))).unwrap();
        (model.compile(MeanSquaredError, Sgd::new(0.1).unwrap(), []).unwrap(), data)
    }

    #[test]
    fn one_copy_is_the_sample_itself() {
        let (model, data) = sum_of_five(3);
        let polled = model.poll(&data, &"noise=9".parse().unwrap(), 1, 0).unwrap();
        assert_eq!(polled, model.predict(&data).unwrap());
    }

    #[test]
    fn the_mean_of_many_copies_is_the_answer_without_noise() {
        let (model, data) = sum_of_five(600); // more than are predicted at a time
        let noise: Augment = "noise=1,mixup".parse().unwrap();
        let [few, many] = [2, 200].map(|copies| {
            let error = model.poll(&data, &noise, copies, 0).unwrap() - model.predict(&data).unwrap();
            error.map(|error| error * error).mean()
        });
        // Five values of variance 1; the first copy has none.
        assert!((0.9..1.6).contains(&few), "{few}, expected 5 / 4");
        assert!(many < 0.04, "{many}, expected 5 / 200");
    }

    #[test]
    fn the_seed_decides_and_what_cannot_be_polled_is_refused() {
        let (model, data) = sum_of_five(3);
        let noise: Augment = "noise".parse().unwrap();
        let polled = |seed| model.poll(&data, &noise, 2, seed).unwrap();
        assert!(polled(1) == polled(1) && polled(1) != polled(2));
        assert_eq!(model.poll(&data, &noise, 0, 0), Err(PollError::NoCopies));
        let square = Err(PollError::Shape(ShapeError::NotSquare { inputs: 5 }));
        assert_eq!(model.poll(&data, &Augment::slight(), 2, 0), square);
    }

    #[test]
    fn a_training_distorts_its_samples_and_refuses_what_are_no_images() {
        let (mut model, data) = sum_of_five(3);
        let mut fit = |augment: &Augment| model.fit(&data, FitOptions { augment: Some(augment), ..Default::default() });
        assert_eq!(fit(&Augment::digits()), Err(FitError::Augment(ShapeError::NotSquare { inputs: 5 })));
        let loss = fit(&"noise=100".parse().unwrap()).unwrap().epochs[0].train.loss;
        assert!(loss > 1000.0, "{loss}: the noise has been learned from");
    }
}
