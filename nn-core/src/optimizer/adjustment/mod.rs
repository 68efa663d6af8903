//! What is done to gradients or weights before an optimizer's own step: clipping, weight decay, penalties.

mod adjust;
mod adjusted;

mod clip_norm;
mod clip_value;
mod global_clip_norm;

mod penalty;
mod weight_decay;

mod any;

pub use adjust::Adjust;
pub use adjusted::{Adjusted, AdjustedStep};
pub use any::{AnyAdjustment, Describe};
pub use clip_norm::ClipNorm;
pub use clip_value::ClipValue;
pub use global_clip_norm::GlobalClipNorm;
pub use penalty::Penalty;
pub use weight_decay::WeightDecay;

use super::Weights;

/// Something that is done to gradients or weights before an optimizer's own step; [`Adjusted`] is the optimizer with it.
///
/// ```
/// use nn_core::optimizer::{Adjustment, ClipValue, Known, Tensor, Weights};
/// let (mut w, mut g) = ([0.0; 3], [-5.0, 0.5, 2.0]);
/// let weights = Weights { tensor: Tensor::Bias, row_length: 3, w: &mut w, g: &mut g };
/// ClipValue::new(1.0)?.adjust(&Known { learning_rate: 0.1, sum_of_squares: 0.0 }, weights);
/// assert_eq!(g, [-1.0, 0.5, 1.0]);
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
pub trait Adjustment: Copy + core::fmt::Debug + Send + Sync + 'static {
    /// Of how many gradients it must know the norm.
    const SCOPE: Scope;

    /// Whether it reads or changes gradients, and so has to be given their means, free of any
    /// [error factor](super::Optimizer::error_factor).
    const IS_OF_GRADIENTS: bool = true;

    /// Whether it leaves everything as it is where a gradient is zero.
    const KEEPS_ZEROS: bool;

    /// Adjusts weights of one tensor, or their gradients.
    fn adjust(&self, known: &Known, weights: Weights<'_>);
}

/// An adjustment that needs no norm, so that each row can be adjusted by itself.
pub trait RowWise: Adjustment {}

/// Of how many gradients an adjustment must know the norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Of none: each row is adjusted by itself.
    Row,
    /// Of those of the same tensor.
    Tensor,
    /// Of all.
    Network,
}

/// What an adjustment knows besides the weights and gradients that it adjusts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// The learning rate of the step.
    pub learning_rate: f32,
    /// The [sum of the squares](sum_of_squares) of the gradients in its [scope](Adjustment::SCOPE).
    pub sum_of_squares: f32,
}

/// Σ g² of a tensor: each row is summed up by itself in index order, then the rows' sums in their order.
///
/// So rows can be given to threads. Sums of several tensors are added in the order of the network.
///
/// # Shapes
/// - `g`: `[ROWS][row_length]`
///
/// ```
/// assert_eq!(nn_core::optimizer::sum_of_squares(2, &[1.0, 2.0, 3.0, 4.0]), (1.0 + 4.0) + (9.0 + 16.0));
/// ```
#[must_use]
pub fn sum_of_squares(row_length: usize, g: &[f32]) -> f32 {
    let rows = g.chunks(row_length.max(1)).map(|row| row.iter().fold(0.0, |sum, g| sum + g * g));
    rows.fold(0.0, |sum, row| sum + row)
}

/// Multiplies gradients by c / max(‖g‖, c), so that their norm is at most c; a shorter gradient keeps its bits.
fn clip_to_norm(limit: f32, sum_of_squares: f32, g: &mut [f32]) {
    let norm = crate::math::sqrt(sum_of_squares);
    if norm > limit {
        let factor = limit / norm;
        g.iter_mut().for_each(|g| *g *= factor);
    }
}

#[cfg(test)]
mod tests {
    use super::{Adjustment, ClipNorm, ClipValue, GlobalClipNorm, Known, Penalty, WeightDecay, sum_of_squares};
    use crate::optimizer::{Tensor, Weights};

    /// The gradients of a tensor, adjusted.
    pub(super) fn adjusted<const N: usize>(adjustment: impl Adjustment, g: &[f32; N]) -> [f32; N] {
        let (mut w, mut g) = ([0.0; N], *g);
        let known = Known { learning_rate: 0.1, sum_of_squares: sum_of_squares(N, &g) };
        adjustment.adjust(&known, Weights { tensor: Tensor::Kernel, row_length: N, w: &mut w, g: &mut g });
        g
    }

    #[test]
    fn squares_are_summed_row_by_row() {
        // ε² is half a last place of 1, which is lost alone and counts twice.
        let epsilon = 1.0 / 4096.0;
        let g = [1.0, epsilon, epsilon, epsilon];
        assert_eq!(sum_of_squares(4, &g), 1.0);
        assert_eq!(sum_of_squares(2, &g), 1.0 + 2.0 * epsilon * epsilon);
        assert_ne!(sum_of_squares(2, &g), 1.0);
        assert_eq!((sum_of_squares(0, &[]), sum_of_squares(5, &[])), (0.0, 0.0));
        assert_eq!(sum_of_squares(1, &[f32::MAX, 0.0]), f32::INFINITY);
    }

    #[test]
    fn impossible_strengths_are_refused_by_name() {
        for limit in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            let errors = [ClipValue::new(limit).err(), ClipNorm::new(limit).err(), GlobalClipNorm::new(limit).err()];
            for (error, name) in errors.iter().zip(["clipvalue", "clipnorm", "global_clipnorm"]) {
                assert!(std::format!("{}", error.unwrap()).starts_with(&std::format!("{name} is {limit}, it must be")));
            }
        }
        for strength in [-1e-9, f32::NAN, f32::INFINITY] {
            let errors = [WeightDecay::new(strength).err(), Penalty::l1(strength).err(), Penalty::l2(strength).err()];
            for (error, name) in errors.iter().zip(["weight_decay", "l1", "l2"]) {
                assert!(std::format!("{}", error.unwrap()).starts_with(&std::format!("{name} is {strength}")));
            }
        }
    }
}
