//! The objective of a training on all samples at once: their mean loss with all penalties, as a function of the weights
//! that learn, L(w) = 1/n · Σ L(a, y) + penalties.

use nn_core::loss::{AnyLoss, Loss};
use nn_core::optimizer::{Adjustment, Known, Weights};
use nn_core::train::Occasion;

use crate::data::Dataset;
use crate::gemm::Engine;
use crate::layer::{Batch, Factor, Learning, Stack};
use crate::model::Model;
use crate::train::{Shard, Task};

/// All samples, and memory for their passes.
#[derive(Debug)]
pub(super) struct Objective {
    all: Shard,
    loss: AnyLoss,
    gradients: Vec<Vec<f32>>,
}

impl Objective {
    /// All samples of a data set, each with how much it counts.
    pub(super) fn new(model: &mut Model, data: &Dataset, weights: Option<&[f32]>) -> Self {
        let samples: Vec<usize> = (0..data.len()).collect();
        let mut all = Shard::new(&model.layers, Engine::default(), samples.len());
        data.gather_inputs(&samples, model.scaling, &mut all.x);
        data.gather_targets(&samples, &mut all.y);
        all.weigh(weights.map(|weights| weights.iter().copied()));
        let gradients = model.layers.learning_mut().iter().map(|of| vec![0.0; of.w.len()]).collect();
        Self { all, loss: model.loss, gradients }
    }

    /// Inputs, one sample a column.
    pub(super) const fn x(&self) -> &Batch {
        &self.all.x
    }

    /// Targets, one sample a column.
    pub(super) const fn y(&self) -> &Batch {
        &self.all.y
    }

    /// The outputs at the weights of the last [`value`](Self::value), one sample a column.
    pub(super) fn outputs(&self) -> &Batch {
        self.all.outputs()
    }

    /// How much a sample counts.
    pub(super) fn weight(&self, sample: usize) -> f64 {
        self.all.weights.get(sample).map_or(1.0, |&weight| f64::from(weight))
    }

    /// The number of samples.
    #[expect(clippy::cast_precision_loss, reason = "samples that fit into memory are far fewer than 2⁵²")]
    pub(super) fn samples(&self) -> f64 {
        self.all.samples() as f64
    }

    /// The value at the weights that the layers have.
    pub(super) fn value(&mut self, layers: &mut Stack) -> f64 {
        self.all.forward(layers, Occasion::FIRST);
        layers.follow(&self.all.tape);
        let rows = self.all.y.nrows().max(1);
        let samples = self.outputs().as_slice().chunks_exact(rows).zip(self.all.y.as_slice().chunks_exact(rows));
        let losses = samples.enumerate().map(|(sample, (a, y))| f64::from(self.loss.value(a, y)) * self.weight(sample));
        let sum = losses.fold(0.0, |sum, loss| sum + loss) + f64::from(layers.activity_penalties(&self.all.tape));
        sum / self.samples() + layers.learning_mut().iter().map(penalty).sum::<f64>()
    }

    /// The gradient at the weights of the last [`value`](Self::value), which the layers still have.
    pub(super) fn gradient(&mut self, layers: &mut Stack) -> Vec<f64> {
        self.gradients.iter_mut().for_each(|sums| sums.fill(0.0));
        self.all.backward(layers, &Task { occasion: Occasion::FIRST, loss: self.loss, factor: Factor::ONE });
        self.all.add_gradients(layers, &mut self.gradients);
        let samples = self.samples();
        let sums = self.gradients.iter().flatten().map(|&sum| f64::from(sum) / samples);
        let penalties = layers.learning_mut().into_iter().flat_map(penalty_gradient);
        sums.zip(penalties).map(|(g, penalty)| g + f64::from(penalty)).collect()
    }

    /// Lets batch normalizations take over the statistics of all samples.
    pub(super) fn settle(&self, layers: &mut Stack) {
        layers.settle_statistics(&self.all.x, &self.all.tape);
    }
}

/// What a tensor's penalty adds; weight by weight, so that no more than its own rounding is lost.
fn penalty(learning: &Learning<'_>) -> f64 {
    let Some(penalty) = learning.penalty else { return 0.0 };
    learning.w.chunks(1).map(|w| f64::from(penalty.value(learning.tensor, w))).sum()
}

/// The gradient of a tensor's penalty, zeros where it has none.
fn penalty_gradient(learning: Learning<'_>) -> Vec<f32> {
    let Learning { tensor, row_length, w, penalty, .. } = learning;
    let mut g = vec![0.0; w.len()];
    if let Some(penalty) = penalty {
        let known = Known { learning_rate: 0.0, sum_of_squares: 0.0 };
        penalty.adjust(&known, Weights { tensor, row_length, w, g: &mut g });
    }
    g
}

/// The weights that learn, in the order of their gradients.
pub(super) fn point(layers: &mut Stack) -> Vec<f64> {
    layers.learning_mut().iter().flat_map(|of| of.w.iter().map(|&w| f64::from(w))).collect()
}

/// Gives the layers these weights, rounded to f32.
pub(super) fn set_point(layers: &mut Stack, point: &[f64]) {
    let mut values = point.iter();
    for of in layers.learning_mut() {
        of.w.iter_mut().zip(&mut values).for_each(|(w, &value)| *w = rounded(value));
    }
}

/// The weights x + α · d as the network can have them.
pub(super) fn moved(x: &[f64], step: f64, direction: &[f64]) -> Vec<f64> {
    x.iter().zip(direction).map(|(x, d)| f64::from(rounded(x + step * d))).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "weights are f32")]
const fn rounded(value: f64) -> f32 {
    value as f32
}

/// Σ aᵢ · bᵢ in index order.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

/// The largest size of a value.
pub(super) fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| value.abs().max(largest))
}

#[cfg(test)]
mod tests {
    use super::{Objective, point, set_point};
    use crate::layer::{self, LayerPlan};
    use crate::model::Model;
    use crate::prelude::{Adam, Identity, MeanSquaredError, Sequential, Tanh};
    use crate::second_order::tests::sine;
    use nn_core::optimizer::Penalty;

    fn model(plans: Vec<LayerPlan>) -> Model {
        let layers = plans.into_iter().fold(Sequential::new(1).seed(1), Sequential::layer);
        layers.dense(1, Identity).compile(MeanSquaredError, Adam::default(), []).unwrap()
    }

    /// The largest difference between the gradient, with one value spoiled, and differences of the value.
    fn worst(plans: Vec<LayerPlan>, spoiled: f64) -> f64 {
        const STEP: f64 = 1.0 / 512.0;
        let (mut model, data) = (model(plans), sine(12));
        let weights: Vec<f32> = (0..12_u8).map(|sample| f32::from(sample % 3)).collect();
        let mut objective = Objective::new(&mut model, &data, Some(&weights));
        objective.value(&mut model.layers);
        let mut gradient = objective.gradient(&mut model.layers);
        gradient[0] += spoiled;
        let x = point(&mut model.layers);
        let mut at = |weight: usize, step: f64| {
            let mut x = x.clone();
            x[weight] += step;
            set_point(&mut model.layers, &x);
            objective.value(&mut model.layers)
        };
        let errors = gradient
            .iter()
            .enumerate()
            .map(|(weight, g)| (g - (at(weight, STEP) - at(weight, -STEP)) / (2.0 * STEP)).abs());
        errors.fold(0.0, f64::max)
    }

    #[test]
    fn the_gradient_is_the_limit_of_differences_with_penalties_and_weights_of_samples() {
        let (l1, l2) = (Penalty::l1(0.01).unwrap(), Penalty::l2(0.1).unwrap());
        let networks = [
            vec![layer::dense(3, Tanh)],
            vec![layer::dense(3, Tanh).kernel_regularizer(l2).bias_regularizer(l2).activity_regularizer(l2)],
            vec![layer::dense(3, Tanh).kernel_regularizer(l1)],
            vec![layer::dense(3, Identity), layer::batch_normalization(), layer::activation(Tanh)],
        ];
        for plans in networks {
            let found = worst(plans.clone(), 0.0);
            assert!(found < 1e-3, "{found}: {plans:?}");
            assert!(worst(plans, 5e-3) > 1e-3, "a mistake would pass");
        }
    }
}
