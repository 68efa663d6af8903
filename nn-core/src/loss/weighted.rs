//! Sample weights, L = weight · loss, and the gradient likewise.

use super::Loss;
use crate::Vector;
use crate::activation::AnyActivation;

/// A loss whose sample counts `weight` times, as with Keras' `sample_weight`: a rare or a certain sample more, a doubtful
/// one less. The mean over a batch is still by the number of samples, not by the sum of weights.
///
/// ```
/// use nn_core::loss::{Loss, MeanSquaredError, Weighted};
/// let weighted = Weighted::new(&MeanSquaredError, 0.5);
/// assert_eq!(weighted.value(&[2.0], &[0.0]), 2.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted<L> {
    loss: L,
    weight: f32,
}

impl<L> Weighted<L> {
    /// The loss, or a reference to it, with the weight of one sample.
    pub const fn new(loss: L, weight: f32) -> Self {
        Self { loss, weight }
    }

    fn scale(&self, d: &mut [f32]) {
        for d in d {
            *d *= self.weight;
        }
    }
}

impl<L: Loss> Loss for Weighted<L> {
    type Target<V: Vector> = L::Target<V>;

    #[inline]
    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        self.weight * self.loss.value(a, y)
    }

    #[inline]
    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        self.loss.gradient(a, y, da);
        self.scale(da);
    }

    #[inline]
    fn fused_gradient(&self, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool {
        let is_pair = self.loss.fused_gradient(activation, a, y, dz);
        if is_pair {
            self.scale(dz);
        }
        is_pair
    }
}

#[cfg(test)]
mod tests {
    use super::Weighted;
    use crate::activation::{Sigmoid, Softmax};
    use crate::loss::{AnyLoss, Loss};

    #[test]
    fn value_and_gradient_are_multiplied_for_every_loss() {
        let (a, y) = ([0.25, 0.5, 0.125], [0.125, 0.75, 0.5]);
        for loss in AnyLoss::ALL {
            let weighted = Weighted::new(loss, 4.0);
            assert_eq!(weighted.value(&a, &y), 4.0 * loss.value(&a, &y), "{loss}");
            for activation in [Softmax.into(), Sigmoid.into()] {
                let (mut dz, mut four_times) = ([0.0; 3], [0.0; 3]);
                loss.output_error(activation, &[], &a, &y, &mut dz);
                weighted.output_error(activation, &[], &a, &y, &mut four_times);
                assert_eq!(four_times, dz.map(|dz| 4.0 * dz), "{loss}");
            }
        }
    }
}
