//! Elastic distortion (Simard, Steinkraus and Platt, 2003): p comes from p + α·(G∗U)(p), where both components of the field
//! U are uniform in (−1, 1) at each pixel, and G is a Gaussian of σ pixels.

use nn_core::random::Stream;

use super::field::{Field, Weights};
use super::image::Offsets;

distortion! {
    /// Moves each pixel of an image a little, neighbors nearly alike, as muscles do.
    ///
    /// The paper's settings for 28×28 pixels are the defaults. It moves the places of the image that the other distortions
    /// have made, wherever it stands among them.
    pub struct Elastic {
        /// the factor α of the smoothed field in pixels
        elastic: 0.0, 1000000.0 = 34.0,
        /// the standard deviation σ of the smoothing in pixels
        sigma: 0.1, 64.0 = 4.0,
    }
}

/// An elastic distortion ready for use.
#[derive(Clone, Debug)]
pub(super) struct Muscles {
    alpha: f32,
    weights: Weights,
}

impl Muscles {
    pub(super) fn new(elastic: Elastic) -> Self {
        Self { alpha: elastic.elastic, weights: Weights::new(elastic.sigma) }
    }

    /// Another displacement of every pixel.
    pub(super) fn draw(&self, stream: &mut Stream, displacement: &mut Displacement) {
        let Displacement { noise, turned, x, y, alpha } = displacement;
        *alpha = self.alpha;
        for field in [x, y] {
            noise.fill(stream);
            noise.smooth(&self.weights, turned);
            turned.smooth(&self.weights, field);
        }
    }
}

/// A displacement of every pixel, and the memory to make it.
#[derive(Clone, Debug)]
pub(super) struct Displacement {
    noise: Field,
    turned: Field,
    x: Field,
    y: Field,
    alpha: f32,
}

impl Displacement {
    /// No displacement.
    pub(super) fn new(height: usize, width: usize) -> Self {
        let field = Field::new(height, width);
        Self { noise: field.clone(), turned: Field::new(width, height), x: field.clone(), y: field, alpha: 0.0 }
    }

    /// How far from some pixels of a row, which begin at a multiple of `LANES`, those are that take their places.
    #[inline]
    pub(super) fn at(&self, row: usize, first: usize) -> Offsets {
        let alpha = self.alpha;
        let scaled = |field: &Field| field.at(row, first).map(|value| alpha * value);
        Offsets { across: scaled(&self.x), down: scaled(&self.y) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Displacement, Elastic, Muscles, Offsets};
    use nn_core::random::{Purpose, Stream};

    fn drawn(elastic: Elastic, sample: u32) -> Vec<(f32, f32)> {
        let mut displacement = Displacement::new(28, 28);
        let mut stream = Stream::new(0, Purpose::Augmentation, 0, sample);
        Muscles::new(elastic).draw(&mut stream, &mut displacement);
        let lanes = |row, first| {
            let Offsets { across, down } = displacement.at(row, first);
            across.into_iter().zip(down).take(28 - first)
        };
        (0..28).flat_map(|row| lanes(row, 0).chain(lanes(row, 16))).collect()
    }

    /// A uniform field of variance 1/3, smoothed, has the variance 1/3 · (2σ√π)⁻² far from the border.
    #[test]
    fn displacements_have_the_mean_and_variance_of_smoothed_noise() {
        let center = (13 * 28) + 13;
        let (mut sum, mut squares) = (0.0, 0.0);
        for sample in 0..500 {
            let (x, y) = drawn(Elastic::default(), sample)[center];
            sum += x + y;
            squares += x * x + y * y;
        }
        let expected = 34.0 * 34.0 / (3.0 * 4.0 * 4.0 * 4.0 * core::f32::consts::PI);
        let (mean, variance) = (sum / 1000.0, squares / 1000.0);
        assert!(mean.abs() < 0.15, "{mean}");
        assert!((variance / expected - 1.0).abs() < 0.15, "{variance}, expected {expected}");
    }

    #[test]
    fn neighbors_move_nearly_alike() {
        let displacements = drawn(Elastic::default(), 0);
        for row in displacements.chunks_exact(28) {
            for pair in row.windows(2) {
                assert!((pair[0].0 - pair[1].0).abs() < 1.0 && (pair[0].1 - pair[1].1).abs() < 1.0);
            }
        }
    }

    #[test]
    fn alpha_zero_displaces_nothing() {
        assert!(drawn(Elastic::new(0.0, 4.0).unwrap(), 0).iter().all(|&(x, y)| x == 0.0 && y == 0.0));
    }
}
