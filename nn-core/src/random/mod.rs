//! Random streams, each a pure function of (seed, purpose, epoch, index): Philox4x32-10 (Salmon et al., 2011).
//!
//! The seed is the generator's key; purpose, epoch and index are the upper words of its counter. So any number
//! can be drawn again by itself, and no stream depends on another, on a thread or on the machine.

#[cfg(feature = "std")]
mod fill;

use rand_philox::Philox;

use crate::math;

/// What random numbers are for; each purpose has streams of its own.
///
/// ```
/// use nn_core::random::{Purpose, Stream};
///
/// let [mut first, mut second] = [0, 1].map(|layer| Stream::new(42, Purpose::Initialize { layer }, 0, 0));
/// assert_ne!(first.word(), second.word());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The initial values of a layer's kernel.
    Initialize {
        /// Position of the layer in the network, from 0.
        layer: u16,
    },
    /// The order of the samples in an epoch.
    Shuffle,
    /// The units that a dropout layer switches off for a sample.
    Dropout {
        /// Position of the layer in the network, from 0.
        layer: u16,
    },
    /// The input of a model file's test vector.
    TestVector,
    /// Which way numbers are rounded when an optimizer packs what it remembers of a row of weights.
    Rounding,
    /// What is added to the units of a layer for a sample.
    Noise {
        /// Position of the layer in the network, from 0.
        layer: u16,
    },
    /// Which samples of a data set are held back.
    Split,
    /// How a training sample is distorted.
    Augmentation,
    /// How a test sample is distorted, to be answered several times.
    Poll,
    /// Which settings a search tries.
    Search,
}

impl Purpose {
    /// The counter word of this purpose: its tag above the layer's position. Tags are never renumbered.
    const fn word(self) -> u32 {
        match self {
            Self::Initialize { layer } => (1 << 16) | layer as u32,
            Self::Shuffle => 2 << 16,
            Self::Dropout { layer } => (3 << 16) | layer as u32,
            Self::TestVector => 4 << 16,
            Self::Rounding => 5 << 16,
            Self::Noise { layer } => (6 << 16) | layer as u32,
            Self::Split => 7 << 16,
            Self::Augmentation => 8 << 16,
            Self::Poll => 9 << 16,
            Self::Search => 10 << 16,
        }
    }
}

/// One stream of random numbers.
///
/// ```
/// use nn_core::random::{Purpose, Stream};
///
/// let mut stream = Stream::new(42, Purpose::Shuffle, 0, 0);
/// let mut same = Stream::new(42, Purpose::Shuffle, 0, 0);
/// assert_eq!(stream.uniform(), same.uniform());
/// ```
#[derive(Clone, Debug)]
pub struct Stream(Philox);

impl Stream {
    /// The stream of these coordinates.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the key is the seed's two halves")]
    pub fn new(seed: u64, purpose: Purpose, epoch: u32, index: u32) -> Self {
        let key = [seed as u32, (seed >> 32) as u32];
        let place = (u128::from(purpose.word()) << 96) | (u128::from(epoch) << 64) | (u128::from(index) << 32);
        Self(Philox::new(key, place))
    }

    /// A whole number from all 2³².
    pub fn word(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A multiple of 2⁻²⁴ in [0, 1).
    pub fn uniform(&mut self) -> f32 {
        uniform(self.word())
    }

    /// A number from the normal distribution with mean 0 and variance 1 (Box and Muller, 1958): √(−2 ln(1 − u)) · cos 2πv, with
    /// two uniform numbers u and v.
    pub fn normal(&mut self) -> f32 {
        // 1 − u is above 0, so its logarithm is finite.
        let (u, v) = (1.0 - self.uniform(), self.uniform());
        math::sqrt(-2.0 * math::ln(u)) * math::cos(core::f32::consts::TAU * v)
    }

    /// A whole number below `bound`, each equally often; 0 where `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        if bound == 0 { 0 } else { self.0.bounded(bound) }
    }
}

/// The multiple of 2⁻²⁴ in [0, 1) that a [word](Stream::word) stands for.
#[inline]
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "24 bits fit an f32 exactly")]
pub const fn uniform(word: u32) -> f32 {
    /// 2⁻²⁴
    const UNIT: f32 = 1.0 / 16_777_216.0;
    (word >> 8) as f32 * UNIT
}

#[cfg(test)]
mod tests {
    use super::{Purpose, Stream};

    #[test]
    fn the_first_words_of_a_stream_never_change() {
        // Random123's known-answer test: key 0, counter 0.
        assert_eq!(rand_philox::philox4x32_10([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        let mut stream = Stream::new(7, Purpose::Dropout { layer: 1 }, 2, 3);
        let words = rand_philox::philox4x32_10([0, 3, 2, (3 << 16) | 1], [7, 0]);
        assert_eq!(words, [stream.word(), stream.word(), stream.word(), stream.word()]);
    }

    #[test]
    fn each_coordinate_gives_another_stream() {
        let first = |seed, purpose, epoch, index| Stream::new(seed, purpose, epoch, index).word();
        let origin = first(0, Purpose::Shuffle, 0, 0);
        assert_ne!(origin, first(1, Purpose::Shuffle, 0, 0));
        assert_ne!(origin, first(1 << 32, Purpose::Shuffle, 0, 0));
        assert_ne!(origin, first(0, Purpose::Dropout { layer: 0 }, 0, 0));
        assert_ne!(origin, first(0, Purpose::Shuffle, 1, 0));
        assert_ne!(origin, first(0, Purpose::Shuffle, 0, 1));
    }

    #[test]
    fn uniform_numbers_have_the_mean_and_variance_of_their_range() {
        let mut stream = Stream::new(0, Purpose::Shuffle, 0, 0);
        let numbers: std::vec::Vec<f64> = (0..100_000).map(|_| f64::from(stream.uniform())).collect();
        let mean = numbers.iter().sum::<f64>() / 1e5;
        let variance = numbers.iter().map(|u| (u - mean) * (u - mean)).sum::<f64>() / 1e5;
        assert!((mean - 0.5).abs() < 0.003, "{mean}");
        assert!((variance - 1.0 / 12.0).abs() < 0.001, "{variance}");
        assert!(numbers.iter().all(|u| (0.0..1.0).contains(u)));
    }

    #[test]
    fn half_of_a_normal_distribution_is_within_two_thirds_of_its_deviation() {
        let mut stream = Stream::new(1, Purpose::Initialize { layer: 0 }, 0, 0);
        let within = (0..100_000).filter(|_| stream.normal().abs() < 0.674_49).count();
        assert!((49_000..51_000).contains(&within), "{within}");
    }

    #[test]
    fn below_reaches_every_number_and_no_other() {
        let mut stream = Stream::new(0, Purpose::Shuffle, 0, 0);
        let mut seen = [0; 5];
        for _ in 0..1000 {
            seen[stream.below(5) as usize] += 1;
        }
        assert!(seen.iter().all(|&times| times > 150), "{seen:?}");
        assert_eq!(stream.below(0), 0);
    }
}
