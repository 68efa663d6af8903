//! Orthogonal kernels (Saxe et al., 2014): random vectors made orthogonal to each other by the method of Gram and Schmidt.

use crate::math;
use crate::random::Stream;

/// How often a vector is drawn that turns out to depend on those before it.
const ATTEMPTS: u8 = 8;

initializer! {
    /// Orthogonal rows, or columns if there are more rows than columns, each of length `gain`; every such matrix is as likely
    /// as any other. So signals neither grow nor shrink on their way through many layers.
    ///
    /// It is made in place from normal numbers; the time is that of `fan_in · fan_out · 4 · min(fan_in, fan_out)` products and
    /// sums.
    Orthogonal {
        /// the length of each vector.
        gain: Finite = 1.0,
    }
    |orthogonal, _fan_in, fan_out, stream, w| orthogonal.fill_vectors(fan_out, stream, w)
}

impl Orthogonal {
    fn fill_vectors(&self, fan_out: usize, stream: &mut Stream, w: &mut [f32]) {
        w.fill(0.0);
        Vectors::of(fan_out, w).orthonormalize(|| stream.normal());
        for w in w {
            *w *= self.gain;
        }
    }
}

/// The vectors of a matrix that are to be orthogonal: its rows, or its columns if those are fewer.
struct Vectors<'w> {
    w: &'w mut [f32],
    count: usize,
    /// Values from one vector to the next.
    stride: usize,
    /// Values from one element of a vector to the next.
    step: usize,
    /// Elements of a vector.
    length: usize,
}

impl<'w> Vectors<'w> {
    /// Those of a matrix with so many columns, and as many rows as are there: so every place below is one of `w`.
    fn of(columns: usize, w: &'w mut [f32]) -> Self {
        let rows = w.len() / columns.max(1);
        if rows <= columns {
            Self { w, count: rows, stride: columns, step: 1, length: columns }
        } else {
            Self { w, count: columns, stride: 1, step: columns, length: rows }
        }
    }

    /// Fills each vector with random numbers, takes away what it has of those before it, and makes its length 1.
    ///
    /// Once is not enough for f32: where little is left of a vector, the rounding errors of what was taken away are a large
    /// part of it. Twice is (Giraud et al., 2005), if the second time leaves at least half; otherwise the vector is drawn
    /// again. What cannot be orthogonal to those before it becomes 0.
    fn orthonormalize(&mut self, mut draw: impl FnMut() -> f32) {
        for vector in 0..self.count {
            let is_found = (0..ATTEMPTS).any(|_| {
                self.set(vector, |_| draw());
                self.orthogonalize(vector);
                let once = self.norm(vector);
                self.orthogonalize(vector);
                let twice = self.norm(vector);
                self.set(vector, |element| element / twice);
                twice > 0.5 * once
            });
            if !is_found {
                self.set(vector, |_| 0.0);
            }
        }
    }

    /// Takes away what a vector has of each before it.
    fn orthogonalize(&mut self, vector: usize) {
        for before in 0..vector {
            let projection = self.product(before, vector);
            for element in 0..self.length {
                let of_before = self.get(before, element);
                self.update(vector, element, |value| value - projection * of_before);
            }
        }
    }

    fn product(&self, one: usize, other: usize) -> f32 {
        (0..self.length).fold(0.0, |sum, element| sum + self.get(one, element) * self.get(other, element))
    }

    fn norm(&self, vector: usize) -> f32 {
        math::sqrt(self.product(vector, vector))
    }

    fn set(&mut self, vector: usize, mut value: impl FnMut(f32) -> f32) {
        for element in 0..self.length {
            self.update(vector, element, &mut value);
        }
    }

    #[inline]
    fn get(&self, vector: usize, element: usize) -> f32 {
        self.w.get(vector * self.stride + element * self.step).copied().unwrap_or_default()
    }

    #[inline]
    fn update(&mut self, vector: usize, element: usize, value: impl FnOnce(f32) -> f32) {
        if let Some(place) = self.w.get_mut(vector * self.stride + element * self.step) {
            *place = value(*place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Orthogonal, Vectors};
    use crate::init::Initializer;
    use crate::random::{Purpose, Stream};

    fn filled(orthogonal: Orthogonal, rows: usize, columns: usize) -> std::vec::Vec<f32> {
        let mut w = std::vec![9.0; rows * columns];
        orthogonal.fill(rows, columns, &mut Stream::new(5, Purpose::Initialize { layer: 0 }, 0, 0), &mut w);
        w
    }

    /// The largest difference of the vectors' products from those of orthogonal vectors of length 1.
    fn worst(columns: usize, w: &mut [f32]) -> f32 {
        let vectors = Vectors::of(columns, w);
        let of_pair = |(one, other)| {
            let product: f64 = (0..vectors.length)
                .map(|element| f64::from(vectors.get(one, element)) * f64::from(vectors.get(other, element)))
                .sum();
            (product - f64::from(u8::from(one == other))).abs() as f32
        };
        let pairs = (0..vectors.count).flat_map(|one| (0..=one).map(move |other| (one, other)));
        pairs.map(of_pair).fold(0.0, f32::max)
    }

    #[test]
    fn vectors_of_every_shape_are_orthogonal_and_of_length_one() {
        for (rows, columns) in [(1, 1), (1, 9), (9, 1), (2, 2), (30, 10), (10, 30), (100, 100), (300, 200), (784, 30)] {
            let error = worst(columns, &mut filled(Orthogonal, rows, columns));
            assert!(error < 2e-6, "{rows}×{columns}: {error}");
        }
    }

    #[test]
    fn vectors_that_are_not_orthogonal_are_found() {
        let mut w = filled(Orthogonal, 3, 5);
        w[7] += 1e-4;
        assert!(worst(5, &mut w) > 1e-5);
    }

    #[test]
    fn the_gain_is_the_length() {
        let one = filled(Orthogonal, 4, 6);
        let two = filled(Orthogonal.with("gain", -2.0).unwrap(), 4, 6);
        assert!(one.iter().zip(&two).all(|(one, two)| -2.0 * one == *two));
    }

    #[test]
    fn a_vector_that_depends_on_those_before_is_drawn_again() {
        // The second vector is first the double of the first, then another.
        let mut numbers = [3.0, 4.0, 6.0, 8.0, 1.0, 0.0].into_iter();
        let mut w = [0.0; 4];
        Vectors::of(2, &mut w).orthonormalize(|| numbers.next().unwrap());
        let expected = [0.6, 0.8, 0.8, -0.6];
        assert!(w.iter().zip(expected).all(|(w, expected)| (w - expected).abs() < 1e-6), "{w:?}");
    }

    #[test]
    fn what_cannot_be_orthogonal_is_zero_and_never_nan() {
        for draw in [1.0, 0.0, f32::NAN, f32::INFINITY] {
            let mut w = [9.0; 6];
            Vectors::of(3, &mut w).orthonormalize(|| draw);
            assert!(w.iter().all(|w| w.is_finite()) && w[3..] == [0.0; 3], "{w:?}");
        }
    }

    #[test]
    fn what_has_no_rows_is_zero() {
        let mut w = [9.0; 3];
        Orthogonal.fill(2, 4, &mut Stream::new(5, Purpose::Initialize { layer: 0 }, 0, 0), &mut w);
        assert_eq!(w, [0.0; 3]);
    }
}
