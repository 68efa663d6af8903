//! Dropout (Srivastava et al., 2014): in training each unit is switched off with probability p, and the others are
//! multiplied by 1 / (1 − p); afterwards everything passes.

use super::{Absent, Layer, Pass, PerRow, Presence, Trainable, Turn, Untrained};
use crate::random::uniform;
use crate::train::Occasion;

/// The probability with which a unit is switched off, in [0, 1).
///
/// ```
/// use nn_core::layer::DropoutRate;
/// assert!(DropoutRate::new(0.3).is_ok());
/// assert!(DropoutRate::new(1.0).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DropoutRate(f32);

/// A dropout rate that is not in [0, 1).
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("dropout rate is {0}, it must be at least 0 and below 1")]
pub struct RateError(pub f32);

impl DropoutRate {
    /// The rate, if it can be one.
    ///
    /// # Errors
    /// [`RateError`] if `rate` is not in [0, 1).
    pub fn new(rate: f32) -> Result<Self, RateError> {
        let ok = (0.0..1.0).contains(&rate);
        if ok { Ok(Self(rate)) } else { Err(RateError(rate)) }
    }

    /// A tenth.
    pub(super) const TENTH: Self = Self(0.1);

    /// The probability.
    #[must_use]
    pub const fn get(self) -> f32 {
        self.0
    }

    /// Switches units off, the same ones on the same occasion: activations forward, their gradient backward.
    ///
    /// # Shapes
    /// - `values`: `[UNITS]`, one sample
    pub fn apply(self, occasion: Occasion, values: &mut [f32]) {
        let mut stream = occasion.dropout_stream();
        values.iter_mut().for_each(|value| self.apply_words(&[stream.word()], core::slice::from_mut(value)));
    }

    /// Switches off the units whose words, the next ones of the occasion's [stream](Occasion::dropout_stream), are small.
    ///
    /// # Shapes
    /// - `words`, `values`: one a unit
    #[inline]
    pub fn apply_words(self, words: &[u32], values: &mut [f32]) {
        let scale = 1.0 / (1.0 - self.0);
        for (value, &word) in values.iter_mut().zip(words) {
            *value = if uniform(word) < self.0 { 0.0 } else { *value * scale };
        }
    }

    /// Whether the next unit is switched off, one unit after the other.
    pub(super) fn draws(self, occasion: Occasion) -> impl FnMut() -> bool {
        let mut stream = occasion.dropout_stream();
        move || stream.uniform() < self.0
    }
}

/// A layer that switches units off in training.
///
/// ```
/// use nn_core::layer::{Dropout, DropoutRate, Layer};
/// let dropout = Dropout::new(DropoutRate::new(0.5)?);
/// assert_eq!(dropout.predict(&[1.0, 2.0]), [1.0, 2.0]);
/// # Ok::<(), nn_core::layer::RateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout<const UNITS: usize> {
    rate: DropoutRate,
}

impl<const UNITS: usize> Dropout<UNITS> {
    /// A layer with this rate.
    #[must_use]
    pub const fn new(rate: DropoutRate) -> Self {
        Self { rate }
    }

    /// The probability with which a unit is switched off.
    #[must_use]
    pub const fn rate(&self) -> DropoutRate {
        self.rate
    }

    fn switch_off(&self, turn: Turn, values: &mut [f32; UNITS]) {
        if turn.is_training() {
            self.rate.apply(turn.occasion, values);
        }
    }
}

/// Keras has no default rate; a half is that of the paper.
impl<const UNITS: usize> Untrained for Dropout<UNITS> {
    const UNTRAINED: Self = Self { rate: DropoutRate(0.5) };
}

impl<const UNITS: usize> Layer for Dropout<UNITS> {
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

/// The mask is kept nowhere: it is drawn again from the occasion.
impl<const UNITS: usize> Trainable for Dropout<UNITS> {
    type Learning = Absent;
    type Tape<U: Presence> = ();
    type Memory<M: PerRow> = ();

    const ROWS: u32 = 0;

    fn forward_taped<U: Presence>(&self, turn: Turn, x: &[f32; UNITS], _tape: &mut (), a: &mut [f32; UNITS]) {
        *a = *x;
        self.switch_off(turn, a);
    }

    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, _tape: &mut ()) {
        if let Some(dx) = U::get_mut(pass.dx) {
            *dx = *pass.d;
            self.switch_off(pass.turn, dx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DropoutRate;
    use crate::train::Occasion;

    #[test]
    fn switches_off_the_given_share_and_keeps_the_mean() {
        let mut values = [1.0; 10_000];
        DropoutRate::new(0.3).unwrap().apply(Occasion::FIRST, &mut values);
        let off = values.iter().filter(|&&value| value == 0.0).count();
        assert!((2850..3150).contains(&off), "{off}");
        let mean = values.iter().sum::<f32>() / 10_000.0;
        assert!((mean - 1.0).abs() < 0.03, "{mean}");
    }

    #[test]
    fn rate_zero_changes_nothing() {
        let mut values = [1.5, -2.5, 0.1];
        DropoutRate::new(0.0).unwrap().apply(Occasion::FIRST, &mut values);
        assert_eq!(values, [1.5, -2.5, 0.1]);
    }

    #[test]
    fn the_same_occasion_switches_off_the_same_units() {
        let rate = DropoutRate::new(0.5).unwrap();
        let mask = |occasion: Occasion| {
            let mut values = [1.0; 64];
            rate.apply(occasion, &mut values);
            values
        };
        let occasion = Occasion { seed: 1, epoch: 2, sample: 3, layer: 4 };
        assert_eq!(mask(occasion), mask(occasion));
        assert_ne!(mask(occasion), mask(Occasion { sample: 4, ..occasion }));
        assert_ne!(mask(occasion), mask(occasion.after(1)));
    }
}
