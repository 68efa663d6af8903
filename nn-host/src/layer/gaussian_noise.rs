//! Gaussian noise: in training something random is added to each unit; see [`nn_core::layer::GaussianNoise`].

use nn_core::layer::Stddev;
use nn_core::train::Occasion;

use super::batch::Batch;
use super::in_place::{InPlace, each_occasion};

/// A layer of Gaussian noise.
#[derive(Clone, Debug, PartialEq)]
pub struct GaussianNoiseLayer {
    /// Inputs, which are the outputs.
    pub units: usize,
    /// The standard deviation of what is added in training.
    pub stddev: Stddev,
}

impl InPlace for GaussianNoiseLayer {
    fn units(&self) -> usize {
        self.units
    }

    fn change_in_training(&self, first: Occasion, x: &mut Batch) {
        each_occasion(first, x, |occasion, x| self.stddev.apply(occasion, x));
    }
}
