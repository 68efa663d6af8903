//! Initializers of kernels; the table below is the list of them.

/// Makes an initializer from what it does with the kernel `w` of so many inputs and outputs.
macro_rules! initializer {
    (
        $(#[$attribute:meta])*
        $kind:ident: |$fan_in:ident, $fan_out:ident, $stream:ident, $w:ident| $fill:expr
    ) => {
        $(#[$attribute])*
        #[doc = concat!(
            "\n```\nuse nn_core::init::{", stringify!($kind), ", Initializer};\n",
            "use nn_core::random::{Purpose, Stream};\n",
            "let mut w = [9.0; 6];\n",
            stringify!($kind), ".fill(2, 3, &mut Stream::new(0, Purpose::Initialize { layer: 0 }, 0, 0), &mut w);\n",
            "assert!(w.iter().all(|w| w.abs() < 3.0));\n```"
        )]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $kind;

        impl $kind {
            pub(super) const DEFAULT: Self = Self;
        }

        impl $crate::init::Initializer for $kind {
            fn fill(&self, $fan_in: usize, $fan_out: usize, $stream: &mut $crate::random::Stream, $w: &mut [f32]) {
                $fill;
            }
        }
    };
}

mod plain;
mod variance_scaling;

pub use plain::{IdentityMatrix, Ones, RandomNormal, RandomUniform, TruncatedNormal, Zeros};
pub use variance_scaling::{GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal, LecunUniform};

use crate::math;
use crate::random::Stream;
use crate::table::table;

/// How the kernel of a dense layer starts.
pub trait Initializer {
    /// Fills the kernel, row after row, from the stream.
    ///
    /// # Shapes
    /// - `w`: `[fan_in][fan_out]`
    fn fill(&self, fan_in: usize, fan_out: usize, stream: &mut Stream, w: &mut [f32]);
}

table! {
    /// An initializer chosen at run time.
    ///
    /// ```
    /// use nn_core::init::AnyInitializer;
    /// assert!(AnyInitializer::from_name("glorot_uniform").is_some());
    /// ```
    AnyInitializer as dyn Initializer {
        0 => GlorotUniform, "glorot_uniform";
        1 => GlorotNormal, "glorot_normal";
        2 => HeUniform, "he_uniform";
        3 => HeNormal, "he_normal";
        4 => LecunUniform, "lecun_uniform";
        5 => LecunNormal, "lecun_normal";
        6 => Zeros, "zeros";
        7 => Ones, "ones";
        8 => RandomUniform, "random_uniform";
        9 => RandomNormal, "random_normal";
        10 => TruncatedNormal, "truncated_normal";
        11 => IdentityMatrix, "identity";
    }
}

impl Initializer for AnyInitializer {
    fn fill(&self, fan_in: usize, fan_out: usize, stream: &mut Stream, w: &mut [f32]) {
        self.kind().fill(fan_in, fan_out, stream, w);
    }
}

/// Fills with numbers uniform in [−limit, limit).
fn fill_uniform(limit: f32, stream: &mut Stream, w: &mut [f32]) {
    w.fill_with(|| (2.0 * stream.uniform() - 1.0) * limit);
}

/// A number from the normal distribution with mean 0 and variance 1 (Box and Muller, 1958): √(−2 ln u) · cos 2πv.
fn normal(stream: &mut Stream) -> f32 {
    // 1 − u is above 0, so its logarithm is finite.
    let (u, v) = (1.0 - stream.uniform(), stream.uniform());
    math::sqrt(-2.0 * math::ln(u)) * math::cos(core::f32::consts::TAU * v)
}

/// A number from the normal distribution cut off at ±2: those beyond are drawn again.
fn truncated_normal(stream: &mut Stream) -> f32 {
    loop {
        let number = normal(stream);
        if number.abs() < 2.0 {
            return number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AnyInitializer;
    use super::Initializer;
    use crate::random::{Purpose, Stream};

    const FAN_IN: usize = 300;
    const FAN_OUT: usize = 200;

    /// The expected variance and the largest possible weight.
    fn expected(name: &str) -> Option<(f64, f64)> {
        let (fan_in, fans) = (FAN_IN as f64, (FAN_IN + FAN_OUT) as f64);
        let uniform = |variance: f64| Some((variance, (3.0 * variance).sqrt()));
        let normal = |variance: f64| Some((variance, 2.0 * variance.sqrt() / 0.879_625_66));
        match name {
            "glorot_uniform" => uniform(2.0 / fans),
            "glorot_normal" => normal(2.0 / fans),
            "he_uniform" => uniform(2.0 / fan_in),
            "he_normal" => normal(2.0 / fan_in),
            "lecun_uniform" => uniform(1.0 / fan_in),
            "lecun_normal" => normal(1.0 / fan_in),
            "random_uniform" => uniform(0.05 * 0.05 / 3.0),
            "random_normal" => Some((0.05 * 0.05, 0.05 * 6.0)),
            "truncated_normal" => Some((0.05 * 0.05 * 0.773_741, 0.1)),
            _ => None, // not random
        }
    }

    #[test]
    fn every_distribution_has_its_mean_variance_and_range() {
        let mut checked = 0;
        for initializer in AnyInitializer::ALL {
            let Some((variance, largest)) = expected(initializer.name()) else { continue };
            let mut w = std::vec![0.0; FAN_IN * FAN_OUT];
            initializer.fill(FAN_IN, FAN_OUT, &mut Stream::new(0, Purpose::Initialize { layer: 0 }, 0, 0), &mut w);
            let count = w.len() as f64;
            let mean = w.iter().map(|&w| f64::from(w)).sum::<f64>() / count;
            let found = w.iter().map(|&w| f64::from(w) * f64::from(w)).sum::<f64>() / count;
            let reached = w.iter().fold(0.0_f64, |most, &w| most.max(f64::from(w).abs()));
            assert!(mean.abs() < 5.0 * (variance / count).sqrt(), "{initializer} has mean {mean}");
            assert!((found / variance - 1.0).abs() < 0.03, "{initializer} has variance {found}, not {variance}");
            assert!(reached <= largest * 1.000_001 && reached > 0.6 * largest, "{initializer} reaches {reached}");
            checked += 1;
        }
        assert_eq!(checked, 9);
    }

    #[test]
    fn half_of_a_normal_distribution_is_within_two_thirds_of_its_deviation() {
        let mut stream = Stream::new(1, Purpose::Initialize { layer: 0 }, 0, 0);
        let within = (0..100_000).filter(|_| super::normal(&mut stream).abs() < 0.674_49).count();
        assert!((49_000..51_000).contains(&within), "{within}");
    }

    #[test]
    fn constants_are_constant_and_nothing_is_filled_with_nothing() {
        let mut stream = Stream::new(0, Purpose::Initialize { layer: 0 }, 0, 0);
        let mut filled = |name| {
            let mut w = [9.0; 4];
            AnyInitializer::from_name(name).unwrap().fill(2, 2, &mut stream, &mut w);
            w
        };
        assert_eq!((filled("zeros"), filled("ones"), filled("identity")), ([0.0; 4], [1.0; 4], [1.0, 0.0, 0.0, 1.0]));
        for initializer in AnyInitializer::ALL {
            initializer.fill(0, 0, &mut stream, &mut []);
        }
    }
}
