//! Batch normalization with given statistics, on slices of any width: the batch's own, or moving ones that stay fixed.

use super::{EPSILON, count};
use crate::math;

/// The mean of each unit, and 1 / √(σ² + ε), which is computed once a unit and kept from forward to backward.
///
/// ```
/// use nn_core::layer::Normalizer;
/// let (mean, mut variance, mut dgamma, mut dbeta) = ([10.0], [4.0], [0.0], [0.0]);
/// let normalizer = Normalizer::of(&mean, &mut variance); // moving statistics, say
/// normalizer.parameter_gradients(&[14.0, 8.0], &[1.0, 3.0], &mut dgamma, &mut dbeta); // x̂ is 2 and −1
/// assert!((dgamma[0] + 1.0).abs() < 1e-3);
/// assert_eq!(dbeta, [4.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normalizer<'s> {
    /// μ, `[UNITS]`.
    pub mean: &'s [f32],
    /// 1 / √(σ² + ε), `[UNITS]`.
    pub inverse: &'s [f32],
}

impl<'s> Normalizer<'s> {
    /// From mean and variance, whose memory then holds the inverse.
    ///
    /// # Shapes
    /// - `mean`, `variance`: `[UNITS]`
    pub fn of(mean: &'s [f32], variance: &'s mut [f32]) -> Self {
        variance.iter_mut().for_each(|variance| *variance = 1.0 / math::sqrt(*variance + EPSILON));
        Self { mean, inverse: variance }
    }

    /// x̂ = (x − μ) / √(σ² + ε) of one sample.
    fn normal<'n>(&'n self, x: &'n [f32]) -> impl Iterator<Item = f32> + 'n {
        x.iter().zip(self.mean).zip(self.inverse).map(|((x, mean), inverse)| (x - mean) * inverse)
    }

    /// a = γ · x̂ + β.
    ///
    /// # Shapes
    /// - `x`, `a`: `[SAMPLES][UNITS]`, `gamma`, `beta`: `[UNITS]`
    pub fn forward(&self, x: &[f32], gamma: &[f32], beta: &[f32], a: &mut [f32]) {
        let units = self.mean.len().max(1);
        for (x, a) in x.chunks_exact(units).zip(a.chunks_exact_mut(units)) {
            for (((a, normal), gamma), beta) in a.iter_mut().zip(self.normal(x)).zip(gamma).zip(beta) {
                *a = gamma * normal + beta;
            }
        }
    }

    /// The gradients by γ, Σ d · x̂, and by β, Σ d, over the samples in order.
    ///
    /// # Shapes
    /// - `x`, `d`: `[SAMPLES][UNITS]`, `dgamma`, `dbeta`: `[UNITS]`
    pub fn parameter_gradients(&self, x: &[f32], d: &[f32], dgamma: &mut [f32], dbeta: &mut [f32]) {
        let units = self.mean.len().max(1);
        dgamma.fill(0.0);
        dbeta.fill(0.0);
        for (x, d) in x.chunks_exact(units).zip(d.chunks_exact(units)) {
            for (((normal, d), dgamma), dbeta) in self.normal(x).zip(d).zip(&mut *dgamma).zip(&mut *dbeta) {
                *dgamma += d * normal;
                *dbeta += d;
            }
        }
    }

    /// From d to the gradient by the input, in place: dx = γ / √(σ² + ε) · (d − dβ/n − x̂ · dγ/n), where the statistics are
    /// those of this batch and so depend on the input. Where they are fixed, it is [`Fold::input_gradient`](super::Fold::input_gradient).
    ///
    /// # Shapes
    /// - `x`, `d`: `[SAMPLES][UNITS]`, `gamma`, and of `gradients` dγ and dβ: `[UNITS]`
    pub fn input_gradient(&self, x: &[f32], gamma: &[f32], (dgamma, dbeta): (&[f32], &[f32]), d: &mut [f32]) {
        let units = self.mean.len().max(1);
        let share = 1.0 / count(x.len() / units);
        for (x, d) in x.chunks_exact(units).zip(d.chunks_exact_mut(units)) {
            let parameters = gamma.iter().zip(self.inverse).zip(dgamma.iter().zip(dbeta));
            for ((d, normal), ((gamma, inverse), (dgamma, dbeta))) in d.iter_mut().zip(self.normal(x)).zip(parameters) {
                *d = gamma * inverse * (*d - dbeta * share - normal * (dgamma * share));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Normalizer;
    use crate::layer::{BatchStatistics, Fold};

    const X: [f32; 6] = [0.5, -2.0, 1.0, 0.25, 3.0, -0.75];
    const GAMMA: [f32; 2] = [1.5, -0.5];

    #[test]
    fn fixed_statistics_normalize_as_the_folded_layer_does() {
        let (beta, mean, mut variance) = ([0.25, 1.0], [0.5, -1.0], [4.0, 0.5]);
        let (fold, mut a) = (Fold::of(GAMMA, beta, &mean, &variance), [0.0; 6]);
        let normalizer = Normalizer::of(&mean, &mut variance);
        normalizer.forward(&X, &GAMMA, &beta, &mut a);
        for (x, a) in X.chunks_exact(2).zip(a.chunks_exact(2)) {
            let (mut folded, mut d) = ([x[0], x[1]], [3.0, 0.0]);
            fold.apply(&mut folded);
            assert!(folded.iter().zip(a).all(|(folded, a)| (folded - a).abs() < 1e-6), "{folded:?} {a:?}");
            fold.input_gradient(&mut d);
            assert_eq!(d, [3.0 * fold.scale()[0], 0.0]);
        }
    }

    #[test]
    fn what_is_kept_between_the_passes_is_two_numbers_a_unit() {
        let (mut mean, mut inverse) = ([0.0; 2], [0.0; 2]);
        let normalizer = BatchStatistics::of(&X, &mut mean, &mut inverse).normalizer();
        let (mut dgamma, mut dbeta, mut again) = ([0.0; 2], [0.0; 2], [9.0; 2]);
        normalizer.parameter_gradients(&X, &X, &mut dgamma, &mut dbeta);
        Normalizer { mean: &mean, inverse: &inverse }.parameter_gradients(&X, &X, &mut again, &mut dbeta);
        assert_eq!(dgamma, again);
    }

    #[test]
    fn a_batch_without_samples_or_units_is_no_error() {
        let (mut mean, mut variance, mut a) = ([1.0], [1.0], []);
        let statistics = BatchStatistics::of(&[], &mut mean, &mut variance);
        assert_eq!((statistics.mean(), statistics.variance()), (&[0.0][..], &[0.0][..]));
        statistics.normalizer().forward(&[], &[1.0], &[0.0], &mut a);
        BatchStatistics::of(&X, &mut [], &mut []).normalizer().input_gradient(&X, &[], (&[], &[]), &mut []);
    }
}
