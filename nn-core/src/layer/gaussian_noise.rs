//! Gaussian noise (Bishop, 1995): in training each unit has a number added, normal with mean 0 and standard deviation `stddev`.

use super::{Absent, Layer, Pass, PerRow, Presence, Trainable, Turn, Untrained};
use crate::train::Occasion;

/// The standard deviation of noise, finite and not below 0.
///
/// ```
/// use nn_core::layer::Stddev;
/// assert!(Stddev::new(0.1).is_ok());
/// assert!(Stddev::new(-0.1).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stddev(f32);

/// A standard deviation that is below 0 or not finite.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("standard deviation is {0}, it must be at least 0 and finite")]
pub struct StddevError(pub f32);

impl Stddev {
    /// The standard deviation, if it can be one.
    ///
    /// # Errors
    /// [`StddevError`] if `stddev` is below 0 or not finite.
    pub fn new(stddev: f32) -> Result<Self, StddevError> {
        let ok = stddev >= 0.0 && stddev.is_finite();
        if ok { Ok(Self(stddev)) } else { Err(StddevError(stddev)) }
    }

    /// The standard deviation.
    #[must_use]
    pub const fn get(self) -> f32 {
        self.0
    }

    /// Adds noise, the same on the same occasion. The gradient by the input is that by the output.
    ///
    /// # Shapes
    /// - `values`: `[UNITS]`, one sample
    pub fn apply(self, occasion: Occasion, values: &mut [f32]) {
        let mut stream = occasion.noise_stream();
        values.iter_mut().for_each(|value| *value += self.0 * stream.normal());
    }
}

/// A layer that adds noise in training.
///
/// ```
/// use nn_core::layer::{GaussianNoise, Layer, Stddev};
/// let noise = GaussianNoise::new(Stddev::new(0.1)?);
/// assert_eq!(noise.predict(&[1.0, 2.0]), [1.0, 2.0]);
/// # Ok::<(), nn_core::layer::StddevError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaussianNoise<const UNITS: usize> {
    stddev: Stddev,
}

impl<const UNITS: usize> GaussianNoise<UNITS> {
    /// A layer with noise of this standard deviation.
    #[must_use]
    pub const fn new(stddev: Stddev) -> Self {
        Self { stddev }
    }

    /// The standard deviation.
    #[must_use]
    pub const fn stddev(&self) -> Stddev {
        self.stddev
    }
}

/// Keras has no default standard deviation; here there is no noise without one.
impl<const UNITS: usize> Untrained for GaussianNoise<UNITS> {
    const UNTRAINED: Self = Self { stddev: Stddev(0.0) };
}

impl<const UNITS: usize> Layer for GaussianNoise<UNITS> {
    type Input = [f32; UNITS];
    type Output = [f32; UNITS];
    type Hidden = ();

    const LAYERS: u16 = 1;
    const FLASH: usize = 0;

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[f32; UNITS], _hidden: &mut (), a: &mut [f32; UNITS]) {
        *a = *x;
    }
}

impl<const UNITS: usize> Trainable for GaussianNoise<UNITS> {
    type Learning = Absent;
    type Tape<U: Presence> = ();
    type Memory<M: PerRow> = ();

    const ROWS: u32 = 0;

    fn forward_taped<U: Presence>(&self, turn: Turn, x: &[f32; UNITS], _tape: &mut (), a: &mut [f32; UNITS]) {
        *a = *x;
        if turn.is_training() {
            self.stddev.apply(turn.occasion, a);
        }
    }

    /// dx = d
    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, _tape: &mut ()) {
        if let Some(dx) = U::get_mut(pass.dx) {
            *dx = *pass.d;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Stddev;
    use crate::train::Occasion;

    fn noisy(stddev: f32, occasion: Occasion) -> [f32; 10_000] {
        let mut values = [3.0; 10_000];
        Stddev::new(stddev).unwrap().apply(occasion, &mut values);
        values
    }

    #[test]
    fn noise_has_mean_zero_and_the_given_deviation() {
        let values = noisy(0.5, Occasion::FIRST);
        let mean = values.iter().sum::<f32>() / 1e4;
        let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f32>() / 1e4;
        assert!((mean - 3.0).abs() < 0.02 && (variance - 0.25).abs() < 0.01, "{mean} {variance}");
    }

    #[test]
    fn the_same_occasion_has_the_same_noise() {
        let occasion = Occasion { seed: 1, epoch: 2, sample: 3, layer: 4 };
        assert_eq!(noisy(0.1, occasion), noisy(0.1, occasion));
        assert_ne!(noisy(0.1, occasion), noisy(0.1, Occasion { sample: 4, ..occasion }));
        assert_ne!(noisy(0.1, occasion), noisy(0.1, occasion.after(1)));
        assert_ne!(occasion.noise_stream().word(), occasion.dropout_stream().word());
    }

    #[test]
    fn without_deviation_nothing_changes_and_impossible_ones_are_refused() {
        assert_eq!(noisy(0.0, Occasion::FIRST), [3.0; 10_000]);
        for stddev in [-0.1, f32::NAN, f32::INFINITY] {
            assert!(Stddev::new(stddev).is_err());
        }
    }
}
