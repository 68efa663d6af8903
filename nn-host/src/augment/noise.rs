//! Gaussian noise: x' = x + noise · N(0, 1), each value by itself.

use nn_core::random::Stream;

use super::distortion::Values;

distortion! {
    /// Adds to each value a normal random number of its own.
    pub struct Noise {
        /// the standard deviation
        noise: 0.0, 1000000.0 = 0.05,
    }
}

impl Values for Noise {
    fn distort(&self, stream: &mut Stream, x: &mut [f32], _before: &mut Vec<f32>) {
        x.iter_mut().for_each(|x| *x += self.noise * stream.normal());
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same bits are what is tested")]
mod tests {
    use super::{Noise, Stream, Values};
    use nn_core::random::Purpose;

    #[test]
    fn noise_has_its_deviation_and_reaches_the_last_value() {
        let mut x = vec![3.0; 10_001];
        let mut stream = Stream::new(0, Purpose::Augmentation, 0, 0);
        Noise::new(0.5).unwrap().distort(&mut stream, &mut x, &mut Vec::new());
        let squares = x.iter().map(|x| f64::from((x - 3.0) * (x - 3.0)));
        let variance = squares.sum::<f64>() / 10_001.0;
        assert!((variance - 0.25).abs() < 0.01, "{variance}");
        assert!(x[10_000] != 3.0);
    }
}
