//! Batch normalization by the statistics of a batch, as a host trains: mean and variance of each unit over the samples.

use super::{EPSILON, moved};
use crate::math;

/// The mean and the variance of each unit over a batch, on slices of any width.
///
/// Sums run over the samples in order.
///
/// ```
/// use nn_core::layer::BatchStatistics;
/// let (mut mean, mut variance) = ([0.0; 2], [0.0; 2]);
/// let statistics = BatchStatistics::of(&[1.0, 0.0, 3.0, 8.0], &mut mean, &mut variance); // two samples of two units
/// let mut a = [0.0; 4];
/// statistics.forward(&[1.0, 0.0, 3.0, 8.0], &[1.0, 1.0], &[0.0, 0.0], &mut a);
/// assert!((a[0] + 1.0).abs() < 1e-3 && (a[3] - 1.0).abs() < 1e-3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchStatistics<'s> {
    mean: &'s [f32],
    variance: &'s [f32],
}

impl<'s> BatchStatistics<'s> {
    /// The statistics of a batch, written to `mean` and `variance`; the variance is the mean squared distance.
    ///
    /// # Shapes
    /// - `x`: `[SAMPLES][UNITS]`, `mean`, `variance`: `[UNITS]`
    pub fn of(x: &[f32], mean: &'s mut [f32], variance: &'s mut [f32]) -> Self {
        let units = mean.len().max(1);
        let share = 1.0 / count(x.len() / units);
        mean.fill(0.0);
        variance.fill(0.0);
        for x in x.chunks_exact(units) {
            mean.iter_mut().zip(x).for_each(|(mean, &x)| *mean += x);
        }
        mean.iter_mut().for_each(|mean| *mean *= share);
        for x in x.chunks_exact(units) {
            for ((variance, &x), &mean) in variance.iter_mut().zip(x).zip(&*mean) {
                *variance += (x - mean) * (x - mean);
            }
        }
        variance.iter_mut().for_each(|variance| *variance *= share);
        Self { mean, variance }
    }

    /// Lets moving statistics follow these.
    ///
    /// # Shapes
    /// - `mean`, `variance`: `[UNITS]`
    pub fn follow(&self, mean: &mut [f32], variance: &mut [f32]) {
        mean.iter_mut().zip(self.mean).for_each(|(moving, &mean)| *moving = moved(*moving, mean));
        variance.iter_mut().zip(self.variance).for_each(|(moving, &variance)| *moving = moved(*moving, variance));
    }

    /// x̂ of one value.
    fn normal(&self, unit: usize, x: f32) -> f32 {
        let (mean, variance) = (self.mean.get(unit), self.variance.get(unit));
        (x - mean.copied().unwrap_or(0.0)) * inverse(variance.copied().unwrap_or(1.0))
    }

    /// a = γ · x̂ + β.
    ///
    /// # Shapes
    /// - `x`, `a`: `[SAMPLES][UNITS]`, `gamma`, `beta`: `[UNITS]`
    pub fn forward(&self, x: &[f32], gamma: &[f32], beta: &[f32], a: &mut [f32]) {
        let units = self.mean.len().max(1);
        for (x, a) in x.chunks_exact(units).zip(a.chunks_exact_mut(units)) {
            for ((unit, (a, &x)), (&gamma, &beta)) in a.iter_mut().zip(x).enumerate().zip(gamma.iter().zip(beta)) {
                *a = gamma * self.normal(unit, x) + beta;
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
            for ((unit, (&x, &d)), (dgamma, dbeta)) in
                x.iter().zip(d).enumerate().zip(dgamma.iter_mut().zip(&mut *dbeta))
            {
                *dgamma += d * self.normal(unit, x);
                *dbeta += d;
            }
        }
    }

    /// From d to the gradient by the input, in place: dx = γ / √(σ² + ε) · (d − dβ/n − x̂ · dγ/n), through the statistics too.
    ///
    /// # Shapes
    /// - `x`, `d`: `[SAMPLES][UNITS]`, `gamma`, and of `gradients` dγ and dβ: `[UNITS]`
    pub fn input_gradient(&self, x: &[f32], gamma: &[f32], (dgamma, dbeta): (&[f32], &[f32]), d: &mut [f32]) {
        let units = self.mean.len().max(1);
        let share = 1.0 / count(x.len() / units);
        for (x, d) in x.chunks_exact(units).zip(d.chunks_exact_mut(units)) {
            let parameters = gamma.iter().zip(self.variance).zip(dgamma.iter().zip(dbeta));
            for ((unit, (d, &x)), ((&gamma, &variance), (&dgamma, &dbeta))) in
                d.iter_mut().zip(x).enumerate().zip(parameters)
            {
                let centered = *d - dbeta * share - self.normal(unit, x) * (dgamma * share);
                *d = gamma * inverse(variance) * centered;
            }
        }
    }
}

/// 1 / √(σ² + ε)
fn inverse(variance: f32) -> f32 {
    1.0 / math::sqrt(variance + EPSILON)
}

/// A number of samples, at least one.
#[expect(clippy::cast_precision_loss, reason = "batches have far fewer than 2²⁴ samples")]
fn count(samples: usize) -> f32 {
    samples.max(1) as f32
}
