//! Parametric ReLU (He et al., 2015), a = x for x > 0 and α·x elsewhere, with a slope α that each unit learns.

use core::borrow::Borrow;
use core::fmt;

use super::storage::flash;
use super::{Borrowed, Layer, Owned, Pass, PerRow, Presence, Storage, Trainable, Turn, Untrained, vector_rows};

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
        for ((a, &x), &alpha) in a.iter_mut().zip(x).zip(self.alpha()) {
            *a = if x > 0.0 { x } else { alpha * x };
        }
    }
}

/// ∂L/∂α = d · x for x ≤ 0, 0 elsewhere.
fn slope_gradients<const UNITS: usize>(x: &[f32; UNITS], d: &[f32; UNITS]) -> [[f32; UNITS]; 1] {
    let mut g = [0.0; UNITS];
    for ((g, &x), &d) in g.iter_mut().zip(x).zip(d) {
        *g = if x > 0.0 { 0.0 } else { d * x };
    }
    [g]
}

impl<const UNITS: usize, S: Storage> Trainable for Prelu<UNITS, S> {
    type Learning = S::Learning;
    type Tape<U: Presence> = ();
    type Memory<M: PerRow> = <S::Learning as Presence>::Of<[M::Of<UNITS>; 1]>;

    const ROWS: u32 = if S::Learning::IS_PRESENT { 1 } else { 0 };

    fn forward_taped<U: Presence>(&self, _turn: Turn, x: &[f32; UNITS], _tape: &mut (), a: &mut [f32; UNITS]) {
        self.forward::<true>(x, &mut (), a);
    }

    /// dx = d for x > 0, α·d elsewhere
    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, _tape: &mut ()) {
        let Some(dx) = U::get_mut(pass.dx) else { return };
        for (((dx, &x), &d), &alpha) in dx.iter_mut().zip(pass.x).zip(&*pass.d).zip(self.alpha()) {
            *dx = if x > 0.0 { d } else { alpha * d };
        }
    }

    vector_rows::learns! { alpha, |_layer, x, d| slope_gradients(x, d) }
}
