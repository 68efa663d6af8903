//! When a sample is seen in training: all that the randomness of that moment depends on.

use crate::random::{Purpose, Stream};

/// The occasion on which a layer sees a sample.
///
/// ```
/// use nn_core::train::Occasion;
/// let third = Occasion { seed: 42, epoch: 0, sample: 2, ..Occasion::FIRST };
/// assert_eq!(third.after(1), Occasion { layer: 1, ..third });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// The seed of the whole training.
    pub seed: u64,
    /// The epoch, from 0.
    pub epoch: u32,
    /// The position of the sample in this epoch's order, from 0.
    pub sample: u32,
    /// The position of the layer in the network, from 0.
    pub layer: u16,
}

impl Occasion {
    /// The first sample of the first epoch at the first layer, with seed 0.
    pub const FIRST: Self = Self { seed: 0, epoch: 0, sample: 0, layer: 0 };

    /// The same sample, `layers` layers later.
    #[must_use]
    pub const fn after(self, layers: u16) -> Self {
        Self { layer: self.layer.wrapping_add(layers), ..self }
    }

    /// The stream from which a dropout layer draws its mask.
    #[must_use]
    pub fn dropout_stream(&self) -> Stream {
        Stream::new(self.seed, Purpose::Dropout { layer: self.layer }, self.epoch, self.sample)
    }

    /// The stream from which a layer draws the noise that it adds.
    #[must_use]
    pub fn noise_stream(&self) -> Stream {
        Stream::new(self.seed, Purpose::Noise { layer: self.layer }, self.epoch, self.sample)
    }
}
