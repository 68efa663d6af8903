//! The exponential moving average of weights, which a training may end with.

/// How weights are averaged: average ← m · average + (1 − m) · w after each step; Keras' `use_ema`.
///
/// What is averaged are weights that fulfill their constraints, so that the average has none below zero, or none of a greater
/// norm, either; Keras 3 averages them before they are constrained.
///
/// ```
/// use nn_host::prelude::*;
/// let optimizer = Optimizer::from_name("adam").unwrap().with("use_ema", 1.0)?.with("ema_momentum", 0.9)?;
/// # Ok::<(), nn_host::optimizer::SettingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ema {
    /// m, the share of the average that stays (0.99).
    pub momentum: f32,
    /// After how many steps the weights become their averages (never, but at the end of the training).
    pub overwrite_frequency: Option<u32>,
}

impl Default for Ema {
    fn default() -> Self {
        Self { momentum: 0.99, overwrite_frequency: None }
    }
}

/// The averages of the tensors of one network.
#[derive(Clone, Debug)]
pub(crate) struct Averages {
    ema: Ema,
    /// Nothing before the first step.
    pub(crate) tensors: Vec<Vec<f32>>,
}

impl Averages {
    pub(crate) const fn new(ema: Ema) -> Self {
        Self { ema, tensors: Vec::new() }
    }

    /// Lets the averages follow the weights after step number `count`.
    pub(super) fn follow(&mut self, count: u32, weights: Vec<&mut [f32]>) {
        if self.tensors.is_empty() {
            self.tensors = weights.iter().map(|w| w.to_vec()).collect();
        } else {
            let (stays, comes) = (self.ema.momentum, 1.0 - self.ema.momentum);
            for (average, w) in self.tensors.iter_mut().zip(&weights) {
                let values = average.iter_mut().zip(&**w);
                values.for_each(|(average, &w)| *average = stays * *average + comes * w);
            }
        }
        if self.ema.overwrite_frequency.is_some_and(|frequency| count.is_multiple_of(frequency.max(1))) {
            self.overwrite(weights.into_iter());
        }
    }

    /// Gives the weights the values of their averages.
    pub(crate) fn overwrite<'w>(&self, weights: impl Iterator<Item = &'w mut [f32]>) {
        for (w, average) in weights.zip(&self.tensors) {
            if w.len() == average.len() {
                w.copy_from_slice(average);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;
    use nn_core::constraint::NonNegative;

    use crate::data::{Features, Targets};
    use crate::layer::{self, Tensor};
    use crate::prelude::{Dataset, FitOptions, Identity, MeanSquaredError, Optimizer, Sequential, Sgd};

    #[test]
    fn weights_are_averaged_as_they_are_constrained() {
        let value = |value| DMatrix::from_element(1, 1, value);
        let data = Dataset::new(Features::Floats(value(1.0)), Targets::Values(value(-1.0))).unwrap();
        let neuron = layer::dense(1, Identity).without_bias().kernel_constraint(NonNegative);
        let optimizer = Optimizer::from(Sgd::new(0.1).unwrap()).with("use_ema", 1.0).unwrap();
        let optimizer = optimizer.with("ema_momentum", 0.5).unwrap();
        let mut model = Sequential::new(1).layer(neuron).compile(MeanSquaredError, optimizer, []).unwrap();
        model.set_weights(&[Tensor::new("dense/kernel", vec![1, 1], &[0.5])]).unwrap();
        model.fit(&data, FitOptions { epochs: 3, ..Default::default() }).unwrap();
        // 0.5 − 0.2 · 1.5 = 0.2, then −0.04 and −0.2, both of which become 0: averages of 0.2, 0.1, 0.05.
        let kernel = model.weights()[0].values[0];
        assert!((kernel - 0.05).abs() < 1e-6, "{kernel}");
    }
}
