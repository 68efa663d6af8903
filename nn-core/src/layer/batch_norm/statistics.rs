//! The statistics of a batch, as a host trains batch normalization: mean and variance of each unit over the samples.

use super::{Normalizer, count, moved};

/// The mean and the variance of each unit over a batch, on slices of any width.
///
/// Sums run over the samples in order.
///
/// ```
/// use nn_core::layer::BatchStatistics;
/// let (mut mean, mut variance) = ([0.0; 2], [0.0; 2]);
/// let statistics = BatchStatistics::of(&[1.0, 0.0, 3.0, 8.0], &mut mean, &mut variance); // two samples of two units
/// assert_eq!(statistics.variance(), [1.0, 16.0]);
/// let (mut moving_mean, mut moving_variance) = ([0.0; 2], [1.0; 2]);
/// statistics.follow(&mut moving_mean, &mut moving_variance);
/// let mut a = [0.0; 4];
/// statistics.normalizer().forward(&[1.0, 0.0, 3.0, 8.0], &[1.0, 1.0], &[0.0, 0.0], &mut a);
/// assert!((a[0] + 1.0).abs() < 1e-3 && (a[3] - 1.0).abs() < 1e-3);
/// ```
#[derive(Debug, PartialEq)]
pub struct BatchStatistics<'s> {
    mean: &'s [f32],
    variance: &'s mut [f32],
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

    /// The mean of each unit, `[UNITS]`.
    #[must_use]
    pub const fn mean(&self) -> &[f32] {
        self.mean
    }

    /// The variance of each unit, `[UNITS]`.
    #[must_use]
    pub const fn variance(&self) -> &[f32] {
        self.variance
    }

    /// Lets moving statistics follow these.
    ///
    /// # Shapes
    /// - `mean`, `variance`: `[UNITS]`
    pub fn follow(&self, mean: &mut [f32], variance: &mut [f32]) {
        mean.iter_mut().zip(self.mean).for_each(|(moving, &mean)| *moving = moved(*moving, mean));
        variance.iter_mut().zip(&*self.variance).for_each(|(moving, &variance)| *moving = moved(*moving, variance));
    }

    /// What normalizes by these statistics; it takes over their memory, in which the variances become inverses.
    #[must_use]
    pub fn normalizer(self) -> Normalizer<'s> {
        Normalizer::of(self.mean, self.variance)
    }
}
