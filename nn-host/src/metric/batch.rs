//! What metrics see: outputs and targets of some samples, with the weight of each.

use nn_core::loss::{AnyLoss, Loss};

/// One sample.
///
/// ```
/// use nn_host::metric::Batch;
/// let sample = Batch::new(2, &[0.2, 0.8], &[0.0, 1.0]).samples().next().unwrap();
/// assert_eq!((sample.a, sample.y, sample.weight), (&[0.2, 0.8][..], &[0.0, 1.0][..], 1.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample<'b> {
    /// What the model says, `[OUT]`.
    pub a: &'b [f32],
    /// What is true, `[OUT]`, one-hot for a class.
    pub y: &'b [f32],
    /// How much the sample counts; 1 if nothing else is said.
    pub weight: f64,
}

/// Some samples, in their order.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// let batch = Batch::new(1, &[0.9, 0.9], &[1.0, 0.0]);
/// assert_eq!(Accuracy.measure(batch), 0.5);
/// assert_eq!(Accuracy.measure(batch.weighted(&[3.0, 1.0])), 0.75);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Batch<'b> {
    outputs: usize,
    a: &'b [f32],
    y: &'b [f32],
    weights: &'b [f32],
}

impl<'b> Batch<'b> {
    /// Samples of weight 1.
    ///
    /// # Shapes
    /// - `a`, `y`: `[SAMPLES][OUT]`, with `outputs` for OUT
    #[must_use]
    pub const fn new(outputs: usize, a: &'b [f32], y: &'b [f32]) -> Self {
        Self { outputs, a, y, weights: &[] }
    }

    /// The same samples with a weight each; where weights are missing, they are 1.
    #[must_use]
    pub const fn weighted(self, weights: &'b [f32]) -> Self {
        Self { weights, ..self }
    }

    /// The number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.a.len().min(self.y.len()) / self.outputs.max(1)
    }

    /// Whether there are no samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The samples, in their order.
    pub fn samples(self) -> impl Iterator<Item = Sample<'b>> {
        self.vectors().map(|((a, y), weight)| Sample { a, y, weight: f64::from(weight) })
    }

    /// The sum of the losses of the samples in their order, each times its weight: f32, as in a step of training.
    pub(crate) fn loss_sum(self, loss: AnyLoss) -> f32 {
        self.vectors().fold(0.0, |sum, ((a, y), weight)| sum + loss.value(a, y) * weight)
    }

    /// Output and target of each sample with its weight.
    fn vectors(self) -> impl Iterator<Item = ((&'b [f32], &'b [f32]), f32)> {
        let outputs = self.outputs.max(1);
        let weights = self.weights.iter().copied().chain(core::iter::repeat(1.0));
        self.a.chunks_exact(outputs).zip(self.y.chunks_exact(outputs)).zip(weights)
    }
}
