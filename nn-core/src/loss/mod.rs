//! Losses, one file each, value beside gradient; the table below is the list of them.

mod mean;

mod huber;
mod log_cosh;
mod mean_absolute_error;
mod mean_squared_error;
mod poisson;
mod quadratic;

mod probability;

mod binary;
mod binary_crossentropy;
mod binary_focal_crossentropy;
mod focal;

mod categorical;
mod categorical_crossentropy;
mod categorical_focal_crossentropy;
mod kl_divergence;
mod sparse_categorical_crossentropy;

mod categorical_hinge;
mod hinge;
mod squared_hinge;

mod class;
mod weighted;

pub use binary_crossentropy::BinaryCrossentropy;
pub use binary_focal_crossentropy::BinaryFocalCrossentropy;
pub use categorical_crossentropy::CategoricalCrossentropy;
pub use categorical_focal_crossentropy::CategoricalFocalCrossentropy;
pub use categorical_hinge::CategoricalHinge;
pub use class::{Class, ClassError};
pub use hinge::Hinge;
pub use huber::Huber;
pub use kl_divergence::KlDivergence;
pub use log_cosh::LogCosh;
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_squared_error::MeanSquaredError;
pub use poisson::Poisson;
pub use quadratic::Quadratic;
pub use sparse_categorical_crossentropy::SparseCategoricalCrossentropy;
pub use squared_hinge::SquaredHinge;
pub use weighted::Weighted;

use crate::Vector;
use crate::activation::{Activation, AnyActivation};
use crate::setting::is_on;
use crate::table::table;

/// How far the activations `a` of a sample are from its target `y`.
pub trait Loss {
    /// The target of one sample with the outputs `V`, as a user of a typed network gives it: a vector like them, or the
    /// number of a [`Class`]. As a slice it is the `y` of the functions below.
    ///
    /// ```
    /// use nn_core::Vector;
    /// use nn_core::loss::{Class, Loss, MeanSquaredError, SparseCategoricalCrossentropy};
    ///
    /// fn judge<V: Vector, L: Loss>(loss: &L, a: &V, y: &L::Target<V>) -> f32 {
    ///     loss.value(a.as_ref(), y.as_ref())
    /// }
    /// assert_eq!(judge(&MeanSquaredError, &[0.5, 0.5], &[1.0, 0.0]), 0.25);
    /// assert_eq!(judge(&SparseCategoricalCrossentropy, &[0.5, 0.5], &Class::new(0)?), core::f32::consts::LN_2);
    /// # Ok::<(), nn_core::loss::ClassError>(())
    /// ```
    ///
    /// A class for a loss that wants vectors does not compile:
    ///
    /// ```compile_fail,E0308
    /// # use nn_core::Vector;
    /// # use nn_core::loss::{Class, Loss, MeanSquaredError};
    /// # fn judge<V: Vector, L: Loss>(loss: &L, a: &V, y: &L::Target<V>) -> f32 {
    /// #     loss.value(a.as_ref(), y.as_ref())
    /// # }
    /// judge(&MeanSquaredError, &[0.5, 0.5], &Class::<[f32; 2]>::new(0).unwrap());
    /// ```
    type Target<V: Vector>: AsRef<[f32]>
    where
        Self: Sized;

    /// The loss of one sample.
    ///
    /// # Shapes
    /// - `a`, `y`: `[OUT]`; `y` of a class: `[1]`
    fn value(&self, a: &[f32], y: &[f32]) -> f32;

    /// The gradient of one sample's loss by its activations.
    ///
    /// # Shapes
    /// - `a`, `y`, `da`: `[OUT]`
    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]);

    /// The gradient by the pre-activations, where this loss and the last activation are a pair whose product of
    /// derivatives has a form of its own, simpler and without cancellation. Says whether they are.
    ///
    /// # Shapes
    /// - `a`, `y`, `dz`: `[OUT]`
    #[inline]
    fn fused_gradient(&self, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool {
        let _ = (activation, a, y, dz);
        false
    }

    /// The error of the output layer, dz (in the chapter: BP1), fused where that is possible.
    ///
    /// # Shapes
    /// - `z`, `a`, `y`, `dz`: `[OUT]`; `z` is empty where the activation does without
    #[inline]
    fn output_error(&self, activation: AnyActivation, z: &[f32], a: &[f32], y: &[f32], dz: &mut [f32]) {
        if !self.fused_gradient(activation, a, y, dz) {
            self.gradient(a, y, dz);
            activation.backward(z, a, dz);
        }
    }
}

table! {
    /// A loss chosen at run time.
    ///
    /// ```
    /// use nn_core::loss::{AnyLoss, MeanSquaredError};
    /// assert_eq!(AnyLoss::from_name("mean_squared_error"), Some(MeanSquaredError.into()));
    /// ```
    AnyLoss as dyn Loss {
        0 => MeanSquaredError, "mean_squared_error";
        1 => CategoricalCrossentropy, "categorical_crossentropy";
        2 => MeanAbsoluteError, "mean_absolute_error";
        3 => Quadratic, "quadratic";
        4 => Huber, "huber";
        5 => LogCosh, "log_cosh";
        6 => Poisson, "poisson";
        7 => BinaryCrossentropy, "binary_crossentropy";
        8 => BinaryFocalCrossentropy, "binary_focal_crossentropy";
        9 => CategoricalFocalCrossentropy, "categorical_focal_crossentropy";
        10 => KlDivergence, "kl_divergence";
        11 => Hinge, "hinge";
        12 => SquaredHinge, "squared_hinge";
        13 => CategoricalHinge, "categorical_hinge";
        14 => SparseCategoricalCrossentropy, "sparse_categorical_crossentropy";
    }
}

impl AnyLoss {
    /// Whether the outputs are logits, on which the loss itself does what the last activation would do else.
    #[must_use]
    pub fn is_from_logits(&self) -> bool {
        self.setting("from_logits").is_some_and(is_on)
    }

    /// The kind that does the same with vectors as targets.
    fn of_vectors(self) -> Self {
        match self {
            Self::SparseCategoricalCrossentropy(sparse) => Self::CategoricalCrossentropy(sparse.into()),
            other => other,
        }
    }
}

/// Targets are vectors for every kind, one-hot for the sparse one: what is chosen at run time has no type of its own for
/// them.
impl Loss for AnyLoss {
    type Target<V: Vector> = V;

    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        self.of_vectors().kind().value(a, y)
    }

    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        self.of_vectors().kind().gradient(a, y, da);
    }

    fn fused_gradient(&self, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool {
        self.of_vectors().kind().fused_gradient(activation, a, y, dz)
    }
}

impl<L: Loss> Loss for &L {
    type Target<V: Vector> = L::Target<V>;

    #[inline]
    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        (**self).value(a, y)
    }

    #[inline]
    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        (**self).gradient(a, y, da);
    }

    #[inline]
    fn fused_gradient(&self, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool {
        (**self).fused_gradient(activation, a, y, dz)
    }
}

/// x where it is above 0, else 0; NaN stays NaN.
fn above_zero(x: f32) -> f32 {
    if x < 0.0 { 0.0 } else { x }
}

#[cfg(test)]
mod tests;
