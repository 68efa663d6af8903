//! Losses, one file each, value beside gradient; the table below is the list of them.

mod categorical_crossentropy;
mod mean_squared_error;

pub use categorical_crossentropy::CategoricalCrossentropy;
pub use mean_squared_error::MeanSquaredError;

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
    fn fused_gradient(&self, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) -> bool;

    /// The error of the output layer, dz (in the chapter: BP1), fused where that is possible.
    ///
    /// # Shapes
    /// - `a`, `y`, `dz`: `[OUT]`
    #[inline]
    fn output_error(&self, activation: AnyActivation, a: &[f32], y: &[f32], dz: &mut [f32]) {
        if !self.fused_gradient(activation, a, y, dz) {
            self.gradient(a, y, dz);
            activation.backward(a, dz);
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
            for &activation in AnyActivation::ALL {
                if loss.name() == "categorical_crossentropy" && ["linear", "relu"].contains(&activation.name()) {
                    continue; // no logarithm of activations below zero
                }
                let mut a = z;
                activation.forward(&mut a);
                let mut dz = [0.0; 3];
                loss.output_error(activation, &a, &y, &mut dz);
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
        for loss in AnyLoss::ALL {
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
