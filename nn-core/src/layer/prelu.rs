//! Parametric ReLU (He et al., 2015), a = x for x > 0 and α·x elsewhere, with a slope α that each unit learns.

use core::borrow::Borrow;
use core::fmt;

use super::storage::flash;
use super::{Borrowed, Layer, Owned, Pass, PerRow, Presence, Storage, Trainable, Turn, Untrained, vector_rows};

/// The slopes α of any number of units, with the formulas that they enter.
///
/// ```
/// use nn_core::layer::Slopes;
/// let mut a = [0.0; 2];
/// Slopes(&[0.5, 0.25]).forward(&[-2.0, 4.0], &mut a);
/// assert_eq!(a, [-1.0, 4.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slopes<'s>(pub &'s [f32]);

impl Slopes<'_> {
    /// a = x for x > 0, α·x elsewhere, of one sample.
    ///
    /// # Shapes
    /// - all: `[UNITS]`
    #[inline]
    pub fn forward(self, x: &[f32], a: &mut [f32]) {
        for ((a, &x), &alpha) in a.iter_mut().zip(x).zip(self.0) {
            *a = if x > 0.0 { x } else { alpha * x };
        }
    }

    /// Adds the gradient by the slopes of one sample, d · x for x ≤ 0 and 0 elsewhere.
    ///
    /// # Shapes
    /// - all: `[UNITS]`
    pub fn add_gradients(x: &[f32], d: &[f32], dalpha: &mut [f32]) {
        for ((dalpha, &x), &d) in dalpha.iter_mut().zip(x).zip(d) {
            *dalpha += if x > 0.0 { 0.0 } else { d * x };
        }
    }

    /// The gradient by the input of one sample, dx = d for x > 0, α·d elsewhere.
    ///
    /// # Shapes
    /// - all: `[UNITS]`
    pub fn input_gradient(self, x: &[f32], d: &[f32], dx: &mut [f32]) {
        for (((dx, &x), &d), &alpha) in dx.iter_mut().zip(x).zip(d).zip(self.0) {
            *dx = if x > 0.0 { d } else { alpha * d };
        }
    }
}

/// a = x for x > 0, α·x elsewhere; α starts at 0, as in Keras.
///
/// ```
/// use nn_core::layer::{Layer, Prelu};
/// assert_eq!(Prelu::new([0.5, 0.25]).predict(&[-2.0, 4.0]), [-1.0, 4.0]);
/// ```
#[derive(Clone)]
pub struct Prelu<const UNITS: usize, S: Storage = Owned> {
    alpha: S::Of<[[f32; UNITS]; 1]>,
}

impl<const UNITS: usize> Prelu<UNITS> {
    /// A layer that owns its slopes.
    ///
    /// # Shapes
    /// - `alpha`: `[UNITS]`
    #[must_use]
    pub const fn new(alpha: [f32; UNITS]) -> Self {
        Self { alpha: [alpha] }
    }
}

impl<'m, const UNITS: usize> Prelu<UNITS, Borrowed<'m>> {
    /// A layer whose slopes are elsewhere.
    ///
    /// # Shapes
    /// - `alpha`: `[UNITS]`
    pub const fn borrowed(alpha: &'m [f32; UNITS]) -> Self {
        Self { alpha: core::array::from_ref(alpha) }
    }

    /// The layer with slopes of its own, which learn.
    #[must_use]
    pub const fn to_owned(&self) -> Prelu<UNITS> {
        Prelu { alpha: *self.alpha }
    }
}

impl<const UNITS: usize, S: Storage> Prelu<UNITS, S> {
    /// The slopes below 0, `[UNITS]`.
    pub fn alpha(&self) -> &[f32; UNITS] {
        let [alpha] = self.alpha.borrow();
        alpha
    }

    fn slopes(&self) -> Slopes<'_> {
        Slopes(self.alpha())
    }
}

impl<const UNITS: usize, S: Storage> fmt::Debug for Prelu<UNITS, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prelu {UNITS}")
    }
}

impl<const UNITS: usize> Untrained for Prelu<UNITS> {
    const UNTRAINED: Self = Self::new([0.0; UNITS]);
}

impl<const UNITS: usize, S: Storage> Layer for Prelu<UNITS, S> {
    type Input = [f32; UNITS];
    type Output = [f32; UNITS];
    type Hidden = ();

    const LAYERS: u16 = 1;
    const FLASH: usize = flash::<S, [f32; UNITS]>();

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[f32; UNITS], _hidden: &mut (), a: &mut [f32; UNITS]) {
        self.slopes().forward(x, a);
    }
}

impl<const UNITS: usize, S: Storage> Trainable for Prelu<UNITS, S> {
    type Learning = S::Learning;
    type Tape<U: Presence> = ();
    type Memory<M: PerRow> = <S::Learning as Presence>::Of<[M::Of<UNITS>; 1]>;

    const ROWS: u32 = if S::Learning::IS_PRESENT { 1 } else { 0 };

    fn forward_taped<U: Presence>(&self, _turn: Turn, x: &[f32; UNITS], _tape: &mut (), a: &mut [f32; UNITS]) {
        self.forward::<true>(x, &mut (), a);
    }

    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, _tape: &mut ()) {
        let Some(dx) = U::get_mut(pass.dx) else { return };
        self.slopes().input_gradient(pass.x, pass.d, dx);
    }

    vector_rows::learns! { alpha, |_layer, x, d, [dalpha]| Slopes::add_gradients(x, d, dalpha) }
}
