//! Batch normalization by the statistics of a batch, whose moving means it works with afterwards; see
//! [`nn_core::layer::BatchNorm`].

use nn_core::layer::{BatchStatistics, Fold, Normalizer};
use nn_core::optimizer;

use super::batch::{Batch, BatchLayer, Pass, Turn, each_sample};
use super::tensor::{Tensor, TensorsMut, halves, halves_mut, vector};

/// Batch normalization.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNormalizationLayer {
    /// γ and β, UNITS×2.
    pub parameters: Batch,
    /// Moving mean and variance, UNITS×2.
    pub statistics: Batch,
}

/// The mean of a batch and the inverse of its deviation, as a [`Normalizer`] has them.
#[derive(Debug)]
pub(crate) struct Moments {
    mean: Vec<f32>,
    inverse: Vec<f32>,
}

impl BatchNormalizationLayer {
    /// A layer that changes nothing yet: γ and variance are 1, β and mean 0.
    pub(super) fn new(units: usize) -> Self {
        let rows = |first, second| Batch::from_fn(units, 2, |_, column| if column == 0 { first } else { second });
        Self { parameters: rows(1.0, 0.0), statistics: rows(0.0, 1.0) }
    }

    /// What the layer does to each unit after training.
    pub(crate) fn fold(&self) -> Fold<Vec<f32>> {
        let (gamma, beta) = halves(&self.parameters);
        let (mean, variance) = halves(&self.statistics);
        Fold::of(gamma.to_vec(), beta.to_vec(), mean, variance)
    }

    /// Takes the statistics of a batch for its own, instead of following them.
    pub(super) fn settle(&mut self, x: &Batch) {
        let (mean, variance) = halves_mut(&mut self.statistics);
        BatchStatistics::of(x.as_slice(), mean, variance);
    }

    /// dx = d · γ / √(σ² + ε), where the statistics are constants.
    fn backward_of_frozen(&self, d: &Batch, dx: &mut Batch) {
        let fold = self.fold();
        dx.copy_from(d);
        each_sample(dx, |dx| fold.input_gradient(dx));
    }
}

impl BatchLayer for BatchNormalizationLayer {
    type Tape = Moments;

    fn tape(&self, _samples: usize) -> Moments {
        let zeros = vec![0.0; self.outputs()];
        Moments { mean: zeros.clone(), inverse: zeros }
    }

    fn outputs(&self) -> usize {
        self.parameters.nrows()
    }

    fn forward(&self, x: &Batch, a: &mut Batch) {
        let fold = self.fold();
        a.copy_from(x);
        each_sample(a, |a| fold.apply(a));
    }

    fn forward_taped(&mut self, turn: Turn, x: &Batch, tape: &mut Moments, a: &mut Batch) {
        if !turn.learns {
            return self.forward(x, a);
        }
        let statistics = BatchStatistics::of(x.as_slice(), &mut tape.mean, &mut tape.inverse);
        let (mean, variance) = halves_mut(&mut self.statistics);
        statistics.follow(mean, variance);
        let (gamma, beta) = halves(&self.parameters);
        statistics.normalizer().forward(x.as_slice(), gamma, beta, a.as_mut_slice());
    }

    /// The gradients by γ and β, and through the statistics too that by the input.
    fn backward(&self, pass: Pass<'_>, tape: &mut Moments, gradients: &mut [Vec<f32>]) {
        let Pass { x, d, dx, factor, .. } = pass;
        let [gamma_sums, beta_sums] = gradients else {
            return dx.map_or((), |dx| self.backward_of_frozen(d, dx));
        };
        let normalizer = Normalizer { mean: &tape.mean, inverse: &tape.inverse };
        let mut sums = [vec![0.0; self.outputs()], vec![0.0; self.outputs()]];
        let [by_gamma, by_beta] = &mut sums;
        normalizer.parameter_gradients(x.as_slice(), d.as_slice(), by_gamma, by_beta);
        if let Some(dx) = dx {
            dx.copy_from(d);
            let (gamma, _) = halves(&self.parameters);
            normalizer.input_gradient(x.as_slice(), gamma, (&*by_gamma, &*by_beta), dx.as_mut_slice());
        }
        for (sums, batch) in [gamma_sums, beta_sums].into_iter().zip(&sums) {
            factor.add_scaled(batch, sums);
        }
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        let (gamma, beta) = halves(&self.parameters);
        let (mean, variance) = halves(&self.statistics);
        let role = Some(optimizer::Tensor::Other);
        vec![
            vector("gamma", role, gamma),
            vector("beta", role, beta),
            vector("moving_mean", None, mean),
            vector("moving_variance", None, variance),
        ]
    }

    fn tensors_mut(&mut self) -> TensorsMut<'_> {
        let (gamma, beta) = halves_mut(&mut self.parameters);
        let (mean, variance) = halves_mut(&mut self.statistics);
        vec![gamma, beta, mean, variance]
    }
}
