//! Fake quantization: values rounded to those that bytes stand for, by a scale that learns; see
//! [`nn_core::int8::FakeQuantization`].

use nn_core::int8::{FakeQuantization, Quantization};
use nn_core::math;
use nn_core::optimizer;

use super::batch::{Batch, BatchLayer, Part, Pass, Seen, Weight, each_numbered_sample, sample_of};
use super::tensor::{Tensor, TensorsMut, vector};
use crate::gemm::Engine;

/// Values rounded to those that bytes stand for. In a file it is a [`QuantizeLayer`](super::QuantizeLayer) and a
/// [`DequantizeLayer`](super::DequantizeLayer) behind it, which do the same.
#[derive(Clone, Debug, PartialEq)]
pub struct FakeQuantizeLayer {
    units: usize,
    /// What bytes stood for when the training began.
    start: Quantization,
    /// The logarithm of what the scale has been multiplied by since.
    log_scale: [f32; 1],
    is_learned: bool,
}

impl FakeQuantizeLayer {
    /// Rounds to what stays as it is in training.
    pub(crate) const fn fixed(units: usize, quantization: Quantization) -> Self {
        Self { units, start: quantization, log_scale: [0.0], is_learned: false }
    }

    /// Rounds to what learns its scale in training.
    pub(crate) const fn learned(units: usize, start: Quantization) -> Self {
        Self { is_learned: true, ..Self::fixed(units, start) }
    }

    /// What the bytes stand for.
    #[must_use]
    pub fn quantization(&self) -> Quantization {
        let [log_scale] = self.log_scale;
        if log_scale == 0.0 {
            return self.start;
        }
        let scale = self.start.scale() * math::exp(log_scale);
        // A scale that has run away belongs to a training that has diverged.
        Quantization::new(scale, self.start.zero_point()).unwrap_or(self.start)
    }

    /// Whether the scale learns in training.
    #[must_use]
    pub const fn is_learned(&self) -> bool {
        self.is_learned
    }

    /// What bytes stood for when the training began.
    pub(super) const fn start(&self) -> Quantization {
        self.start
    }

    /// Lets the training have begun from another range.
    pub(super) const fn restart(&mut self, start: Quantization) {
        self.start = start;
    }

    /// Takes over what a layer has learned that started from the same.
    pub(super) const fn take_over(&mut self, other: &Self) {
        self.log_scale = other.log_scale;
    }

    /// Begins anew from what has been learned.
    pub(super) fn settle(&mut self) {
        *self = Self { start: self.quantization(), log_scale: [0.0], ..*self };
    }

    fn fake(&self) -> FakeQuantization {
        FakeQuantization::of(self.quantization())
    }

    /// What gradients by the scale are multiplied by, 1 / √(units · last step), as in "Learned step size quantization": all
    /// values of a layer move its one scale.
    fn share(&self) -> f32 {
        let most = i16::from(i8::MAX) - i16::from(self.start.zero_point());
        #[expect(clippy::cast_precision_loss, reason = "layers have far fewer than 2²⁴ units")]
        let weight = self.units as f32 * f32::from(most.max(1));
        1.0 / math::sqrt(weight)
    }
}

impl BatchLayer for FakeQuantizeLayer {
    /// The gradient of each sample by the logarithm of the scale.
    type Tape = Vec<f32>;

    fn tape(&self, samples: usize) -> Vec<f32> {
        vec![0.0; samples]
    }

    fn outputs(&self) -> usize {
        self.units
    }

    fn forward(&self, _engine: &mut Engine, x: &Batch, a: &mut Batch) {
        a.copy_from(x);
        self.fake().forward(a.as_mut_slice());
    }

    fn backward(&self, pass: Pass<'_>, tape: &mut Vec<f32>) {
        let Pass { turn, x, d, dx, factor, .. } = pass;
        let fake = self.fake();
        if turn.learns && self.is_learned {
            let share = self.share();
            each_numbered_sample(d, |sample, d| {
                let gradient = share * fake.log_scale_gradient(sample_of(x, sample), d);
                tape.get_mut(sample).into_iter().for_each(|place| *place = gradient);
            });
            factor.scale_gradients(tape);
        }
        if let Some(dx) = dx {
            dx.copy_from(d);
            fake.backward(x.as_slice(), dx.as_mut_slice());
        }
    }

    fn each_weight<'l>(&'l mut self, visit: &mut dyn FnMut(Weight<'l>)) {
        if self.is_learned {
            visit(Weight::vector(optimizer::Tensor::Other, &mut self.log_scale));
        }
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        vec![vector("log_scale", self.is_learned.then_some(optimizer::Tensor::Other), &self.log_scale)]
    }

    fn tensors_mut(&mut self) -> TensorsMut<'_> {
        vec![&mut self.log_scale]
    }

    fn add_gradient(tape: &Vec<f32>, _seen: Seen<'_>, _part: Part, _engine: &mut Engine, sums: &mut [f32]) {
        sums.iter_mut().for_each(|sum| *sum = tape.iter().fold(*sum, |sum, gradient| sum + gradient));
    }
}
