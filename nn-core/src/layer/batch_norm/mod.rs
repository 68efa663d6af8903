//! Batch normalization (Ioffe and Szegedy, 2015), a = γ · x̂ + β with x̂ = (x − μ) / √(σ² + ε), each unit by itself.
//!
//! Over a batch the host takes μ and σ² from the batch ([`BatchStatistics`], [`Normalizer`]). One sample at a time, as a chip learns,
//! there is no batch: the layer normalizes with its moving statistics, as at inference, and these follow the samples.

mod fold;
mod normalizer;
mod statistics;

pub use fold::Fold;
pub use normalizer::Normalizer;
pub use statistics::BatchStatistics;

use core::borrow::Borrow;
use core::fmt;

use super::storage::flash;
use super::{Borrowed, Layer, Owned, Pass, PerRow, Presence, Storage, Trainable, Turn, Untrained, vector_rows};
use crate::math;

/// ε, as in Keras.
const EPSILON: f32 = 1e-3;

/// The share of a moving statistic that stays when a sample or a batch is added, as in Keras.
const MOMENTUM: f32 = 0.99;

/// Normalizes each unit by its moving statistics, then scales and shifts it by what it learns; ε is 0.001.
///
/// ```
/// use nn_core::layer::{BatchNorm, Layer};
/// let layer = BatchNorm::new([[2.0], [1.0]], [[10.0], [4.0]]); // γ, β, then mean and variance
/// assert!((layer.predict(&[14.0])[0] - 5.0).abs() < 1e-3); // 2 · (14 − 10) / √4 + 1
/// ```
#[derive(Clone)]
pub struct BatchNorm<const UNITS: usize, S: Storage = Owned> {
    /// γ and β.
    parameters: S::Of<[[f32; UNITS]; 2]>,
    /// Moving mean and variance.
    statistics: S::Of<[[f32; UNITS]; 2]>,
}

impl<const UNITS: usize> BatchNorm<UNITS> {
    /// A layer that owns its parameters γ and β, and its statistics, mean and variance.
    ///
    /// # Shapes
    /// - `parameters`, `statistics`: `[2][UNITS]`
    #[must_use]
    pub const fn new(parameters: [[f32; UNITS]; 2], statistics: [[f32; UNITS]; 2]) -> Self {
        Self { parameters, statistics }
    }
}

impl<'m, const UNITS: usize> BatchNorm<UNITS, Borrowed<'m>> {
    /// A layer whose parameters and statistics are elsewhere.
    ///
    /// # Shapes
    /// - `parameters`, `statistics`: `[2][UNITS]`
    pub const fn borrowed(parameters: &'m [[f32; UNITS]; 2], statistics: &'m [[f32; UNITS]; 2]) -> Self {
        Self { parameters, statistics }
    }

    /// The layer with parameters and statistics of its own, which learn.
    #[must_use]
    pub const fn to_owned(&self) -> BatchNorm<UNITS> {
        BatchNorm { parameters: *self.parameters, statistics: *self.statistics }
    }
}

impl<const UNITS: usize, S: Storage> BatchNorm<UNITS, S> {
    /// γ and β, `[2][UNITS]`.
    pub fn parameters(&self) -> &[[f32; UNITS]; 2] {
        self.parameters.borrow()
    }

    /// Moving mean and variance, `[2][UNITS]`.
    pub fn statistics(&self) -> &[[f32; UNITS]; 2] {
        self.statistics.borrow()
    }

    /// What the layer does to each unit: its multiple and its shift, which a neighboring dense layer can take over.
    pub fn fold(&self) -> Fold<[f32; UNITS]> {
        let ([gamma, beta], [mean, variance]) = (self.parameters(), self.statistics());
        Fold::of(*gamma, *beta, mean, variance)
    }

    /// Adds the parameters' gradients for one sample, d · x̂ and d; then the moving statistics follow it.
    fn learn_from(&mut self, x: &[f32; UNITS], d: &[f32; UNITS], [dgamma, dbeta]: &mut [[f32; UNITS]; 2]) {
        let [mean, variance] = self.statistics();
        let units = x.iter().zip(d).zip(mean.iter().zip(variance));
        for (((&x, &d), (&mean, &variance)), (dgamma, dbeta)) in units.zip(dgamma.iter_mut().zip(dbeta)) {
            *dgamma += d * ((x - mean) / math::sqrt(variance + EPSILON));
            *dbeta += d;
        }
        self.follow(x);
    }

    /// Lets the moving statistics follow one sample.
    fn follow(&mut self, x: &[f32; UNITS]) {
        let Some([mean, variance]) = S::get_mut(&mut self.statistics) else { return };
        for ((mean, variance), &x) in mean.iter_mut().zip(variance).zip(x) {
            let distance = x - *mean;
            *mean = moved(*mean, x);
            *variance = moved(*variance, distance * distance);
        }
    }
}

/// A moving statistic after one more value.
fn moved(statistic: f32, value: f32) -> f32 {
    statistic * MOMENTUM + value * (1.0 - MOMENTUM)
}

/// A number of samples, at least one.
#[expect(clippy::cast_precision_loss, reason = "batches have far fewer than 2²⁴ samples")]
fn count(samples: usize) -> f32 {
    samples.max(1) as f32
}

impl<const UNITS: usize, S: Storage> fmt::Debug for BatchNorm<UNITS, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BatchNorm {UNITS}")
    }
}

impl<const UNITS: usize> Untrained for BatchNorm<UNITS> {
    const UNTRAINED: Self = Self::new([[1.0; UNITS], [0.0; UNITS]], [[0.0; UNITS], [1.0; UNITS]]);
}

impl<const UNITS: usize, S: Storage> Layer for BatchNorm<UNITS, S> {
    type Input = [f32; UNITS];
    type Output = [f32; UNITS];
    type Hidden = ();

    const LAYERS: u16 = 1;
    const FLASH: usize = flash::<S, [[f32; UNITS]; 4]>();

    #[inline]
    fn forward<const SKIP_ZEROS: bool>(&self, x: &[f32; UNITS], _hidden: &mut (), a: &mut [f32; UNITS]) {
        *a = *x;
        self.fold().apply(a);
    }
}

/// The statistics count as constants in the backward pass.
impl<const UNITS: usize, S: Storage> Trainable for BatchNorm<UNITS, S> {
    type Learning = S::Learning;
    type Tape<U: Presence> = ();
    type Memory<M: PerRow> = <S::Learning as Presence>::Of<[M::Of<UNITS>; 2]>;

    const ROWS: u32 = if S::Learning::IS_PRESENT { 2 } else { 0 };

    fn forward_taped<U: Presence>(&self, _turn: Turn, x: &[f32; UNITS], _tape: &mut (), a: &mut [f32; UNITS]) {
        self.forward::<true>(x, &mut (), a);
    }

    /// dx = d · γ / √(σ² + ε)
    fn backward<U: Presence>(&self, pass: Pass<'_, Self, U>, _tape: &mut ()) {
        if let Some(dx) = U::get_mut(pass.dx) {
            *dx = *pass.d;
            self.fold().input_gradient(dx);
        }
    }

    vector_rows::learns! { parameters, |layer, x, d, sums| layer.learn_from(x, d, sums) }
}
