//! An optimizer with an adjustment before its step, and when in a step the adjustment can be made.

use super::{Adjustment, Known, RowWise, Scope, sum_of_squares};
use crate::optimizer::{InPlace, Optimizer, Row, Weights};

/// The optimizer `O`, before whose step the adjustment `A` is made. Made by [`Adjust`](super::Adjust)'s methods.
///
/// Adjustments nest, and the outermost is made first. Gradients come to it as means over the batch.
///
/// ```
/// use nn_core::optimizer::{Adjusted, ClipNorm, Penalty, Sgd};
/// let clipped = Adjusted::new(ClipNorm::new(1.0)?, Sgd::default());
/// let both = Adjusted::new(Penalty::l2(1e-4)?, clipped); // the penalty is a part of what is clipped
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adjusted<A, O> {
    adjustment: A,
    optimizer: O,
}

impl<A, O> Adjusted<A, O> {
    /// `optimizer`, with `adjustment` before its step.
    pub const fn new(adjustment: A, optimizer: O) -> Self {
        Self { adjustment, optimizer }
    }

    /// The adjustment.
    pub const fn adjustment(&self) -> &A {
        &self.adjustment
    }

    /// The optimizer that comes after it.
    pub const fn optimizer(&self) -> &O {
        &self.optimizer
    }
}

/// What one step of an [`Adjusted`] optimizer shares among all weights.
#[derive(Clone, Copy, Debug)]
pub struct AdjustedStep<A, S> {
    adjustment: A,
    known: Known,
    /// What the adjusted gradients are multiplied by: the inner optimizer's error factor.
    factor: Option<f32>,
    /// The inner optimizer's.
    inner: S,
}

impl<A: Adjustment, S> AdjustedStep<A, S> {
    /// Takes the mean of gradients that are sums.
    fn scale(scale: f32, g: &mut [f32]) {
        if A::IS_OF_GRADIENTS {
            g.iter_mut().for_each(|g| *g *= scale);
        }
    }

    /// Makes the adjustment.
    fn adjust(&self, weights: Weights<'_>) {
        let Weights { tensor, row_length, w, g } = weights;
        self.adjustment.adjust(&self.known, Weights { tensor, row_length, w, g });
        if let Some(factor) = self.factor {
            g.iter_mut().for_each(|g| *g *= factor);
        }
    }

    /// The scale that is left for the inner optimizer.
    const fn inner_scale(scale: f32) -> f32 {
        if A::IS_OF_GRADIENTS { 1.0 } else { scale }
    }
}

impl<A: Adjustment, O: Optimizer> Adjusted<A, O> {
    /// Passes in which the norm is measured, before the adjustment can be made in the next.
    const MEASUREMENTS: u32 = if matches!(A::SCOPE, Scope::Network) { 1 } else { 0 };
}

/// The adjustment is made in the first pass in which it can be: the inner optimizer's first preparation or, where that
/// needs none, when a row moves.
impl<A: Adjustment, O: Optimizer> Optimizer for Adjusted<A, O> {
    type Slot = O::Slot;
    type Block = O::Block;
    type Step = AdjustedStep<A, O::Step>;

    const ZERO_GRADIENT_IS_IDLE: bool = A::KEEPS_ZEROS && O::ZERO_GRADIENT_IS_IDLE;
    const IS_PLAIN: bool = false;
    const PREPARATIONS: u32 = match A::SCOPE {
        Scope::Tensor if O::PREPARATIONS == 0 => 1,
        _ => Self::MEASUREMENTS + O::PREPARATIONS,
    };

    #[inline]
    fn rate(&self, t: u32) -> f32 {
        self.optimizer.rate(t)
    }

    fn begin_step(&self, t: u32) -> Self::Step {
        AdjustedStep {
            adjustment: self.adjustment,
            known: Known { learning_rate: self.rate(t), sum_of_squares: 0.0 },
            factor: if A::IS_OF_GRADIENTS { self.optimizer.error_factor(t) } else { None },
            inner: self.optimizer.begin_step(t),
        }
    }

    fn error_factor(&self, t: u32) -> Option<f32> {
        if A::IS_OF_GRADIENTS { None } else { self.optimizer.error_factor(t) }
    }

    fn prepare(step: &mut Self::Step, pass: u32, scale: f32, weights: Weights<'_>) {
        let Weights { tensor, row_length, w, g } = weights;
        if pass == 0 {
            Self::Step::scale(scale, g);
        }
        let Some(pass) = pass.checked_sub(Self::MEASUREMENTS) else {
            step.known.sum_of_squares += sum_of_squares(row_length, g);
            return;
        };
        if pass == 0 {
            if A::SCOPE == Scope::Tensor {
                step.known.sum_of_squares = sum_of_squares(row_length, g);
            }
            step.adjust(Weights { tensor, row_length, w, g });
        }
        if pass < O::PREPARATIONS {
            O::prepare(&mut step.inner, pass, Self::Step::inner_scale(scale), Weights { tensor, row_length, w, g });
        }
    }

    #[inline]
    fn update_row(step: &Self::Step, scale: f32, mut row: Row<'_, Self>) {
        if Self::PREPARATIONS == 0 {
            Self::Step::scale(scale, row.g);
        }
        if Self::PREPARATIONS == Self::MEASUREMENTS {
            step.adjust(row.weights());
        }
        O::update_row(&step.inner, Self::Step::inner_scale(scale), row.hand_over());
    }
}

impl<A: RowWise, O: InPlace> InPlace for Adjusted<A, O> {}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use crate::optimizer::{
        Adam, Adjust, AnyOptimizer, Describe, Known, Memory, Optimizer, Penalty, Row, Scope, Sgd, Tensor, Weights,
        sum_of_squares,
    };
    use crate::{Zero, math};

    /// A kernel of two rows and a bias.
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Tensors([[f32; 2]; 3]);

    impl Tensors {
        fn kernel_and_bias(&mut self) -> [(Tensor, &mut [[f32; 2]]); 2] {
            let (kernel, bias) = self.0.split_at_mut(2);
            [(Tensor::Kernel, kernel), (Tensor::Bias, bias)]
        }
    }

    const W: Tensors = Tensors([[1.0, -2.0], [0.5, 0.0], [3.0, 1.0]]);
    const G: Tensors = Tensors([[4.0, -8.0], [1.0, 0.0], [0.0, 6.0]]);

    /// The weights after one step with gradients whose mean over two samples is `g` / 2, as a trainer makes it.
    fn step<O: Optimizer>(optimizer: O) -> [[f32; 2]; 3] {
        let (mut w, mut g, mut step) = (W, G, optimizer.begin_step(1));
        let mut memory = [Memory::<O, 2>::ZERO; 3];
        g.0.as_flattened_mut().iter_mut().for_each(|g| *g *= optimizer.error_factor(1).unwrap_or(1.0));
        for pass in 0..O::PREPARATIONS {
            for ((tensor, w), (_, g)) in w.kernel_and_bias().into_iter().zip(g.kernel_and_bias()) {
                let (w, g) = (w.as_flattened_mut(), g.as_flattened_mut());
                O::prepare(&mut step, pass, 0.5, Weights { tensor, row_length: 2, w, g });
            }
        }
        let rows = w.0.iter_mut().zip(&mut g.0).zip(&mut memory);
        for (number, (tensor, ((w, g), memory))) in
            (0..).zip([Tensor::Kernel, Tensor::Kernel, Tensor::Bias].into_iter().zip(rows))
        {
            O::update_row(&step, 0.5, Row { tensor, number, w, g, memory: memory.as_mut() });
        }
        w.0
    }

    /// The weights moved by given gradients with a learning rate of 1.
    fn moved_by(g: [[f32; 2]; 3]) -> [[f32; 2]; 3] {
        let mut w = W.0;
        w.as_flattened_mut().iter_mut().zip(g.as_flattened()).for_each(|(w, g)| *w -= g);
        w
    }

    #[track_caller]
    fn assert_near(found: [[f32; 2]; 3], expected: [[f32; 2]; 3]) {
        let error = found.as_flattened().iter().zip(expected.as_flattened()).map(|(a, b)| (a - b).abs());
        assert!(error.fold(0.0, f32::max) < 1e-6, "{found:?} {expected:?}");
    }

    fn sgd() -> Sgd {
        Sgd::new(1.0).unwrap()
    }

    #[test]
    fn each_scope_has_its_own_norm() {
        // The kernel's norm is √(2² + 4² + ½²) = 4.5, the bias' 3, that of both √29.25.
        let mean = [[2.0, -4.0], [0.5, 0.0], [0.0, 3.0]];
        assert_near(step(sgd()), moved_by(mean));
        assert_near(step(sgd().clipped_by_value(2.5).unwrap()), moved_by([[2.0, -2.5], [0.5, 0.0], [0.0, 2.5]]));
        let kernel = 3.5 / 4.5;
        let by_norm = [[2.0 * kernel, -4.0 * kernel], [0.5 * kernel, 0.0], [0.0, 3.0]];
        assert_near(step(sgd().clipped_by_norm(3.5).unwrap()), moved_by(by_norm));
        let all = 3.5 / math::sqrt(29.25);
        assert_near(step(sgd().clipped_by_global_norm(3.5).unwrap()), moved_by(mean.map(|row| row.map(|g| g * all))));
    }

    #[test]
    fn the_outermost_adjustment_is_made_first() {
        // Values clipped to ±2 leave the kernel a norm of √8.25 and the bias one of 2.
        let clipped = [[2.0, -2.0], [0.5, 0.0], [0.0, 2.0]];
        let factor = 1.0 / math::sqrt(8.25 + 4.0);
        let values_first = sgd().clipped_by_global_norm(1.0).unwrap().clipped_by_value(2.0).unwrap();
        assert_near(step(values_first), moved_by(clipped.map(|row| row.map(|g| g * factor))));
        let norm_first = sgd().clipped_by_value(0.5).unwrap().clipped_by_global_norm(1.0).unwrap();
        let factor = 1.0 / math::sqrt(29.25);
        assert_near(step(norm_first), moved_by([[2.0 * factor, -0.5], [0.5 * factor, 0.0], [0.0, 0.5]]));
    }

    #[test]
    fn norms_within_norms_see_what_the_outer_ones_leave() {
        // First each tensor to norm 2, then all to norm 1: √(4 + 4) is left.
        let [kernel, bias] = [2.0 / 4.5, 2.0 / 3.0].map(|factor| factor / math::sqrt(8.0));
        let expected = [[2.0 * kernel, -4.0 * kernel], [0.5 * kernel, 0.0], [0.0, 3.0 * bias]];
        let optimizer = sgd().clipped_by_global_norm(1.0).unwrap().clipped_by_norm(2.0).unwrap();
        assert_near(step(optimizer), moved_by(expected));
        // First all to norm √29.25 / 3, which leaves 1.5 and 1, then each tensor to norm 1.
        let optimizer = sgd().clipped_by_norm(1.0).unwrap().clipped_by_global_norm(math::sqrt(29.25) / 3.0).unwrap();
        let kernel = 1.0 / 4.5;
        assert_near(step(optimizer), moved_by([[2.0 * kernel, -4.0 * kernel], [0.5 * kernel, 0.0], [0.0, 1.0]]));
        let optimizer = sgd().clipped_by_global_norm(0.5).unwrap().clipped_by_global_norm(1.0).unwrap();
        assert_near(step(optimizer), step(sgd().clipped_by_global_norm(0.5).unwrap()));
    }

    /// What [`step`] should give: one adjustment after the other, each to all tensors, then the rule.
    fn one_after_the_other(optimizer: impl Describe) -> [[f32; 2]; 3] {
        let (mut w, mut g, mut adjustments) = (W, G, Vec::new());
        let AnyOptimizer::Sgd(rule) = optimizer.describe(&mut adjustments) else { panic!("the rule is SGD") };
        g.0.as_flattened_mut().iter_mut().for_each(|g| *g *= 0.5);
        for adjustment in adjustments {
            let squares = g.kernel_and_bias().map(|(_, g)| sum_of_squares(2, g.as_flattened()));
            let tensors = w.kernel_and_bias().into_iter().zip(g.kernel_and_bias()).zip(squares);
            for (((tensor, w), (_, g)), of_tensor) in tensors {
                let sum_of_squares = match adjustment.scope() {
                    Scope::Row => f32::NAN,
                    Scope::Tensor => of_tensor,
                    Scope::Network => squares[0] + squares[1],
                };
                let (w, g) = (w.as_flattened_mut(), g.as_flattened_mut());
                let known = Known { learning_rate: rule.learning_rate(), sum_of_squares };
                adjustment.adjust(&known, Weights { tensor, row_length: 2, w, g });
            }
        }
        let moved = w.0.as_flattened_mut().iter_mut().zip(g.0.as_flattened());
        moved.for_each(|(w, g)| *w -= rule.learning_rate() * g);
        w.0
    }

    /// Checks the optimizer, and with an adjustment of each kind around it what `$more` checks.
    macro_rules! nest {
        ($name:ident, $more:ident) => {
            fn $name(optimizer: impl Optimizer + Describe) {
                no_more(optimizer);
                $more(optimizer.clipped_by_value(1.75).unwrap());
                $more(optimizer.clipped_by_norm(1.5).unwrap());
                $more(optimizer.clipped_by_global_norm(2.5).unwrap());
                $more(optimizer.with_weight_decay(0.125).unwrap());
                $more(optimizer.with_penalty(Penalty::l1_l2(0.25, 0.5).unwrap()));
            }
        };
    }

    fn no_more(optimizer: impl Optimizer + Describe) {
        assert_near(step(optimizer), one_after_the_other(optimizer));
    }

    nest!(one_more, no_more);
    nest!(two_more, one_more);
    nest!(three_more, two_more);

    #[test]
    fn three_adjustments_in_any_order_are_made_one_after_the_other() {
        three_more(Sgd::new(0.75).unwrap());
    }

    #[test]
    fn limits_that_are_not_reached_change_no_bit() {
        let adam = Adam::new(0.1).unwrap();
        assert_eq!(step(adam), step(adam.clipped_by_value(1e9).unwrap()));
        assert_eq!(step(adam), step(adam.clipped_by_norm(1e9).unwrap()));
        assert_eq!(step(adam), step(adam.clipped_by_global_norm(1e9).unwrap()));
        assert_eq!(step(adam), step(adam.with_l1(0.0).unwrap().clipped_by_norm(1e9).unwrap()));
    }

    #[test]
    fn only_norms_need_preparation() {
        fn preparations<O: Optimizer>(_: O) -> u32 {
            O::PREPARATIONS
        }
        let local = sgd().clipped_by_value(1.0).unwrap().with_l1(0.1).unwrap().with_weight_decay(0.1).unwrap();
        let by_norm = local.clipped_by_norm(1.0).unwrap();
        assert_eq!(preparations(local), 0);
        assert_eq!(preparations(by_norm), 1);
        assert_eq!(preparations(by_norm.clipped_by_norm(1.0).unwrap().with_l2(0.1).unwrap()), 1);
        assert_eq!(preparations(by_norm.clipped_by_global_norm(1.0).unwrap()), 2);
        assert_eq!(preparations(local.clipped_by_global_norm(1.0).unwrap().clipped_by_value(1.0).unwrap()), 1);
    }
}
