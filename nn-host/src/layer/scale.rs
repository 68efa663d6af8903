//! Input scaling a feature, with numbers that are fitted to data before the training; see [`nn_core::layer::Scale`].

use nn_core::layer::FeatureScale;

use super::batch::{Batch, BatchLayer, Pass, each_numbered_sample, sample_of};
use super::tensor::{Tensor, TensorsMut, vector};
use crate::gemm::Engine;

/// Input scaling: (x − offset) · scale for each feature.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleLayer {
    /// What is taken from each feature.
    pub offset: Vec<f32>,
    /// What each difference is multiplied by.
    pub scale: Vec<f32>,
}

impl ScaleLayer {
    fn features(&self) -> FeatureScale<'_> {
        FeatureScale { offset: &self.offset, scale: &self.scale }
    }
}

impl BatchLayer for ScaleLayer {
    type Tape = ();

    fn tape(&self, _samples: usize) {}

    fn outputs(&self) -> usize {
        self.offset.len()
    }

    fn forward(&self, _engine: &mut Engine, x: &Batch, a: &mut Batch) {
        each_numbered_sample(a, |sample, a| self.features().forward(sample_of(x, sample), a));
    }

    fn backward(&self, pass: Pass<'_>, _tape: &mut ()) {
        let d = pass.d;
        if let Some(dx) = pass.dx {
            each_numbered_sample(dx, |sample, dx| self.features().input_gradient(sample_of(d, sample), dx));
        }
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        vec![vector("offset", None, &self.offset), vector("scale", None, &self.scale)]
    }

    fn tensors_mut(&mut self) -> TensorsMut<'_> {
        vec![&mut self.offset, &mut self.scale]
    }
}
