//! Layer normalization, each sample over its units; see [`nn_core::layer::LayerNorm`].

use nn_core::layer::SampleStatistics;
use nn_core::optimizer;

use super::batch::{Batch, BatchLayer, Part, Pass, Seen, Weight, each_numbered_sample, sample_of};
use super::tensor::{Tensor, TensorsMut, halves, halves_mut, vector};
use crate::gemm::Engine;

/// The number of γ among the tensors.
const GAMMA: usize = 0;

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

    fn forward(&self, _engine: &mut Engine, x: &Batch, a: &mut Batch) {
        let (gamma, beta) = halves(&self.parameters);
        each_numbered_sample(a, |sample, a| {
            let x = sample_of(x, sample);
            SampleStatistics::of(x).forward(x, gamma, beta, a);
        });
    }

    fn backward(&self, pass: Pass<'_>, _tape: &mut ()) {
        let Pass { turn, x, d, dx, factor, .. } = pass;
        let (gamma, _) = halves(&self.parameters);
        if let Some(dx) = dx {
            each_numbered_sample(dx, |sample, dx| {
                let x = sample_of(x, sample);
                SampleStatistics::of(x).input_gradient(x, gamma, sample_of(d, sample), dx);
            });
        }
        if turn.learns {
            factor.scale(d);
        }
    }

    fn each_weight<'l>(&'l mut self, visit: &mut dyn FnMut(Weight<'l>)) {
        let (gamma, beta) = halves_mut(&mut self.parameters);
        [gamma, beta].into_iter().for_each(|w| visit(Weight::vector(optimizer::Tensor::Other, w)));
    }

    fn add_gradient(_tape: &(), seen: Seen<'_>, part: Part, _engine: &mut Engine, sums: &mut [f32]) {
        for sample in 0..seen.x.ncols() {
            let (x, d) = (sample_of(seen.x, sample), sample_of(seen.d, sample));
            match part.tensor {
                GAMMA => SampleStatistics::of(x).add_gamma_gradient(x, d, sums),
                _ => SampleStatistics::add_beta_gradient(d, sums),
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
