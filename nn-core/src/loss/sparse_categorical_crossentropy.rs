//! Sparse categorical cross-entropy, L = −ln aₖ for the class k: categorical cross-entropy with the number of a class as target.

use super::categorical::{self, Categorical, Targets};
use super::class::{Class, class};
use super::{CategoricalCrossentropy, Loss};
use crate::Vector;
use crate::activation::AnyActivation;
use crate::setting::settings;

settings! {
    /// L = −ln aₖ, for probabilities a and the number k of the right class, from 0.
    ///
    /// As a slice the target is that one number. One that is no class, such as −1, 0.5 or the number of outputs, has the
    /// loss NaN and the gradient 0: the caller sees it, and no weight learns from it. [`Class`] is checked when it is made.
    ///
    /// ```
    /// use nn_core::loss::{Loss, SparseCategoricalCrossentropy};
    /// let loss = SparseCategoricalCrossentropy.value(&[0.25, 0.25, 0.5], &[2.0]);
    /// assert_eq!(loss, core::f32::consts::LN_2);
    /// assert!(SparseCategoricalCrossentropy.value(&[0.25, 0.25, 0.5], &[3.0]).is_nan());
    /// ```
    pub struct SparseCategoricalCrossentropy {
        /// whether the outputs are logits: the softmax is then part of the loss.
        from_logits: Switch = 0.0,
        /// s from 0 to 1; of n classes each gets s/n, and the right one 1 − s more. Keras has it for vectors alone.
        label_smoothing: Share = 0.0,
    }
}

/// The same loss with vectors as targets, one-hot for one class.
impl From<SparseCategoricalCrossentropy> for CategoricalCrossentropy {
    fn from(sparse: SparseCategoricalCrossentropy) -> Self {
        Self::of(sparse.from_logits, sparse.label_smoothing)
    }
}

impl SparseCategoricalCrossentropy {
    /// This loss of logits instead of probabilities: the softmax is part of it.
    #[must_use]
    pub const fn from_logits() -> Self {
        Self { from_logits: 1.0, ..Self::DEFAULT }
    }

    /// The same loss with vectors as targets.
    #[inline]
    fn of_vectors(self) -> CategoricalCrossentropy {
        self.into()
    }
}

/// The vector of `n` values that is 1 at `class`, else 0.
#[inline]
fn one_hot(class: usize, n: usize) -> impl Targets {
    (0..n).map(move |k| if k == class { 1.0 } else { 0.0 })
}

impl Loss for SparseCategoricalCrossentropy {
    type Target<V: Vector> = Class<V>;

    #[inline]
    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        let Some(class) = class(y, a.len()) else { return f32::NAN };
        categorical::value(&self.of_vectors(), a, one_hot(class, a.len()))
    }

    #[inline]
    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        match class(y, a.len()) {
            Some(class) => categorical::gradient(&self.of_vectors(), a, one_hot(class, a.len()), da),
            None => da.fill(0.0),
        }
    }

    /// After softmax, as that of vectors.
    #[inline]
    fn fused_gradient(&self, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool {
        let loss = self.of_vectors();
        let is_pair = matches!(activation, AnyActivation::Softmax(_)) && !loss.is_from_logits();
        match class(y, a.len()) {
            Some(class) if is_pair => categorical::gradient_after_softmax(&loss, a, one_hot(class, a.len()), dz),
            None if is_pair => dz.fill(0.0),
            _ => {}
        }
        is_pair
    }
}

#[cfg(test)]
mod tests {
    use super::SparseCategoricalCrossentropy;
    use crate::activation::{AnyActivation, Identity, Softmax};
    use crate::loss::{CategoricalCrossentropy, Loss};

    fn settings() -> impl Iterator<Item = SparseCategoricalCrossentropy> {
        let smoothed = |loss: SparseCategoricalCrossentropy| loss.with("label_smoothing", 0.25).unwrap();
        let plain = [SparseCategoricalCrossentropy, SparseCategoricalCrossentropy::from_logits()];
        plain.into_iter().chain(plain.map(smoothed))
    }

    /// The error of an output layer with this activation.
    fn error(loss: &impl Loss, activation: AnyActivation, y: &[f32]) -> [f32; 3] {
        let mut dz = [9.0; 3];
        loss.output_error(activation, &[], &[0.25, 0.625, 0.125], y, &mut dz);
        dz
    }

    #[test]
    fn a_class_is_a_one_hot_vector_bit_for_bit() {
        let a = [0.25, 0.625, 0.125];
        for sparse in settings() {
            let dense = CategoricalCrossentropy::from(sparse);
            for (class, one_hot) in [(0.0, [1.0, 0.0, 0.0]), (2.0, [0.0, 0.0, 1.0])] {
                assert_eq!(sparse.value(&a, &[class]), dense.value(&a, &one_hot), "{sparse:?}");
                for activation in [Softmax.into(), Identity.into()] {
                    assert_eq!(error(&sparse, activation, &[class]), error(&dense, activation, &one_hot), "{sparse:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_class_has_no_loss_and_no_gradient() {
        for sparse in settings() {
            for y in [[3.0].as_slice(), &[-1.0], &[0.5], &[f32::NAN], &[], &[0.0, 1.0, 0.0]] {
                assert!(sparse.value(&[0.25, 0.625, 0.125], y).is_nan(), "{sparse:?} {y:?}");
                assert_eq!(error(&sparse, Softmax.into(), y), [0.0; 3], "{sparse:?} {y:?}");
                assert_eq!(error(&sparse, Identity.into(), y), [0.0; 3], "{sparse:?} {y:?}");
            }
        }
    }
}
