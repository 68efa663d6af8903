//! Optimizer rules, one file each: how a gradient moves weights; the table below is the list of them.

mod hyperparameters;
mod in_place;
mod row;
mod slot;

mod adjustment;
mod eight_bit;

mod momentum;
mod sgd;

mod adadelta;
mod adagrad;
mod ftrl;
mod rmsprop;

mod adam;
mod adamax;
mod adamw;
mod amsgrad;
mod lion;
mod nadam;

pub use adadelta::{Adadelta, AdadeltaSlot};
pub use adagrad::Adagrad;
pub use adam::{Adam, AdamStep, Moments};
pub use adamax::{Adamax, AdamaxSlot, AdamaxStep};
pub use adamw::{AdamW, AdamWStep};
pub use adjustment::{
    Adjust, Adjusted, AdjustedStep, Adjustment, AnyAdjustment, ClipNorm, ClipValue, Describe, GlobalClipNorm, Known,
    Penalty, RowWise, Scope, WeightDecay, sum_of_squares,
};
pub use amsgrad::{AmsGrad, AmsGradSlot};
pub use eight_bit::{EightBit, EightBitStep, FloatScale, LinearScale, MomentCodes, MomentScales, Pack, Packable};
pub use ftrl::{Ftrl, FtrlSlot};
pub use hyperparameters::{HyperparameterError, Hyperparameters};
pub use in_place::InPlace;
pub use lion::Lion;
pub use momentum::{Momentum, MomentumStep};
pub use nadam::{Nadam, NadamStep};
pub use rmsprop::{Rmsprop, RmspropSlot};
pub use row::{Memory, MemoryMut, Optimizer, Row, Tensor, Weights};
pub use sgd::Sgd;
pub use slot::Slot;

use crate::table::table;

/// An update rule over slices of weights, gradients and what the rule remembers for each weight.
pub trait Rule: Hyperparameters + Copy + core::fmt::Debug + Send + Sync + 'static {
    /// What the rule remembers for each weight.
    type Slot: Slot;

    /// What is the same for all weights of one step.
    type Step: Copy + core::fmt::Debug + Send + Sync;

    /// Whether a gradient of zero leaves weight and slot as they are, so that it can be skipped.
    const ZERO_GRADIENT_IS_IDLE: bool;

    /// Whether a step is `w ← w − scale · g` and nothing else, so that the gradient need not be stored.
    const IS_PLAIN: bool = false;

    /// The learning rate of step number `t`; the first step is 1.
    fn rate(&self, t: u32) -> f32 {
        let _ = t;
        self.learning_rate()
    }

    /// What step number `t` shares among all weights.
    fn step(&self, t: u32) -> Self::Step;

    /// What the errors dz of step number `t` are multiplied by before they make gradients; `None` for 1. With the
    /// learning rate there, it costs a product a unit and not a product a weight.
    fn error_factor(&self, t: u32) -> Option<f32> {
        let _ = t;
        None
    }

    /// Moves the weights `w` along their gradients `scale · g`.
    ///
    /// `scale` is 1 / (samples in the batch), because `g` is the sum of their gradients, each from an error times the
    /// [error factor](Self::error_factor).
    ///
    /// # Shapes
    /// - `w`, `g`, `slots`: one value a weight
    fn update(step: Self::Step, scale: f32, g: &[f32], slots: &mut [Self::Slot], w: &mut [f32]);
}

/// A function that is generic over the rule.
pub trait RuleVisitor {
    /// What it returns.
    type Output;

    /// Called with the rule of an [`AnyOptimizer`].
    fn visit<R: Rule + Into<AnyOptimizer>>(self, rule: R) -> Self::Output;
}

table! {
    /// An optimizer chosen at run time.
    ///
    /// ```
    /// use nn_core::optimizer::AnyOptimizer;
    /// let optimizer = AnyOptimizer::from_name("adam").unwrap().with("learning_rate", 0.01)?;
    /// assert_eq!(optimizer.learning_rate(), 0.01);
    /// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
    /// ```
    AnyOptimizer visited by RuleVisitor {
        0 => Sgd, "sgd";
        1 => Adam, "adam";
        2 => Momentum, "momentum";
        3 => Adagrad, "adagrad";
        4 => Rmsprop, "rmsprop";
        5 => Adadelta, "adadelta";
        6 => AmsGrad, "amsgrad";
        7 => AdamW, "adamw";
        8 => Adamax, "adamax";
        9 => Nadam, "nadam";
        10 => Lion, "lion";
        11 => Ftrl, "ftrl";
    }
}

impl AnyOptimizer {
    /// This optimizer with another value of one hyperparameter, by its name in Keras; 0 and 1 are no and yes.
    ///
    /// As in Keras, `momentum` and `nesterov` make SGD [`Momentum`], and `amsgrad` makes Adam [`AmsGrad`].
    ///
    /// # Errors
    /// [`HyperparameterError`] if it has none of that name, or the value is outside its range.
    pub fn with(self, name: &str, value: f32) -> Result<Self, HyperparameterError> {
        match (self, name) {
            (Self::Sgd(rule), "momentum" | "nesterov") => Momentum::from(rule).with(name, value).map(Self::Momentum),
            (Self::Adam(rule), "amsgrad") if value.to_bits() == 1_f32.to_bits() => Ok(Self::AmsGrad(rule.into())),
            (Self::Adam(_), "amsgrad") if value == 0.0 => Ok(self),
            _ => self.with_own(name, value),
        }
    }

    /// The same at the learning rate that a schedule has come to; see [`Hyperparameters::at_rate`].
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `learning_rate` is at least 0 and finite.
    pub fn at_rate(self, learning_rate: f32) -> Result<Self, HyperparameterError> {
        self.visit(AtRate(learning_rate))
    }

    fn with_own(self, name: &str, value: f32) -> Result<Self, HyperparameterError> {
        self.visit(With { name, value })
    }

    /// The learning rate, before any decay.
    #[must_use]
    pub fn learning_rate(&self) -> f32 {
        self.visit(LearningRate)
    }
}

/// Gives the rule that it visits another value of a hyperparameter.
struct With<'n> {
    name: &'n str,
    value: f32,
}

impl RuleVisitor for With<'_> {
    type Output = Result<AnyOptimizer, HyperparameterError>;

    fn visit<R: Rule + Into<AnyOptimizer>>(self, rule: R) -> Self::Output {
        rule.with(self.name, self.value).map(Into::into)
    }
}

/// Gives the rule that it visits another learning rate.
struct AtRate(f32);

impl RuleVisitor for AtRate {
    type Output = Result<AnyOptimizer, HyperparameterError>;

    fn visit<R: Rule + Into<AnyOptimizer>>(self, rule: R) -> Self::Output {
        rule.at_rate(self.0).map(Into::into)
    }
}

/// Asks the rule that it visits.
struct LearningRate;

impl RuleVisitor for LearningRate {
    type Output = f32;

    fn visit<R: Rule>(self, rule: R) -> f32 {
        rule.learning_rate()
    }
}

#[cfg(test)]
mod tests {
    use super::{AnyOptimizer, Rule, RuleVisitor};
    use crate::Zero;

    /// Steps down the parabola (w − 3)² from 0.
    struct Descend;

    impl RuleVisitor for Descend {
        type Output = f32;

        fn visit<R: Rule>(self, rule: R) -> f32 {
            let mut w = [0.0];
            let mut slots = [R::Slot::ZERO];
            for t in 1..=2000 {
                let g = [2.0 * (w[0] - 3.0) * rule.error_factor(t).unwrap_or(1.0)];
                R::update(rule.step(t), 1.0, &g, &mut slots, &mut w);
            }
            w[0]
        }
    }

    /// Whether a step with gradient zero changes anything, at first or after a step with gradient one, as the rule says.
    struct Idle;

    impl RuleVisitor for Idle {
        type Output = bool;

        fn visit<R: Rule>(self, rule: R) -> bool {
            let mut w = [0.5];
            let mut slots = [R::Slot::ZERO];
            let mut is_idle = true;
            for (t, g) in [(1, 0.0), (2, 1.0), (3, 0.0)] {
                let before = std::format!("{w:?} {slots:?}");
                R::update(rule.step(t), 1.0, &[g], &mut slots, &mut w);
                is_idle &= g != 0.0 || before == std::format!("{w:?} {slots:?}");
            }
            is_idle == R::ZERO_GRADIENT_IS_IDLE
        }
    }

    /// The weights after steps with given gradients, from zeros.
    struct Walk<'a, const N: usize> {
        scale: f32,
        gradients: &'a [[f32; N]],
        /// The first step's number.
        t: u32,
    }

    impl<const N: usize> RuleVisitor for Walk<'_, N> {
        type Output = [f32; N];

        fn visit<R: Rule>(self, rule: R) -> [f32; N] {
            let (mut w, mut slots) = ([0.0; N], [R::Slot::ZERO; N]);
            for (g, t) in self.gradients.iter().zip(self.t..=u32::MAX) {
                R::update(rule.step(t), self.scale, g, &mut slots, &mut w);
            }
            w
        }
    }

    const GRADIENTS: [[f32; 4]; 3] = [[0.5, -2.0, 0.0, 1e-3], [0.25, 1.0, 3.0, -1e-3], [-0.75, 0.0, 1e4, 1e-6]];

    #[test]
    fn every_rule_moves_each_weight_by_itself() {
        for optimizer in AnyOptimizer::ALL {
            let together = optimizer.visit(Walk { scale: 0.5, gradients: &GRADIENTS, t: 1 });
            for (at, together) in together.into_iter().enumerate() {
                let [alone] = optimizer.visit(Walk { scale: 0.5, gradients: &GRADIENTS.map(|g| [g[at]]), t: 1 });
                assert_eq!(together.to_bits(), alone.to_bits(), "{optimizer}, weight {at}");
            }
        }
    }

    #[test]
    fn every_rule_takes_the_mean_of_gradients_that_are_sums() {
        for optimizer in AnyOptimizer::ALL {
            let mean = GRADIENTS.map(|g| g.map(|g| g * 0.125));
            let of_sums = optimizer.visit(Walk { scale: 0.125, gradients: &GRADIENTS, t: 1 });
            let of_means = optimizer.visit(Walk { scale: 1.0, gradients: &mean, t: 1 });
            assert_eq!(of_sums.map(f32::to_bits), of_means.map(f32::to_bits), "{optimizer}");
        }
    }

    #[test]
    fn every_rule_goes_down_at_first() {
        for optimizer in AnyOptimizer::ALL {
            let w = optimizer.visit(Walk { scale: 1.0, gradients: &[[0.5, -2.0, 1e-3]], t: 1 });
            assert!(w[0] < 0.0 && w[1] > 0.0 && w[2] < 0.0, "{optimizer} goes to {w:?}");
        }
    }

    #[test]
    fn every_rule_goes_on_for_as_many_steps_as_can_be_counted() {
        for optimizer in AnyOptimizer::ALL {
            let w = optimizer.visit(Walk { scale: 1.0, gradients: &[[0.5, -2.0]; 3], t: u32::MAX - 2 });
            assert!(w[0] < 0.0 && w[1] > 0.0 && w[0].is_finite() && w[1].is_finite(), "{optimizer} goes to {w:?}");
        }
    }

    #[test]
    fn every_rule_shows_a_gradient_that_is_not_a_number() {
        // Lion looks at signs alone, and a step without one is none.
        for optimizer in AnyOptimizer::ALL.iter().filter(|optimizer| optimizer.name() != "lion") {
            let w = optimizer.visit(Walk { scale: 1.0, gradients: &[[f32::NAN, 1.0], [1.0, 1.0]], t: 1 });
            assert!(w[0].is_nan() && w[1].is_finite(), "{optimizer} goes to {w:?}");
        }
    }

    #[test]
    fn every_rule_finds_the_bottom_of_a_parabola() {
        for optimizer in AnyOptimizer::ALL {
            // Each rule's step has another size: the rates are those that get there in 2,000 steps.
            let rate = match optimizer.name() {
                "adagrad" | "ftrl" => 1.0,
                "adadelta" => 20.0,
                "lion" => 0.005,
                _ => 0.05,
            };
            let w = optimizer.with("learning_rate", rate).unwrap().visit(Descend);
            assert!((w - 3.0).abs() < 3e-2, "{optimizer} ends at {w}");
        }
    }

    #[test]
    fn every_rule_tells_the_truth_about_zero_gradients() {
        for optimizer in AnyOptimizer::ALL {
            assert!(optimizer.visit(Idle), "{optimizer}");
        }
    }

    #[test]
    fn a_rate_that_falls_to_zero_stops_every_rule_until_it_rises_again() {
        /// The weight and what is remembered after steps at these rates, each with gradient 1.
        struct At<'r>(&'r [f32]);

        impl RuleVisitor for At<'_> {
            type Output = f32;

            fn visit<R: Rule>(self, rule: R) -> f32 {
                let (mut w, mut slots) = ([0.5], [R::Slot::ZERO]);
                for (t, rate) in (1..).zip(self.0) {
                    let rule = rule.at_rate(*rate).unwrap();
                    R::update(rule.step(t), 1.0, &[rule.error_factor(t).unwrap_or(1.0)], &mut slots, &mut w);
                }
                w[0]
            }
        }

        for optimizer in AnyOptimizer::ALL {
            let rate = optimizer.learning_rate();
            assert_eq!(optimizer.visit(At(&[0.0, 0.0])), 0.5, "{optimizer}");
            let stopped = optimizer.visit(At(&[0.0, 0.0, rate]));
            assert!(stopped < 0.5 && stopped.is_finite(), "{optimizer} goes to {stopped}");
            assert_eq!(optimizer.at_rate(0.25), optimizer.with("learning_rate", 0.25), "{optimizer}");
            for rate in [-1.0, f32::NAN, f32::INFINITY] {
                assert!(std::format!("{}", optimizer.at_rate(rate).unwrap_err()).ends_with("at least 0 and finite"));
            }
        }
    }

    #[test]
    fn impossible_hyperparameters_are_refused_by_name() {
        for optimizer in AnyOptimizer::ALL {
            for rate in [0.0, -1.0, f32::NAN, f32::INFINITY] {
                let error = optimizer.with("learning_rate", rate).unwrap_err();
                assert!(std::format!("{error}").starts_with("learning_rate is "), "{error}");
            }
            let error = optimizer.with("learning rate", 0.1).unwrap_err();
            assert!(std::format!("{error}").contains("has learning_rate"), "{error}");
        }
    }
}
