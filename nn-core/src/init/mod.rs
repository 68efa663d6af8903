//! Initializers of kernels; the table below is the list of them.

/// Makes an initializer from what it does with the kernel `w` of so many inputs and outputs. One with settings names
/// itself first.
macro_rules! initializer {
    (
        $(#[$attribute:meta])*
        $kind:ident: |$fan_in:ident, $fan_out:ident, $stream:ident, $w:ident| $fill:expr
    ) => {
        $crate::setting::settings! {
            $(#[$attribute])*
            #[doc = initializer!(@example $kind)]
            pub struct $kind;
        }
        initializer! { @fill $kind as _kind: |$fan_in, $fan_out, $stream, $w| $fill }
    };
    (
        $(#[$attribute:meta])*
        $kind:ident { $($settings:tt)+ }
        |$this:ident, $fan_in:ident, $fan_out:ident, $stream:ident, $w:ident| $fill:expr
    ) => {
        $crate::setting::settings! {
            $(#[$attribute])*
            #[doc = initializer!(@example $kind)]
            pub struct $kind { $($settings)+ }
        }
        initializer! { @fill $kind as $this: |$fan_in, $fan_out, $stream, $w| $fill }
    };
    (@example $kind:ident) => {
        concat!(
            "\n```\nuse nn_core::init::{", stringify!($kind), ", Initializer};\n",
            "use nn_core::random::{Purpose, Stream};\n",
            "let mut w = [9.0; 6];\n",
            stringify!($kind), ".fill(2, 3, &mut Stream::new(0, Purpose::Initialize { layer: 0 }, 0, 0), &mut w);\n",
            "assert!(w.iter().all(|w| w.abs() < 3.0));\n```"
        )
    };
    (
        @fill $kind:ident as $this:ident: |$fan_in:ident, $fan_out:ident, $stream:ident, $w:ident| $fill:expr
    ) => {
        impl $crate::init::Initializer for $kind {
            fn fill(&self, $fan_in: usize, $fan_out: usize, $stream: &mut $crate::random::Stream, $w: &mut [f32]) {
                let $this = self;
                $fill;
            }
        }
    };
}

mod constant;
mod orthogonal;
mod random;
mod variance_scaling;

pub use constant::{Constant, IdentityMatrix, Ones, Zeros};
pub use orthogonal::Orthogonal;
pub use random::{RandomNormal, RandomUniform, TruncatedNormal};
pub use variance_scaling::{GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal, LecunUniform};

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
        12 => Constant, "constant";
        13 => Orthogonal, "orthogonal";
    }
}

impl Initializer for AnyInitializer {
    fn fill(&self, fan_in: usize, fan_out: usize, stream: &mut Stream, w: &mut [f32]) {
        self.kind().fill(fan_in, fan_out, stream, w);
    }
}

/// A number from the normal distribution cut off at ±2: those beyond are drawn again.
fn truncated_normal(stream: &mut Stream) -> f32 {
    loop {
        let number = stream.normal();
        if number.abs() < 2.0 {
            return number;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::{AnyInitializer, Constant, IdentityMatrix, Initializer, Ones, Zeros};
    use crate::random::{Purpose, Stream};

    const FAN_IN: usize = 300;
    const FAN_OUT: usize = 200;

    fn stream() -> Stream {
        Stream::new(0, Purpose::Initialize { layer: 0 }, 0, 0)
    }

    /// What a distribution must have.
    struct Expected {
        initializer: AnyInitializer,
        mean: f64,
        variance: f64,
        /// No weight is farther from the mean, and some are at six tenths of it.
        range: f64,
    }

    fn expected() -> Vec<Expected> {
        let (fan_in, fans) = (FAN_IN as f64, (FAN_IN + FAN_OUT) as f64);
        let named = |name| AnyInitializer::from_name(name).unwrap();
        let with = |name, settings: [(&str, f32); 2]| {
            settings.into_iter().fold(named(name), |kind, (name, value)| kind.with(name, value).unwrap())
        };
        let uniform = |name, variance: f64| Expected {
            initializer: named(name),
            mean: 0.0,
            variance,
            range: (3.0 * variance).sqrt(),
        };
        let cut_off = |name, variance: f64| Expected {
            initializer: named(name),
            mean: 0.0,
            variance,
            range: 2.0 * variance.sqrt() / 0.879_625_66,
        };
        let of = |initializer, mean, variance, range| Expected { initializer, mean, variance, range };
        let normal = [("mean", 0.5), ("stddev", 2.0)];
        vec![
            uniform("glorot_uniform", 2.0 / fans),
            cut_off("glorot_normal", 2.0 / fans),
            uniform("he_uniform", 2.0 / fan_in),
            cut_off("he_normal", 2.0 / fan_in),
            uniform("lecun_uniform", 1.0 / fan_in),
            cut_off("lecun_normal", 1.0 / fan_in),
            uniform("random_uniform", 0.05 * 0.05 / 3.0),
            of(with("random_uniform", [("minval", 1.0), ("maxval", 4.0)]), 2.5, 0.75, 1.5),
            of(with("random_uniform", [("minval", 4.0), ("maxval", 1.0)]), 2.5, 0.75, 1.5),
            of(named("random_normal"), 0.0, 0.05 * 0.05, 0.05 * 6.0),
            of(with("random_normal", normal), 0.5, 4.0, 2.0 * 6.0),
            of(named("truncated_normal"), 0.0, 0.05 * 0.05 * 0.773_741, 0.1),
            of(with("truncated_normal", normal), 0.5, 4.0 * 0.773_741, 4.0),
            // A column of length 1 in fan_in dimensions; an element is about normal.
            of(named("orthogonal"), 0.0, 1.0 / fan_in, 6.0 / fan_in.sqrt()),
            of(named("orthogonal").with("gain", 3.0).unwrap(), 0.0, 9.0 / fan_in, 18.0 / fan_in.sqrt()),
        ]
    }

    #[test]
    fn every_distribution_has_its_mean_variance_and_range() {
        for Expected { initializer, mean, variance, range } in expected() {
            let mut w = vec![0.0; FAN_IN * FAN_OUT];
            initializer.fill(FAN_IN, FAN_OUT, &mut stream(), &mut w);
            let count = w.len() as f64;
            let average = w.iter().map(|&w| f64::from(w)).sum::<f64>() / count;
            let square = |w: &f32| (f64::from(*w) - mean) * (f64::from(*w) - mean);
            let found = w.iter().map(square).sum::<f64>() / count;
            let reached = w.iter().fold(0.0_f64, |most, &w| most.max((f64::from(w) - mean).abs()));
            assert!((average - mean).abs() < 5.0 * (variance / count).sqrt(), "{initializer} has mean {average}");
            assert!((found / variance - 1.0).abs() < 0.03, "{initializer} has variance {found}, not {variance}");
            assert!(reached <= range * 1.000_001 && reached > 0.6 * range, "{initializer} reaches {reached}");
        }
    }

    #[test]
    fn every_random_initializer_has_its_distribution_tested() {
        let is_random = |initializer: &&AnyInitializer| {
            let mut w = [0.0; 6];
            initializer.fill(2, 3, &mut stream(), &mut w);
            w.iter().any(|w| w.fract() != 0.0)
        };
        for initializer in AnyInitializer::ALL.iter().filter(is_random) {
            let tested = expected().iter().any(|expected| expected.initializer == *initializer);
            assert!(tested, "{initializer} has no expected distribution");
        }
    }

    #[test]
    fn constants_are_constant_and_nothing_is_filled_with_nothing() {
        let filled = |initializer: AnyInitializer| {
            let mut w = [9.0; 4];
            initializer.fill(2, 2, &mut stream(), &mut w);
            w
        };
        assert_eq!((filled(Zeros.into()), filled(Ones.into())), ([0.0; 4], [1.0; 4]));
        assert_eq!(filled(Constant.into()), [0.0; 4]);
        assert_eq!(filled(Constant.with("value", -0.5).unwrap().into()), [-0.5; 4]);
        assert_eq!(filled(IdentityMatrix.into()), [1.0, 0.0, 0.0, 1.0]);
        assert_eq!(filled(IdentityMatrix.with("gain", 0.5).unwrap().into()), [0.5, 0.0, 0.0, 0.5]);
        for initializer in AnyInitializer::ALL {
            initializer.fill(0, 0, &mut stream(), &mut []);
            initializer.fill(3, 2, &mut stream(), &mut []);
        }
    }
}
