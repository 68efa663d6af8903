//! Batch normalization by the statistics of a batch, whose moving means it works with afterwards; see
//! [`nn_core::layer::BatchNorm`].

use nn_core::layer::{BatchStatistics, Fold, Normalizer};
use nn_core::optimizer;

use super::batch::{Batch, BatchLayer, Part, Pass, Seen, Turn, Weight, each_sample};
use super::tensor::{Tensor, TensorsMut, halves, halves_mut, vector};
use crate::gemm::Engine;

/// Batch normalization.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNormalizationLayer {
    /// γ and β, UNITS×2.
    pub parameters: Batch,
    /// Moving mean and variance, UNITS×2.
    pub statistics: Batch,
}

/// What a batch normalization keeps of a batch.
#[derive(Debug)]
pub(crate) struct Moments {
    /// The mean of the batch.
    mean: Vec<f32>,
    /// The inverse of its deviation, as a [`Normalizer`] has it.
    inverse: Vec<f32>,
    /// What the moving statistics become.
    moved: Batch,
    /// The gradients by γ and β.
    gradients: [Vec<f32>; 2],
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
        let gradients = [zeros.clone(), zeros.clone()];
        Moments { mean: zeros.clone(), inverse: zeros, moved: self.statistics.clone(), gradients }
    }

    fn outputs(&self) -> usize {
        self.parameters.nrows()
    }

    fn forward(&self, _engine: &mut Engine, x: &Batch, a: &mut Batch) {
        let fold = self.fold();
        a.copy_from(x);
        each_sample(a, |a| fold.apply(a));
    }

    fn forward_taped(&self, turn: Turn, engine: &mut Engine, x: &Batch, tape: &mut Moments, a: &mut Batch) {
        if !turn.learns {
            return self.forward(engine, x, a);
        }
        let statistics = BatchStatistics::of(x.as_slice(), &mut tape.mean, &mut tape.inverse);
        tape.moved.copy_from(&self.statistics);
        let (mean, variance) = halves_mut(&mut tape.moved);
        statistics.follow(mean, variance);
        let (gamma, beta) = halves(&self.parameters);
        statistics.normalizer().forward(x.as_slice(), gamma, beta, a.as_mut_slice());
    }

    fn follow(&mut self, tape: &Moments) {
        self.statistics.copy_from(&tape.moved);
    }

    /// The gradients by γ and β, and through the statistics too that by the input.
    fn backward(&self, pass: Pass<'_>, tape: &mut Moments) {
        let Pass { turn, x, d, dx, factor, .. } = pass;
        if !turn.learns {
            return dx.map_or((), |dx| self.backward_of_frozen(d, dx));
        }
        let Moments { mean, inverse, gradients, .. } = tape;
        let normalizer = Normalizer { mean, inverse };
        gradients.iter_mut().for_each(|gradient| gradient.fill(0.0));
        let [by_gamma, by_beta] = gradients;
        normalizer.parameter_gradients(x.as_slice(), d.as_slice(), by_gamma, by_beta);
        if let Some(dx) = dx {
            dx.copy_from(d);
            let (gamma, _) = halves(&self.parameters);
            normalizer.input_gradient(x.as_slice(), gamma, (&*by_gamma, &*by_beta), dx.as_mut_slice());
        }
        gradients.iter_mut().for_each(|gradient| factor.scale_gradients(gradient));
    }

    fn each_weight<'l>(&'l mut self, visit: &mut dyn FnMut(Weight<'l>)) {
        let (gamma, beta) = halves_mut(&mut self.parameters);
        [gamma, beta].into_iter().for_each(|w| visit(Weight::vector(optimizer::Tensor::Other, w)));
    }

    fn add_gradient(tape: &Moments, _seen: Seen<'_>, part: Part, _engine: &mut Engine, sums: &mut [f32]) {
        if let Some(gradient) = tape.gradients.get(part.tensor) {
            sums.iter_mut().zip(gradient).for_each(|(sum, &g)| *sum += g);
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
