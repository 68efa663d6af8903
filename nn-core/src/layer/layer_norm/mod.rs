//! Layer normalization (Ba et al., 2016), a = γ · x̂ + β with x̂ = (x − μ) / √(σ² + ε), μ and σ² over one sample's units.

mod statistics;

pub use statistics::SampleStatistics;

use core::borrow::Borrow;
use core::fmt;

use super::storage::flash;
use super::{Borrowed, Layer, Owned, Pass, PerRow, Presence, Storage, Trainable, Turn, Untrained, vector_rows};

/// ε, as in Keras.
const EPSILON: f32 = 1e-3;

/// Normalizes each sample over its units, then scales and shifts each unit by what it learns; ε is 0.001.
///
/// ```
/// use nn_core::layer::{Layer, LayerNorm};
/// let a = LayerNorm::new([1.0; 2], [0.0; 2]).predict(&[100.0, 300.0]);
/// assert!((a[0] + 1.0).abs() < 1e-6 && (a[1] - 1.0).abs() < 1e-6);
/// ```
#[derive(Clone)]
pub struct LayerNorm<const UNITS: usize, S: Storage = Owned> {
    /// γ and β.
    parameters: S::Of<[[f32; UNITS]; 2]>,
}

impl<const UNITS: usize> LayerNorm<UNITS> {
    /// A layer that owns its parameters.
    ///
    /// # Shapes
    /// - `gamma`, `beta`: `[UNITS]`
    #[must_use]
    pub const fn new(gamma: [f32; UNITS], beta: [f32; UNITS]) -> Self {
        Self { parameters: [gamma, beta] }
    }
}

impl<'m, const UNITS: usize> LayerNorm<UNITS, Borrowed<'m>> {
    /// A layer whose parameters, γ then β, are elsewhere.
    ///
    /// # Shapes
    /// - `parameters`: `[2][UNITS]`
    pub const fn borrowed(parameters: &'m [[f32; UNITS]; 2]) -> Self {
        Self { parameters }
    }

    /// The layer with parameters of its own, which learn.
    #[must_use]
    pub const fn to_owned(&self) -> LayerNorm<UNITS> {
        LayerNorm { parameters: *self.parameters }
    }
}

impl<const UNITS: usize, S: Storage> LayerNorm<UNITS, S> {
    /// γ and β, `[2][UNITS]`.
    pub fn parameters(&self) -> &[[f32; UNITS]; 2] {
        self.parameters.borrow()
    }

    /// γ, by which each unit is multiplied, `[UNITS]`.
    pub fn gamma(&self) -> &[f32; UNITS] {
        let [gamma, _] = self.parameters.borrow();
        gamma
    }

    /// β, which is added to each unit, `[UNITS]`.
    pub fn beta(&self) -> &[f32; UNITS] {
        let [_, beta] = self.parameters.borrow();
        beta
    }
}

impl<const UNITS: usize, S: Storage> fmt::Debug for LayerNorm<UNITS, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LayerNorm {UNITS}")
    }
}

impl<const UNITS: usize> Untrained for LayerNorm<UNITS> {
    const UNTRAINED: Self = Self::new([1.0; UNITS], [0.0; UNITS]);
}

impl<const UNITS: usize, S: Storage> Layer for LayerNorm<UNITS, S> {
    type Input = [f32; UNITS];
    type Output = [f32; UNITS];
    type Hidden = ();

    const LAYERS: u16 = 1;
    const FLASH: usize = flash::<S, [[f32; UNITS]; 2]>();

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[f32; UNITS], _hidden: &mut (), a: &mut [f32; UNITS]) {
        SampleStatistics::of(x).forward(x, self.gamma(), self.beta(), a);
    }
}

impl<const UNITS: usize, S: Storage> Trainable for LayerNorm<UNITS, S> {
    type Learning = S::Learning;
    type Tape<U: Presence> = ();
    type Memory<M: PerRow> = <S::Learning as Presence>::Of<[M::Of<UNITS>; 2]>;

    const ROWS: u32 = if S::Learning::IS_PRESENT { 2 } else { 0 };

    fn forward_taped<U: Presence>(&self, _turn: Turn, x: &[f32; UNITS], _tape: &mut (), a: &mut [f32; UNITS]) {
        self.forward::<true>(x, &mut (), a);
    }

    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, _tape: &mut ()) {
        let Some(dx) = U::get_mut(pass.dx) else { return };
        SampleStatistics::of(pass.x).input_gradient(pass.x, self.gamma(), pass.d, dx);
    }

    vector_rows::learns! { parameters, |_layer, x, d, [dgamma, dbeta]| {
        SampleStatistics::of(x).add_parameter_gradients(x, d, dgamma, dbeta);
    }}
}
