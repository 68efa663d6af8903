//! Numbers of the distributions that distortions are drawn from, made of a stream's uniform ones.

use nn_core::math;
use nn_core::random::Stream;

/// A multiple of 2⁻²³ in [−1, 1), each equally often.
pub(super) fn symmetric(stream: &mut Stream) -> f32 {
    2.0 * stream.uniform() - 1.0
}

/// Two numbers in (−1, 1) of 16 bits each, uniform, from one word: for fields, which need many and average them.
pub(super) fn symmetric_pair(stream: &mut Stream) -> [f32; 2] {
    /// Half of what 16 bits can count.
    const HALF: f32 = 32_768.0;
    let [a, b, c, d] = stream.word().to_le_bytes();
    [[a, b], [c, d]].map(|bytes| (f32::from(u16::from_le_bytes(bytes)) + 0.5 - HALF) / HALF)
}

/// A number of the distribution Beta(α, α), α in (0, 1], by Jöhnk's method (1964): U^(1/α) / (U^(1/α) + V^(1/α)), drawn again
/// while that sum is above 1. The quotient is taken by logarithms, where powers would both be 0.
pub(super) fn beta(stream: &mut Stream, alpha: f32) -> f32 {
    loop {
        let [u, v] = [(); 2].map(|()| 1.0 - stream.uniform());
        if math::pow(u, 1.0 / alpha) + math::pow(v, 1.0 / alpha) <= 1.0 {
            return math::sigmoid((math::ln(u) - math::ln(v)) / alpha);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Stream, beta, symmetric, symmetric_pair};
    use nn_core::random::Purpose;

    fn drawn(mut draw: impl FnMut(&mut Stream) -> Vec<f32>) -> Vec<f64> {
        let mut stream = Stream::new(0, Purpose::Augmentation, 0, 0);
        (0..50_000).flat_map(|_| draw(&mut stream)).map(f64::from).collect()
    }

    /// Mean of a power of the numbers.
    fn moment(numbers: &[f64], power: i32) -> f64 {
        numbers.iter().map(|x| (0..power).fold(1.0, |product, _| product * x)).sum::<f64>() / numbers.len() as f64
    }

    fn assert_moments(what: &str, numbers: &[f64], expected: [f64; 4]) {
        for (power, expected) in (1..).zip(expected) {
            let found = moment(numbers, power);
            assert!((found - expected).abs() < 0.01 * (1.0 + 5.0 * expected), "{what}, moment {power}: {found}");
        }
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let uniform = [0.0, 1.0 / 3.0, 0.0, 1.0 / 5.0];
        assert_moments("symmetric", &drawn(|stream| vec![symmetric(stream)]), uniform);
        assert_moments("pair", &drawn(|stream| symmetric_pair(stream).to_vec()), uniform);
        for alpha in [0.2_f32, 0.5, 1.0] {
            // The moment k of Beta(α, α) is that before times (α + k − 1) / (2α + k − 1).
            let a = f64::from(alpha);
            let mut moment = 1.0;
            let expected = [0.0, 1.0, 2.0, 3.0].map(|k| {
                moment *= (a + k) / (2.0 * a + k);
                moment
            });
            assert_moments("beta", &drawn(|stream| vec![beta(stream, alpha)]), expected);
        }
    }

    #[test]
    fn the_two_of_a_pair_are_independent() {
        let products = drawn(|stream| vec![symmetric_pair(stream).iter().product()]);
        assert!(moment(&products, 1).abs() < 0.02);
    }

    #[test]
    fn even_a_tiny_alpha_gives_shares() {
        let shares = drawn(|stream| vec![beta(stream, 1e-6)]);
        assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)));
    }
}
