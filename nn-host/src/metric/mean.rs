//! A weighted mean, Σ w·x / Σ w: the tally of metrics that are means over samples.

/// Sums that become a mean.
///
/// ```
/// use nn_host::metric::Mean;
/// let mut mean = Mean::default();
/// mean.add(1.0, 3.0);
/// mean.add(5.0, 1.0);
/// assert_eq!(mean.value(), 2.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    /// Adds a value.
    pub fn add(&mut self, value: f64, weight: f64) {
        self.sum += weight * value;
        self.weight += weight;
    }

    /// The mean; NaN of nothing.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.sum / self.weight
    }

    /// The weight of all values.
    #[must_use]
    pub const fn weight(&self) -> f64 {
        self.weight
    }
}
