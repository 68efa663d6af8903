//! Glorot uniform (Glorot and Bengio, 2010): w uniform in [−l, l), l = √(6 / (fan_in + fan_out)).

use super::Initializer;
use crate::math;
use crate::random::Stream;

/// Uniform in [−l, l) with l = √(6 / (fan_in + fan_out)); Keras' default for dense layers.
///
/// ```
/// use nn_core::init::{GlorotUniform, Initializer};
/// use nn_core::random::{Purpose, Stream};
///
/// let mut w = [0.0; 6];
/// GlorotUniform.fill(2, 3, &mut Stream::new(0, Purpose::Initialize { layer: 0 }, 0, 0), &mut w);
/// assert!(w.iter().all(|w| w.abs() < 1.1));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GlorotUniform;

impl GlorotUniform {
    pub(super) const DEFAULT: Self = Self;
}

impl Initializer for GlorotUniform {
    fn fill(&self, fan_in: usize, fan_out: usize, stream: &mut Stream, w: &mut [f32]) {
        #[expect(clippy::cast_precision_loss, reason = "layers have far fewer than 2²⁴ units")]
        let fans = fan_in.saturating_add(fan_out).max(1) as f32;
        let limit = math::sqrt(6.0 / fans);
        for w in w {
            *w = (2.0 * stream.uniform() - 1.0) * limit;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GlorotUniform, Initializer};
    use crate::random::{Purpose, Stream};

    #[test]
    fn has_mean_zero_and_variance_two_over_the_fans() {
        let mut w = std::vec![0.0; 784 * 100];
        GlorotUniform.fill(784, 100, &mut Stream::new(0, Purpose::Initialize { layer: 0 }, 0, 0), &mut w);
        let mean = w.iter().map(|&w| f64::from(w)).sum::<f64>() / w.len() as f64;
        let variance = w.iter().map(|&w| f64::from(w) * f64::from(w)).sum::<f64>() / w.len() as f64;
        assert!(mean.abs() < 5e-4, "{mean}");
        assert!((variance * 884.0 / 2.0 - 1.0).abs() < 0.02, "{variance}");
    }
}
