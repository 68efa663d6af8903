//! How often values were seen, by bins of even width.

use super::Range;

/// Bins of a histogram: 8 a byte.
const BINS: usize = 2048;

/// How often values were seen within a range that all are in.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Histogram {
    range: Range,
    counts: Vec<u64>,
}

impl Histogram {
    /// Nothing seen; all values will be in this range.
    pub(in super::super) fn new(range: Range) -> Self {
        Self { range, counts: vec![0; BINS] }
    }

    /// The range of all values.
    pub(super) const fn range(&self) -> Range {
        self.range
    }

    /// Counts values.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates: below 0 it is 0")]
    pub(in super::super) fn add(&mut self, values: &[f32]) {
        let bins_per_unit = 1.0 / self.width();
        for value in values {
            let bin = ((f64::from(*value) - f64::from(self.range.low)) * bins_per_unit) as usize;
            if let Some(count) = self.counts.get_mut(bin.min(BINS - 1)) {
                *count += 1;
            }
        }
    }

    /// Adds what was counted elsewhere in the same range.
    pub(in super::super) fn merge(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
    }

    /// The width of a bin.
    #[expect(clippy::cast_precision_loss, reason = "the number of bins is small")]
    fn width(&self) -> f64 {
        (f64::from(self.range.high) - f64::from(self.range.low)) / BINS as f64
    }

    /// The middle of each bin with its count.
    #[expect(clippy::cast_precision_loss, reason = "the number of bins is small, counts are for shares")]
    pub(super) fn bins(&self) -> impl DoubleEndedIterator<Item = (f64, f64)> {
        let (low, width) = (f64::from(self.range.low), self.width());
        self.counts.iter().enumerate().map(move |(bin, count)| (low + (bin as f64 + 0.5) * width, *count as f64))
    }

    /// The values that were seen.
    pub(super) fn total(&self) -> f64 {
        self.bins().map(|(_, count)| count).sum()
    }
}
