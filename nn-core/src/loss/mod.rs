//! Losses, one file each, value beside gradient; the table below is the list of them.

mod mean;

mod huber;
mod log_cosh;
mod mean_absolute_error;
mod mean_squared_error;
mod poisson;
mod quadratic;

mod binary_crossentropy;
mod binary_focal_crossentropy;
mod categorical_crossentropy;
mod categorical_focal_crossentropy;
mod kl_divergence;

mod categorical_hinge;
mod hinge;
mod squared_hinge;

pub use binary_crossentropy::BinaryCrossentropy;
pub use binary_focal_crossentropy::BinaryFocalCrossentropy;
pub use categorical_crossentropy::CategoricalCrossentropy;
pub use categorical_focal_crossentropy::CategoricalFocalCrossentropy;
pub use categorical_hinge::CategoricalHinge;
pub use hinge::Hinge;
pub use huber::Huber;
pub use kl_divergence::KlDivergence;
pub use log_cosh::LogCosh;
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_squared_error::MeanSquaredError;
pub use poisson::Poisson;
pub use quadratic::Quadratic;
pub use squared_hinge::SquaredHinge;

use crate::activation::{Activation, AnyActivation};
use crate::table::table;

/// How far the activations `a` of a sample are from its target `y`.
pub trait Loss {
    /// The loss of one sample.
    ///
    /// # Shapes
    /// - `a`, `y`: `[OUT]`
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
    }
}

impl Loss for AnyLoss {
    fn value(&self, a: &[f32], y: &[f32]) -> f32 {
        self.kind().value(a, y)
    }

    fn gradient(&self, a: &[f32], y: &[f32], da: &mut [f32]) {
        self.kind().gradient(a, y, da);
    }

    fn fused_gradient(&self, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool {
        self.kind().fused_gradient(activation, a, y, dz)
    }
}

/// Probabilities below this count as this, as in Keras, so that a certain mistake costs 16.1 and not infinity.
const EPSILON: f32 = 1e-7;

/// NaN stays NaN, so that a broken network shows.
fn at_least_epsilon(a: f32) -> f32 {
    if a < EPSILON { EPSILON } else { a }
}

/// A probability that is neither 0 nor 1; NaN stays NaN.
fn probability(a: f32) -> f32 {
    let most = 1.0 - EPSILON;
    if a > most { most } else { at_least_epsilon(a) }
}

/// x where it is above 0, else 0; NaN stays NaN.
fn above_zero(x: f32) -> f32 {
    if x < 0.0 { 0.0 } else { x }
}

#[cfg(test)]
mod tests {
    use super::{AnyLoss, Loss};
    use crate::activation::{Activation, AnyActivation};

    const STEP: f32 = 1e-2;

    #[test]
    fn every_gradient_is_the_limit_of_differences() {
        let a = [0.2, 0.3, 0.5];
        let y = [0.1, 0.7, 0.2];
        for loss in AnyLoss::ALL {
            let mut da = [0.0; 3];
            loss.gradient(&a, &y, &mut da);
            for k in 0..a.len() {
                let value = |step| {
                    let mut a = a;
                    a[k] += step;
                    loss.value(&a, &y)
                };
                let difference = (value(STEP) - value(-STEP)) / (2.0 * STEP);
                assert!((da[k] - difference).abs() < 5e-3, "{loss} at {k}: {} against {difference}", da[k]);
            }
        }
    }

    #[test]
    fn every_output_error_is_the_limit_of_differences() {
        let z = [-0.4, 0.3, 0.9];
        let y = [0.1, 0.7, 0.2];
        for loss in AnyLoss::ALL {
            for &activation in AnyActivation::ALL.iter().filter(|activation| activation.is_differentiable()) {
                let mut a = z;
                activation.forward(&mut a);
                let probabilities = ["crossentropy", "kl_", "poisson"].iter().any(|part| loss.name().contains(part));
                if probabilities && a.iter().any(|a| !(0.1..0.9).contains(a)) {
                    continue; // a logarithm is too steep there for these steps, or is not defined
                }
                let mut dz = [0.0; 3];
                loss.output_error(activation, &z, &a, &y, &mut dz);
                for k in 0..z.len() {
                    let value = |step| {
                        let mut a = z;
                        a[k] += step;
                        activation.forward(&mut a);
                        loss.value(&a, &y)
                    };
                    let difference = (value(STEP) - value(-STEP)) / (2.0 * STEP);
                    assert!((dz[k] - difference).abs() < 2e-3, "{loss}, {activation} at {k}: {} {difference}", dz[k]);
                }
            }
        }
    }

    #[test]
    fn a_perfect_answer_costs_nothing() {
        let y = [0.0, 1.0];
        // A Poisson loss has its minimum at y − y ln y, a hinge where the answer is certain enough.
        let others = |loss: &&AnyLoss| !["poisson", "hinge", "squared_hinge"].contains(&loss.name());
        for loss in AnyLoss::ALL.iter().filter(others) {
            assert!(loss.value(&y, &y).abs() < 1e-6, "{loss}");
        }
    }

    #[test]
    fn tags_and_names_lead_back_to_the_same_kind() {
        for &kind in AnyLoss::ALL {
            assert_eq!(AnyLoss::from_tag(kind.tag()), Some(kind));
            assert_eq!(AnyLoss::from_name(kind.name()), Some(kind));
        }
    }
}
