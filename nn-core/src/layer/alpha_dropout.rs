//! Alpha dropout (Klambauer et al., 2017): in training each unit becomes α′ = −λα, SELU's value far below 0, with probability p; then
//! a = s·x + t with s = ((1 − p)(1 + p·α′²))^−½ and t = −s·α′·p, which keeps mean 0 and variance 1.

use super::{Absent, DropoutRate, Layer, Pass, PerRow, Presence, Trainable, Turn, Untrained};
use crate::activation::SELU_FLOOR;
use crate::math;
use crate::train::Occasion;

/// Alpha dropout of any number of units, with this rate.
impl DropoutRate {
    /// s and t, which give what is left after switching off its mean and variance back.
    fn alpha_scale_and_shift(self) -> (f32, f32) {
        let p = self.get();
        let scale = 1.0 / math::sqrt((1.0 - p) * (1.0 + p * (SELU_FLOOR * SELU_FLOOR)));
        (scale, -scale * SELU_FLOOR * p)
    }

    /// Alpha dropout of one sample: the same units on the same occasion become s·α′ + t, the others s·x + t.
    ///
    /// # Shapes
    /// - `values`: `[UNITS]`, one sample
    pub fn apply_alpha(self, occasion: Occasion, values: &mut [f32]) {
        let (mut is_off, (scale, shift)) = (self.draws(occasion), self.alpha_scale_and_shift());
        for value in values {
            *value = scale * if is_off() { SELU_FLOOR } else { *value } + shift;
        }
    }

    /// From d to the gradient by the input of [`apply_alpha`](Self::apply_alpha), in place: dx = s·d, or 0 for what was switched off.
    ///
    /// # Shapes
    /// - `d`: `[UNITS]`, one sample
    pub fn apply_alpha_gradient(self, occasion: Occasion, d: &mut [f32]) {
        let (mut is_off, (scale, _)) = (self.draws(occasion), self.alpha_scale_and_shift());
        for d in d {
            *d = if is_off() { 0.0 } else { scale * *d };
        }
    }
}

/// Dropout for networks of [`Selu`](crate::activation::Selu), which it leaves normalized.
///
/// ```
/// use nn_core::layer::{AlphaDropout, DropoutRate, Layer};
/// let dropout = AlphaDropout::new(DropoutRate::new(0.1)?);
/// assert_eq!(dropout.predict(&[1.0, 2.0]), [1.0, 2.0]);
/// # Ok::<(), nn_core::layer::RateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlphaDropout<const UNITS: usize> {
    rate: DropoutRate,
}

impl<const UNITS: usize> AlphaDropout<UNITS> {
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
}

/// Keras has no default rate; 0.05 and 0.1 are those of the paper.
impl<const UNITS: usize> Untrained for AlphaDropout<UNITS> {
    const UNTRAINED: Self = Self { rate: DropoutRate::TENTH };
}

impl<const UNITS: usize> Layer for AlphaDropout<UNITS> {
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

/// Which units are off is kept nowhere: it is drawn again from the occasion.
impl<const UNITS: usize> Trainable for AlphaDropout<UNITS> {
    type Learning = Absent;
    type Tape<U: Presence> = ();
    type Memory<M: PerRow> = ();

    const ROWS: u32 = 0;

    fn forward_taped<U: Presence>(&self, turn: Turn, x: &[f32; UNITS], _tape: &mut (), a: &mut [f32; UNITS]) {
        *a = *x;
        if turn.is_training() {
            self.rate.apply_alpha(turn.occasion, a);
        }
    }

    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, _tape: &mut ()) {
        let Some(dx) = U::get_mut(pass.dx) else { return };
        *dx = *pass.d;
        if pass.turn.is_training() {
            self.rate.apply_alpha_gradient(pass.turn.occasion, dx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DropoutRate;
    use crate::random::{Purpose, Stream};
    use crate::train::Occasion;

    #[test]
    fn values_are_those_of_the_formula() {
        // p = ½: s = (½ · (1 + ½ · 1.7580993²))^−½ = 0.886405, t = s · 1.7580993 / 2 = 0.779193.
        let mut values = [2.0; 64];
        DropoutRate::new(0.5).unwrap().apply_alpha(Occasion::FIRST, &mut values);
        let near = |value: f32, expected: f32| (value - expected).abs() < 1e-5;
        let (on, off) = (0.886_405 * 2.0 + 0.779_193, 0.886_405 * -1.758_099_3 + 0.779_193);
        assert!(values.iter().all(|&value| near(value, on) || near(value, off)), "{values:?}");
        assert!(values.iter().any(|&value| near(value, on)) && values.iter().any(|&value| near(value, off)));
    }

    #[test]
    fn mean_and_variance_of_normal_units_stay() {
        let mut stream = Stream::new(0, Purpose::Shuffle, 0, 0);
        let mut values = [0.0; 50_000];
        values.fill_with(|| stream.normal());
        DropoutRate::new(0.2).unwrap().apply_alpha(Occasion::FIRST, &mut values);
        let mean = values.iter().sum::<f32>() / 5e4;
        let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f32>() / 5e4;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }

    #[test]
    fn the_units_are_those_of_dropout_forward_and_backward() {
        let (rate, occasion) = (DropoutRate::new(0.4).unwrap(), Occasion { seed: 1, epoch: 2, sample: 3, layer: 4 });
        let (mut plain, mut gradient, mut alpha) = ([1.0; 64], [1.0; 64], [5.0; 64]);
        rate.apply(occasion, &mut plain);
        rate.apply_alpha_gradient(occasion, &mut gradient);
        rate.apply_alpha(occasion, &mut alpha);
        for ((plain, gradient), alpha) in plain.into_iter().zip(gradient).zip(alpha) {
            assert_eq!((plain == 0.0, gradient == 0.0), (alpha < 0.0, alpha < 0.0));
        }
    }

    #[test]
    fn rate_zero_changes_nothing() {
        let mut values = [1.5, -2.5, 0.0];
        DropoutRate::new(0.0).unwrap().apply_alpha(Occasion::FIRST, &mut values);
        assert_eq!(values, [1.5, -2.5, 0.0]);
    }
}
