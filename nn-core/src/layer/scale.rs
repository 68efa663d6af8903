//! Input scaling as the first layer, a = (x − offset) · scale: standardization, or to a range.

use core::borrow::Borrow;
use core::fmt;

use super::storage::flash;
use super::{Absent, Borrowed, Layer, Owned, Pass, PerRow, Presence, Storage, Trainable, Turn, Untrained};

/// Offset and scale of any number of features, with the formulas that they enter.
///
/// ```
/// use nn_core::layer::FeatureScale;
/// let mut a = [0.0; 2];
/// FeatureScale { offset: &[20.0, 100.0], scale: &[0.5, 0.01] }.forward(&[24.0, 50.0], &mut a);
/// assert_eq!(a, [2.0, -0.5]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeatureScale<'s> {
    /// What is taken from each feature, `[UNITS]`.
    pub offset: &'s [f32],
    /// What each difference is multiplied by, `[UNITS]`.
    pub scale: &'s [f32],
}

impl FeatureScale<'_> {
    /// a = (x − offset) · scale, of one sample.
    ///
    /// # Shapes
    /// - all: `[UNITS]`
    #[inline]
    pub fn forward(self, x: &[f32], a: &mut [f32]) {
        for (((a, &x), &offset), &scale) in a.iter_mut().zip(x).zip(self.offset).zip(self.scale) {
            *a = (x - offset) * scale;
        }
    }

    /// The gradient by the input of one sample, dx = d · scale.
    ///
    /// # Shapes
    /// - all: `[UNITS]`
    pub fn input_gradient(self, d: &[f32], dx: &mut [f32]) {
        for ((dx, &d), &scale) in dx.iter_mut().zip(d).zip(self.scale) {
            *dx = d * scale;
        }
    }
}

/// Scales each feature by numbers that come from the training data and do not learn.
///
/// Standardization has the mean as offset and 1 / (standard deviation) as scale; the range from 0 to 1 has the least
/// value as offset and 1 / (largest − least) as scale.
///
/// ```
/// use nn_core::layer::{Layer, Scale};
/// let scale = Scale::new([20.0, 100.0], [0.5, 0.01]);
/// assert_eq!(scale.predict(&[24.0, 50.0]), [2.0, -0.5]);
/// ```
#[derive(Clone)]
pub struct Scale<const UNITS: usize, S: Storage = Owned> {
    offset: S::Of<[f32; UNITS]>,
    scale: S::Of<[f32; UNITS]>,
}

impl<const UNITS: usize> Scale<UNITS> {
    /// A layer that holds its numbers.
    ///
    /// # Shapes
    /// - `offset`, `scale`: `[UNITS]`
    #[must_use]
    pub const fn new(offset: [f32; UNITS], scale: [f32; UNITS]) -> Self {
        Self { offset, scale }
    }
}

impl<'m, const UNITS: usize> Scale<UNITS, Borrowed<'m>> {
    /// A layer whose numbers are elsewhere.
    ///
    /// # Shapes
    /// - `offset`, `scale`: `[UNITS]`
    pub const fn borrowed(offset: &'m [f32; UNITS], scale: &'m [f32; UNITS]) -> Self {
        Self { offset, scale }
    }

    /// The layer with numbers of its own.
    #[must_use]
    pub const fn to_owned(&self) -> Scale<UNITS> {
        Scale::new(*self.offset, *self.scale)
    }
}

impl<const UNITS: usize, S: Storage> Scale<UNITS, S> {
    /// What is taken from each feature, `[UNITS]`.
    pub fn offset(&self) -> &[f32; UNITS] {
        self.offset.borrow()
    }

    /// What each difference is multiplied by, `[UNITS]`.
    pub fn scale(&self) -> &[f32; UNITS] {
        self.scale.borrow()
    }

    fn features(&self) -> FeatureScale<'_> {
        FeatureScale { offset: self.offset(), scale: self.scale() }
    }
}

impl<const UNITS: usize, S: Storage> fmt::Debug for Scale<UNITS, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scale {UNITS}")
    }
}

impl<const UNITS: usize> Untrained for Scale<UNITS> {
    const UNTRAINED: Self = Self::new([0.0; UNITS], [1.0; UNITS]);
}

impl<const UNITS: usize, S: Storage> Layer for Scale<UNITS, S> {
    type Input = [f32; UNITS];
    type Output = [f32; UNITS];
    type Hidden = ();

    const LAYERS: u16 = 1;
    const FLASH: usize = flash::<S, [[f32; UNITS]; 2]>();

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[f32; UNITS], _hidden: &mut (), a: &mut [f32; UNITS]) {
        self.features().forward(x, a);
    }
}

impl<const UNITS: usize, S: Storage> Trainable for Scale<UNITS, S> {
    type Learning = Absent;
    type Tape<U: Presence> = ();
    type Memory<M: PerRow> = ();

    const ROWS: u32 = 0;

    fn forward_taped<U: Presence>(&self, _turn: Turn, x: &[f32; UNITS], _tape: &mut (), a: &mut [f32; UNITS]) {
        self.forward::<true>(x, &mut (), a);
    }

    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, _tape: &mut ()) {
        if let Some(dx) = U::get_mut(pass.dx) {
            self.features().input_gradient(pass.d, dx);
        }
    }
}
