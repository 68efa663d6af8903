//! Moments of outputs and targets: means and sums of squared differences from them, updated sample by sample without
//! cancellation (Welford 1962, West 1979 with weights).

use super::{Mean, Sample};

/// Something kept for each output.
///
/// ```
/// use nn_host::metric::{Batch, Columns, Moments};
/// let mut columns = Columns::<Moments>::default();
/// Batch::new(2, &[1.0, 2.0, 3.0, 4.0], &[0.0; 4]).samples().for_each(|sample| columns.add(sample));
/// assert_eq!(columns.mean(Moments::squared_error), (1.0 + 9.0 + 4.0 + 16.0) / 2.0);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns<T>(Vec<T>);

impl Columns<Moments> {
    /// Adds each output of a sample to its column.
    pub fn add(&mut self, sample: Sample<'_>) {
        if self.0.is_empty() {
            self.0.resize(sample.a.len(), Moments::default());
        }
        for ((moments, &a), &y) in self.0.iter_mut().zip(sample.a).zip(sample.y) {
            moments.add(f64::from(a), f64::from(y), sample.weight);
        }
    }

    /// The mean over the columns of what follows from each.
    #[must_use]
    pub fn mean(&self, value: impl Fn(&Moments) -> f64) -> f64 {
        let mut mean = Mean::default();
        self.0.iter().for_each(|moments| mean.add(value(moments), 1.0));
        mean.value()
    }
}

/// The moments of an output, its target, and the error between.
///
/// ```
/// use nn_host::metric::Moments;
/// let mut moments = Moments::default();
/// [(1.0, 2.0), (3.0, 6.0)].into_iter().for_each(|(a, y)| moments.add(a, y, 1.0));
/// assert_eq!((moments.variation_of_a(), moments.variation_of_y(), moments.covariation()), (2.0, 8.0, 4.0));
/// assert_eq!((moments.squared_error(), moments.variation_of_error(), moments.offset()), (10.0, 2.0, 8.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    weight: f64,
    a: f64,
    y: f64,
    aa: f64,
    yy: f64,
    ay: f64,
    error: f64,
    errors: f64,
}

impl Moments {
    /// Adds a pair; one of weight 0 changes nothing.
    pub fn add(&mut self, a: f64, y: f64, weight: f64) {
        if weight == 0.0 {
            return;
        }
        self.weight += weight;
        let share = weight / self.weight;
        let (da, dy, derror) = (a - self.a, y - self.y, (y - a) - self.error);
        self.a += share * da;
        self.y += share * dy;
        self.error += share * derror;
        self.aa += weight * da * (a - self.a);
        self.yy += weight * dy * (y - self.y);
        self.ay += weight * da * (y - self.y);
        self.errors += weight * derror * ((y - a) - self.error);
    }

    /// Σ w (a − mean a)².
    #[must_use]
    pub const fn variation_of_a(&self) -> f64 {
        self.aa
    }

    /// Σ w (y − mean y)².
    #[must_use]
    pub const fn variation_of_y(&self) -> f64 {
        self.yy
    }

    /// Σ w (a − mean a)(y − mean y).
    #[must_use]
    pub const fn covariation(&self) -> f64 {
        self.ay
    }

    /// Σ w (e − mean e)² of the errors e = y − a.
    #[must_use]
    pub const fn variation_of_error(&self) -> f64 {
        self.errors
    }

    /// Σ w (y − a)².
    #[must_use]
    pub const fn squared_error(&self) -> f64 {
        self.errors + self.weight * self.error * self.error
    }

    /// Σ w (mean y − mean a)².
    #[must_use]
    pub const fn offset(&self) -> f64 {
        self.weight * self.error * self.error
    }
}
