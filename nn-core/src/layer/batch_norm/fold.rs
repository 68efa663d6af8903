//! Batch normalization at inference is a product and a sum a unit, a = scale · x + shift, which a dense layer beside it
//! can do by the way.

use super::EPSILON;
use crate::{kernel, math};

/// What a batch normalization does to each unit: a = scale · x + shift, with scale = γ / √(σ² + ε) and
/// shift = β − μ · scale.
///
/// `T` holds a value a unit: an array, or a vector on the host.
///
/// ```
/// use nn_core::layer::{BatchNorm, Dense, Layer};
/// # use nn_core::activation::Identity;
/// let (mut kernel, mut bias) = ([[1.0, 2.0], [3.0, 4.0]], [0.0, 1.0]);
/// let normalization = BatchNorm::new([[2.0, 1.0], [0.5, 0.0]], [[1.0, 0.0], [4.0, 1.0]]);
/// let both = Dense::new(kernel, bias, Identity).then(normalization);
/// both.second().fold().into_layer_before(kernel.as_flattened_mut(), &mut bias);
/// let folded = Dense::new(kernel, bias, Identity);
/// for (folded, both) in folded.predict(&[5.0, 6.0]).iter().zip(both.predict(&[5.0, 6.0])) {
///     assert!((folded - both).abs() < 1e-5);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fold<T> {
    scale: T,
    shift: T,
}

impl<T: AsRef<[f32]> + AsMut<[f32]>> Fold<T> {
    /// From γ and β, which become scale and shift, and from mean and variance.
    ///
    /// # Shapes
    /// - all: `[UNITS]`
    #[inline]
    pub fn of(gamma: T, beta: T, mean: &[f32], variance: &[f32]) -> Self {
        let mut fold = Self { scale: gamma, shift: beta };
        let units = fold.scale.as_mut().iter_mut().zip(fold.shift.as_mut()).zip(mean).zip(variance);
        for (((scale, shift), &mean), &variance) in units {
            *scale /= math::sqrt(variance + EPSILON);
            *shift -= mean * *scale;
        }
        fold
    }

    /// What each unit is multiplied by, `[UNITS]`.
    pub fn scale(&self) -> &[f32] {
        self.scale.as_ref()
    }

    /// What is added to each unit then, `[UNITS]`.
    pub fn shift(&self) -> &[f32] {
        self.shift.as_ref()
    }

    /// Normalizes one sample, in place.
    ///
    /// # Shapes
    /// - `x`: `[UNITS]`
    #[inline]
    pub fn apply(&self, x: &mut [f32]) {
        for ((x, &scale), &shift) in x.iter_mut().zip(self.scale()).zip(self.shift()) {
            *x = *x * scale + shift;
        }
    }

    /// From d to the gradient by the input of one sample, in place: dx = d · scale. The statistics are constants.
    ///
    /// # Shapes
    /// - `d`: `[UNITS]`
    #[inline]
    pub fn input_gradient(&self, d: &mut [f32]) {
        d.iter_mut().zip(self.scale()).for_each(|(d, &scale)| *d *= scale);
    }

    /// Folds the normalization into the dense layer whose pre-activations it normalizes:
    /// `w′[k][o] = w[k][o] · scale[o]` and `b′[o] = b[o] · scale[o] + shift[o]`.
    ///
    /// # Shapes
    /// - `w`: `[IN][UNITS]`, `b`: `[UNITS]`
    pub fn into_layer_before(&self, w: &mut [f32], b: &mut [f32]) {
        for row in w.chunks_exact_mut(self.scale().len().max(1)) {
            row.iter_mut().zip(self.scale()).for_each(|(w, &scale)| *w *= scale);
        }
        self.apply(b);
    }

    /// Folds the normalization into the dense layer whose input it normalizes:
    /// `b′[o] = b[o] + Σₖ shift[k] · w[k][o]` and `w′[k][o] = w[k][o] · scale[k]`.
    ///
    /// # Shapes
    /// - `w`: `[UNITS][OUT]`, `b`: `[OUT]`
    pub fn into_layer_after(&self, w: &mut [f32], b: &mut [f32]) {
        kernel::add_product::<true>(self.shift(), w, b);
        for (row, &scale) in w.chunks_exact_mut(b.len().max(1)).zip(self.scale()) {
            row.iter_mut().for_each(|w| *w *= scale);
        }
    }
}
