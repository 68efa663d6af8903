//! Layer normalization on slices of any width: mean and deviation of one sample, and the formulas that they enter.

use super::EPSILON;
use crate::math;

/// The mean μ of one sample over its units, and 1 / √(σ² + ε); layers of any width share their formulas.
///
/// ```
/// use nn_core::layer::SampleStatistics;
/// let (x, mut a) = ([100.0, 300.0], [0.0; 2]);
/// SampleStatistics::of(&x).forward(&x, &[1.0; 2], &[0.0; 2], &mut a);
/// assert!((a[0] + 1.0).abs() < 1e-6 && (a[1] - 1.0).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleStatistics {
    mean: f32,
    inverse: f32,
}

impl SampleStatistics {
    /// The statistics of one sample; the variance is the mean squared distance.
    ///
    /// # Shapes
    /// - `x`: `[UNITS]`
    #[must_use]
    pub fn of(x: &[f32]) -> Self {
        let mean = mean(x.iter().copied());
        let variance = self::mean(x.iter().map(|x| (x - mean) * (x - mean)));
        Self { mean, inverse: 1.0 / math::sqrt(variance + EPSILON) }
    }

    /// x̂ of one value.
    fn normal(self, x: f32) -> f32 {
        (x - self.mean) * self.inverse
    }

    /// a = γ · x̂ + β.
    ///
    /// # Shapes
    /// - all: `[UNITS]`
    #[inline]
    pub fn forward(self, x: &[f32], gamma: &[f32], beta: &[f32], a: &mut [f32]) {
        for (((a, &x), &gamma), &beta) in a.iter_mut().zip(x).zip(gamma).zip(beta) {
            *a = gamma * self.normal(x) + beta;
        }
    }

    /// Adds the gradients by γ, d · x̂, and by β, d.
    ///
    /// # Shapes
    /// - all: `[UNITS]`
    pub fn add_parameter_gradients(self, x: &[f32], d: &[f32], dgamma: &mut [f32], dbeta: &mut [f32]) {
        self.add_gamma_gradient(x, d, dgamma);
        Self::add_beta_gradient(d, dbeta);
    }

    /// Adds the gradient by γ, d · x̂.
    ///
    /// # Shapes
    /// - all: `[UNITS]`
    pub fn add_gamma_gradient(self, x: &[f32], d: &[f32], dgamma: &mut [f32]) {
        for ((&x, &d), dgamma) in x.iter().zip(d).zip(dgamma) {
            *dgamma += d * self.normal(x);
        }
    }

    /// Adds the gradient by β, d.
    ///
    /// # Shapes
    /// - all: `[UNITS]`
    pub fn add_beta_gradient(d: &[f32], dbeta: &mut [f32]) {
        d.iter().zip(dbeta).for_each(|(&d, dbeta)| *dbeta += d);
    }

    /// The gradient by the input, dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(σ² + ε), with g = d · γ.
    ///
    /// # Shapes
    /// - all: `[UNITS]`
    pub fn input_gradient(self, x: &[f32], gamma: &[f32], d: &[f32], dx: &mut [f32]) {
        for ((dx, &d), &gamma) in dx.iter_mut().zip(d).zip(gamma) {
            *dx = d * gamma;
        }
        let of_g = mean(dx.iter().copied());
        let of_product = mean(dx.iter().zip(x).map(|(&g, &x)| g * self.normal(x)));
        for (dx, &x) in dx.iter_mut().zip(x) {
            *dx = (*dx - of_g - self.normal(x) * of_product) * self.inverse;
        }
    }
}

/// The mean of values; 0 of none.
#[expect(clippy::cast_precision_loss, reason = "layers have at most 2²⁴ units")]
fn mean(values: impl ExactSizeIterator<Item = f32>) -> f32 {
    let count = values.len().max(1) as f32;
    values.fold(0.0, |sum, value| sum + value) / count
}

#[cfg(test)]
mod tests {
    use super::SampleStatistics;

    #[test]
    fn gradients_by_the_parameters_add_up() {
        let (mut dgamma, mut dbeta) = ([10.0; 2], [20.0; 2]);
        for (x, d) in [([-1e6, 1e6], [1.0, 2.0]), ([1e6, -1e6], [4.0, 8.0])] {
            SampleStatistics::of(&x).add_parameter_gradients(&x, &d, &mut dgamma, &mut dbeta);
        }
        assert_eq!((dgamma, dbeta), ([10.0 - 1.0 + 4.0, 10.0 + 2.0 - 8.0], [25.0, 30.0]));
    }

    #[test]
    fn a_shift_of_all_units_has_no_gradient() {
        let (x, gamma, d) = ([0.5, -2.0, 1.0], [1.0, 3.0, -0.5], [0.25, 1.0, -1.5]);
        let mut dx = [0.0; 3];
        SampleStatistics::of(&x).input_gradient(&x, &gamma, &d, &mut dx);
        assert!(dx.iter().sum::<f32>().abs() < 1e-6 && dx.iter().any(|dx| dx.abs() > 0.1), "{dx:?}");
    }

    #[test]
    fn a_sample_of_equal_units_becomes_beta_and_one_of_nothing_nothing() {
        let mut a = [9.0; 2];
        SampleStatistics::of(&[5.0; 2]).forward(&[5.0; 2], &[2.0; 2], &[0.25, 0.5], &mut a);
        assert_eq!(a, [0.25, 0.5]);
        SampleStatistics::of(&[]).forward(&[], &[], &[], &mut []);
    }
}
