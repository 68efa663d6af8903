//! A field over the pixels of an image, and its smoothing by a Gaussian: g(t) = exp(−t² / 2σ²) / Σ, down the columns.
//!
//! Smoothing turns the field over its diagonal, so done twice it smooths both directions and gives the field back
//! upright: a Gaussian of the plane is the product of one down and one across.

use nn_core::math;
use nn_core::random::Stream;

use super::draw;

/// Columns that are computed together: their sums stay in registers.
pub(super) const LANES: usize = 16;

/// Weights reach so many standard deviations far; what is beyond is 0.3 % of the whole.
const REACH: f32 = 3.0;

/// Values in rows and columns. `LANES` columns stand together, one row after the other; the last ones may exceed the
/// field, and are in nobody's result.
#[derive(Clone, Debug)]
pub(super) struct Field {
    rows: usize,
    columns: usize,
    values: Vec<[f32; LANES]>,
}

impl Field {
    /// A field of zeros.
    pub(super) fn new(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![[0.0; LANES]; rows * columns.div_ceil(LANES)] }
    }

    /// Fills the field with uniform numbers from (−1, 1).
    pub(super) fn fill(&mut self, stream: &mut Stream) {
        for pair in self.values.as_flattened_mut().as_chunks_mut().0 {
            *pair = draw::symmetric_pair(stream);
        }
    }

    /// Smooths the columns with these weights, from the middle one on; the rows of `smooth` are the columns of this. Outside
    /// of the field there are zeros.
    ///
    /// # Shapes
    /// - `smooth`: as many rows as this has columns, as many columns as this has rows
    pub(super) fn smooth(&self, weights: &Weights, smooth: &mut Self) {
        let blocks = self.values.chunks_exact(self.rows.max(1));
        for (block, first) in blocks.zip((0..self.columns).step_by(LANES)) {
            for row in 0..self.rows {
                smooth.put(first, row, weights.sum(block, row));
            }
        }
    }

    /// The values at some columns of a row, which begin at a multiple of `LANES`; zeros outside.
    #[inline]
    pub(super) fn at(&self, row: usize, first: usize) -> [f32; LANES] {
        self.values.get(self.place(row, first)).copied().unwrap_or([0.0; LANES])
    }

    /// Puts values into a column, from a row on; what exceeds the column is dropped.
    #[inline]
    fn put(&mut self, first: usize, column: usize, values: [f32; LANES]) {
        let (start, end) = (self.place(first, column), self.place(self.rows, column));
        let rows = self.values.get_mut(start..end).unwrap_or_default();
        for (row, value) in rows.iter_mut().zip(values) {
            row.get_mut(column % LANES).into_iter().for_each(|place| *place = value);
        }
    }

    /// Where the columns of a row begin that stand with this one.
    #[inline]
    fn place(&self, row: usize, column: usize) -> usize {
        column / LANES * self.rows + row
    }
}

/// The weights of a Gaussian, an odd number of them, whose sum is 1.
#[derive(Clone, Debug)]
pub(super) struct Weights(Vec<f32>);

impl Weights {
    /// A Gaussian with this standard deviation in pixels.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "σ is above 0 and at most 64")]
    pub(super) fn new(sigma: f32) -> Self {
        let radius = (REACH * sigma).ceil() as u16;
        let weight = |distance: u16| {
            let t = f32::from(distance) / sigma;
            math::exp(-0.5 * t * t)
        };
        let weights: Vec<f32> = (0..=2 * radius).map(|place| weight(place.abs_diff(radius))).collect();
        let sum: f32 = weights.iter().sum();
        Self(weights.into_iter().map(|weight| weight / sum).collect())
    }

    /// The weighted sums of some columns about a row.
    #[inline]
    fn sum(&self, rows: &[[f32; LANES]], row: usize) -> [f32; LANES] {
        let radius = self.0.len() / 2;
        let first = row.saturating_sub(radius);
        let weights = self.0.get(radius + first - row..).unwrap_or_default();
        let mut sums = [0.0; LANES];
        for (values, weight) in rows.get(first..).unwrap_or_default().iter().zip(weights) {
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += weight * value;
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, LANES, Weights, math};
    use nn_core::random::{Purpose, Stream};

    fn value(field: &Field, row: usize, column: usize) -> f32 {
        field.at(row, column)[column % LANES]
    }

    /// A field smoothed in both directions.
    fn smoothed(field: &Field, sigma: f32) -> Field {
        let weights = Weights::new(sigma);
        let (mut turned, mut upright) = (Field::new(field.columns, field.rows), Field::new(field.rows, field.columns));
        field.smooth(&weights, &mut turned);
        turned.smooth(&weights, &mut upright);
        upright
    }

    #[test]
    fn a_point_becomes_a_bell() {
        let (rows, columns, variance) = (31_i16, 40_i16, 2.5_f32 * 2.5);
        let mut field = Field::new(31, 40);
        let mut point = [0.0; LANES];
        point[0] = 1.0;
        field.put(14, 20, point);
        let bell = smoothed(&field, 2.5);
        let mut sum = 0.0;
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            let (down, across) = (f32::from(row - 14), f32::from(column - 20));
            let height = math::exp(-(down * down + across * across) / (2.0 * variance));
            let expected = height / (core::f32::consts::TAU * variance);
            let found = value(&bell, row.unsigned_abs().into(), column.unsigned_abs().into());
            assert!((found - expected).abs() < 2e-4, "{row} {column}: {found} {expected}");
            sum += found;
        }
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
    }

    #[test]
    fn smoothing_equals_the_plain_sum_over_the_plane() {
        let (rows, columns, sigma) = (5, 19, 1.5);
        let mut field = Field::new(rows, columns);
        field.fill(&mut Stream::new(0, Purpose::Augmentation, 0, 0));
        let smooth = smoothed(&field, sigma);
        let Weights(weights) = Weights::new(sigma);
        let radius = weights.len() / 2;
        let weight = |one: usize, other: usize| weights.get((one + radius).wrapping_sub(other)).copied().unwrap_or(0.0);
        for row in 0..rows {
            for column in 0..columns {
                let places = (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c)));
                let expected: f32 = places.map(|(r, c)| weight(r, row) * weight(c, column) * value(&field, r, c)).sum();
                assert!((value(&smooth, row, column) - expected).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn what_exceeds_a_column_is_dropped_and_outside_are_zeros() {
        let mut field = Field::new(3, 20);
        field.put(1, 17, [1.0; LANES]);
        let ones = |row| field.at(row, 16).iter().filter(|value| **value > 0.0).count();
        assert_eq!([0, 1, 2, 3].map(ones), [0, 1, 1, 0]);
        assert!(field.at(0, 32).iter().all(|value| *value <= 0.0));
    }
}
