//! Means and variances of features, in f32 and in the order of the samples.
//!
//! The sums carry along what each addition rounds away (Neumaier, 1974), so that their error does not grow with the number
//! of samples; mean and squared deviations are updated sample by sample (Welford, 1962), so that one pass over a file is
//! enough. Each operation is rounded by itself, so the bits are the same on every machine.

use nn_core::math;

/// A sum that remembers what was rounded away.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    sum: f32,
    lost: f32,
}

impl Sum {
    fn add(&mut self, value: f32) {
        let sum = self.sum + value;
        let (large, small) = if self.sum.abs() >= value.abs() { (self.sum, value) } else { (value, self.sum) };
        self.lost += (large - sum) + small;
        self.sum = sum;
    }

    fn value(self) -> f32 {
        self.sum + self.lost
    }
}

/// Mean, variance and range of the values seen so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    count: u64,
    mean: Sum,
    /// Squared deviations from the mean.
    squares: Sum,
    pub(super) least: f32,
    pub(super) most: f32,
}

impl Moments {
    /// Of no values.
    pub(super) const NONE: Self = {
        let zero = Sum { sum: 0.0, lost: 0.0 };
        Self { count: 0, mean: zero, squares: zero, least: f32::INFINITY, most: f32::NEG_INFINITY }
    };

    /// Takes one more value: d = x − mean, mean += d/n, squares += d · (x − mean).
    pub(super) fn add(&mut self, x: f32) {
        self.count += 1;
        let d = x - self.mean.value();
        self.mean.add(d / count(self.count));
        self.squares.add(d * (x - self.mean.value()));
        self.least = self.least.min(x);
        self.most = self.most.max(x);
    }

    pub(super) fn mean(&self) -> f32 {
        self.mean.value()
    }

    /// The standard deviation of the values as a population, √(Σ(x − mean)²/n).
    pub(super) fn deviation(&self) -> f32 {
        math::sqrt(self.squares.value() / count(self.count.max(1)))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of samples, for a mean of seven digits")]
const fn count(count: u64) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use super::Moments;

    fn moments(values: impl IntoIterator<Item = f32>) -> Moments {
        let mut moments = Moments::NONE;
        values.into_iter().for_each(|x| moments.add(x));
        moments
    }

    #[test]
    fn mean_and_deviation_are_those_of_the_textbook() {
        let moments = moments([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert!((moments.mean() - 5.0).abs() < 1e-6);
        assert!((moments.deviation() - 2.0).abs() < 1e-6);
        assert_eq!((moments.least, moments.most), (2.0, 9.0));
    }

    #[test]
    fn a_million_samples_far_from_zero_lose_no_digits() {
        let values = || (0..1_000_000_u64).map(|k| 1000.0 + ((k * 7919) % 1000) as f32 / 500.0);
        let mean = values().map(f64::from).sum::<f64>() / 1e6;
        let square = |d: f64| d * d;
        let variance = values().map(|x| square(f64::from(x) - mean)).sum::<f64>() / 1e6;
        let moments = moments(values());
        assert!((f64::from(moments.mean()) / mean - 1.0).abs() < 1e-7, "{} {mean}", moments.mean());
        let relative = square(f64::from(moments.deviation())) / variance - 1.0;
        assert!(relative.abs() < 1e-5, "{relative}");
    }
}
