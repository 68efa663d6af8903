//! Penalties for large weights, L ← L + λ₁ · Σ|w| + λ₂ · Σw², by their gradient, g ← g + λ₁ · sign(w) + 2λ₂ · w.

use super::{Adjustment, Known, RowWise, Scope};
use crate::optimizer::hyperparameters::not_negative;
use crate::optimizer::{HyperparameterError, Tensor, Weights};

/// L1 and L2 on kernels, on biases or on both; Keras' `kernel_regularizer` and `bias_regularizer`.
///
/// ```
/// use nn_core::optimizer::{Adam, Adjust, Penalty, Tensor};
/// let on_biases = Penalty::l1_l2(0.5, 0.25)?.on_biases();
/// assert_eq!(on_biases.value(Tensor::Bias, &[-1.0, 2.0]), 0.5 * 3.0 + 0.25 * 5.0);
/// let optimizer = Adam::default().with_l2(1e-4)?.with_penalty(on_biases);
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Penalty {
    l1: f32,
    l2: f32,
    on: On,
}

/// What a penalty is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum On {
    Kernels,
    Biases,
    Both,
}

impl Penalty {
    /// `l1` · Σ|w| over kernels, which drives weights to zero.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `l1` is at least 0 and finite.
    pub fn l1(l1: f32) -> Result<Self, HyperparameterError> {
        Self::l1_l2(l1, 0.0)
    }

    /// `l2` · Σw² over kernels, which keeps weights small.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `l2` is at least 0 and finite.
    pub fn l2(l2: f32) -> Result<Self, HyperparameterError> {
        Self::l1_l2(0.0, l2)
    }

    /// Both.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless both are at least 0 and finite.
    pub fn l1_l2(l1: f32, l2: f32) -> Result<Self, HyperparameterError> {
        Ok(Self { l1: not_negative("l1", l1)?, l2: not_negative("l2", l2)?, on: On::Kernels })
    }

    /// The same for biases alone.
    #[must_use]
    pub const fn on_biases(self) -> Self {
        Self { on: On::Biases, ..self }
    }

    /// The same for kernels and biases.
    #[must_use]
    pub const fn on_kernels_and_biases(self) -> Self {
        Self { on: On::Both, ..self }
    }

    /// Whether it is for weights of this tensor.
    const fn is_on(&self, tensor: Tensor) -> bool {
        matches!((self.on, tensor), (On::Kernels | On::Both, Tensor::Kernel) | (On::Biases | On::Both, Tensor::Bias))
    }

    /// What weights of a tensor add to the loss, λ₁ · Σ|w| + λ₂ · Σw²; 0 if the penalty is not for that tensor.
    #[must_use]
    pub fn value(&self, tensor: Tensor, w: &[f32]) -> f32 {
        if !self.is_on(tensor) {
            return 0.0;
        }
        let sizes = w.iter().fold(0.0, |sum, w| sum + w.abs());
        let squares = w.iter().fold(0.0, |sum, w| sum + w * w);
        self.l1 * sizes + self.l2 * squares
    }
}

impl Adjustment for Penalty {
    const SCOPE: Scope = Scope::Row;
    const KEEPS_ZEROS: bool = false;

    #[inline]
    fn adjust(&self, _known: &Known, weights: Weights<'_>) {
        if self.is_on(weights.tensor) {
            for (g, &w) in weights.g.iter_mut().zip(weights.w.iter()) {
                *g += self.l1 * sign(w) + 2.0 * self.l2 * w;
            }
        }
    }
}

impl RowWise for Penalty {}

/// −1, 0 or 1.
fn sign(w: f32) -> f32 {
    if w > 0.0 {
        1.0
    } else if w < 0.0 {
        -1.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::Penalty;
    use crate::optimizer::{Adjustment, Known, Tensor, Weights};

    /// What the penalty adds to gradients of zero.
    fn gradient(penalty: Penalty, tensor: Tensor, mut w: [f32; 4]) -> [f32; 4] {
        let mut g = [0.0; 4];
        let weights = Weights { tensor, row_length: 2, w: &mut w, g: &mut g };
        penalty.adjust(&Known { learning_rate: 0.1, sum_of_squares: 0.0 }, weights);
        g
    }

    #[test]
    fn the_gradient_is_that_of_the_value() {
        let w = [0.5, -1.5, 3.0, -0.25];
        for (l1, l2) in [(0.0, 0.5), (0.25, 0.0), (0.125, 2.0)] {
            let penalty = Penalty::l1_l2(l1, l2).unwrap();
            for (at, g) in gradient(penalty, Tensor::Kernel, w).into_iter().enumerate() {
                let value = |step| {
                    let mut w = w;
                    w[at] += step;
                    penalty.value(Tensor::Kernel, &w)
                };
                let difference = (value(0.125) - value(-0.125)) / 0.25;
                assert!((g - difference).abs() < 1e-5, "l1 {l1}, l2 {l2}, weight {at}: {g} against {difference}");
            }
        }
    }

    #[test]
    fn a_weight_of_zero_is_not_pushed() {
        let g = gradient(Penalty::l1_l2(1.0, 1.0).unwrap(), Tensor::Kernel, [0.0, -0.0, 1.0, f32::NAN]);
        assert_eq!(g[..3], [0.0, 0.0, 3.0]);
        assert!(g[3].is_nan());
    }

    #[test]
    fn a_penalty_is_for_the_tensors_that_it_names() {
        let penalty = Penalty::l2(0.5).unwrap();
        let named = |penalty| {
            [Tensor::Kernel, Tensor::Bias, Tensor::Other].map(|tensor| {
                let is_named = gradient(penalty, tensor, [1.0; 4]) == [1.0; 4];
                assert_eq!(penalty.value(tensor, &[1.0; 4]) > 0.0, is_named);
                is_named
            })
        };
        assert_eq!(named(penalty), [true, false, false]);
        assert_eq!(named(penalty.on_biases()), [false, true, false]);
        assert_eq!(named(penalty.on_kernels_and_biases()), [true, true, false]);
    }
}
