//! The range of all values but the farthest few of each side.

use super::{Histogram, Range};

/// The share of the values that are not above a range, in percent; as many are not below it.
///
/// ```
/// use nn_host::quantize::Percentile;
/// assert_eq!(Percentile::default().get(), 99.99);
/// assert_eq!(Percentile::new(50.0), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentile(f64);

impl Default for Percentile {
    fn default() -> Self {
        Self(99.99)
    }
}

impl Percentile {
    /// So many percent, above 50 and at most 100; `None` otherwise.
    #[must_use]
    pub fn new(percent: f64) -> Option<Self> {
        (percent > 50.0 && percent <= 100.0).then_some(Self(percent))
    }

    /// In percent
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The range that leaves out the rest of each side.
    pub(super) fn range(self, histogram: &Histogram) -> Range {
        let outside = histogram.total() * (1.0 - self.0 / 100.0);
        let Range { low, high } = histogram.range();
        // What is left of a side is at most the whole range, which the ends bound.
        let above = end(histogram.bins().rev(), outside).map_or(high, |end| end.min(high));
        let below = end(histogram.bins(), outside).map_or(low, |end| end.max(low));
        Range::with_zero(below, above)
    }
}

/// The middle of the first bin that must not be left out.
#[expect(clippy::cast_possible_truncation, reason = "values are f32")]
fn end(bins: impl Iterator<Item = (f64, f64)>, outside: f64) -> Option<f32> {
    let seen = bins.scan(0.0, |seen, (middle, count)| {
        *seen += count;
        Some((middle, *seen))
    });
    seen.into_iter().find(|(_, seen)| *seen > outside).map(|(middle, _)| middle as f32)
}

#[cfg(test)]
mod tests {
    use super::{Histogram, Percentile, Range};

    #[test]
    fn one_value_in_a_thousand_is_left_out() {
        let mut histogram = Histogram::new(Range { low: -100.0, high: 100.0 });
        let mut values = vec![1.0; 998];
        values.extend([-100.0, 100.0]);
        histogram.add(&values);
        let range = Percentile::new(99.8).unwrap().range(&histogram);
        assert!(range.low > -0.1 && (range.high - 1.0).abs() < 0.1, "{range:?}");
        let all = Percentile::new(100.0).unwrap().range(&histogram);
        assert!(all.low < -99.9 && all.high > 99.9, "{all:?}");
    }
}
