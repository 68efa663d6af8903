//! A layer that does nothing: what goes past the layers of a residual block, or the plain branch of a concatenation.

use super::{Absent, Layer, Pass, PerRow, Presence, Trainable, Turn, Untrained};

/// a = x.
///
/// ```
/// use nn_core::layer::{Layer, Skip};
/// assert_eq!(Skip::<2>.predict(&[1.0, 2.0]), [1.0, 2.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skip<const UNITS: usize>;

impl<const UNITS: usize> Untrained for Skip<UNITS> {
    const UNTRAINED: Self = Self;
}

impl<const UNITS: usize> Layer for Skip<UNITS> {
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

impl<const UNITS: usize> Trainable for Skip<UNITS> {
    type Learning = Absent;
    type Tape<U: Presence> = ();
    type Memory<M: PerRow> = ();

    const ROWS: u32 = 0;

    fn forward_taped<U: Presence>(&self, _turn: Turn, x: &[f32; UNITS], _tape: &mut (), a: &mut [f32; UNITS]) {
        *a = *x;
    }

    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, _tape: &mut ()) {
        if let Some(dx) = U::get_mut(pass.dx) {
            *dx = *pass.d;
        }
    }
}
