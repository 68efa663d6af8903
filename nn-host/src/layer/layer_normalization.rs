//! Layer normalization, each sample over its units; see [`nn_core::layer::LayerNorm`].

use nn_core::layer::SampleStatistics;
use nn_core::optimizer;

use super::batch::{Batch, BatchLayer, Pass, each_numbered_sample, sample_of};
use super::tensor::{Tensor, TensorsMut, halves, halves_mut, vector};

/// Layer normalization.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerNormalizationLayer {
    /// γ and β, UNITS×2.
    pub parameters: Batch,
}

impl LayerNormalizationLayer {
    /// A layer with γ = 1 and β = 0.
    pub(super) fn new(units: usize) -> Self {
        Self { parameters: Batch::from_fn(units, 2, |_, column| if column == 0 { 1.0 } else { 0.0 }) }
    }
}

impl BatchLayer for LayerNormalizationLayer {
    type Tape = ();

    fn tape(&self, _samples: usize) {}

    fn outputs(&self) -> usize {
        self.parameters.nrows()
    }

    fn forward(&self, x: &Batch, a: &mut Batch) {
        let (gamma, beta) = halves(&self.parameters);
        each_numbered_sample(a, |sample, a| {
            let x = sample_of(x, sample);
            SampleStatistics::of(x).forward(x, gamma, beta, a);
        });
    }

    fn backward(&self, pass: Pass<'_>, _tape: &mut (), gradients: &mut [Vec<f32>]) {
        let Pass { x, d, dx, factor, .. } = pass;
        let (gamma, _) = halves(&self.parameters);
        if let Some(dx) = dx {
            each_numbered_sample(dx, |sample, dx| {
                let x = sample_of(x, sample);
                SampleStatistics::of(x).input_gradient(x, gamma, sample_of(d, sample), dx);
            });
        }
        if let [dgamma, dbeta] = gradients {
            factor.scale(d);
            for sample in 0..x.ncols() {
                let (x, d) = (sample_of(x, sample), sample_of(d, sample));
                SampleStatistics::of(x).add_parameter_gradients(x, d, dgamma, dbeta);
            }
        }
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        let ((gamma, beta), role) = (halves(&self.parameters), Some(optimizer::Tensor::Other));
        vec![vector("gamma", role, gamma), vector("beta", role, beta)]
    }

    fn tensors_mut(&mut self) -> TensorsMut<'_> {
        let (gamma, beta) = halves_mut(&mut self.parameters);
        vec![gamma, beta]
    }
}
