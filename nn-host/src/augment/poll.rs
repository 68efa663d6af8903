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
