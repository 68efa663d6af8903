//! Optimizer rules, one file each: how a gradient moves weights; the table below is the list of them.

mod adam;
mod sgd;

pub use adam::{Adam, Moments};
pub use sgd::Sgd;

use crate::Zero;
use crate::table::table;

/// An update rule over slices of weights, gradients and what the rule remembers for each weight.
pub trait Rule: Copy + core::fmt::Debug + Send + Sync + 'static {
    /// What the rule remembers for each weight.
    type Slot: Zero + Copy + core::fmt::Debug + Send + Sync + 'static;

    /// What is the same for all weights of one step.
    type Step: Copy + core::fmt::Debug + Send + Sync;

    /// Whether a gradient of zero leaves weight and slot as they are, so that it can be skipped.
    const ZERO_GRADIENT_IS_IDLE: bool;

    /// What step number `t` shares among all weights; the first step is 1.
    fn step(&self, t: u32) -> Self::Step;

    /// Moves the weights `w` along their gradients `scale · g`.
    ///
    /// `scale` is 1 / (samples in the batch), because `g` is their sum.
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
    fn visit<R: Rule>(self, rule: R) -> Self::Output;
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
    }
}

impl AnyOptimizer {
    /// This optimizer with another value of one hyperparameter, by its name in Keras.
    ///
    /// # Errors
    /// [`HyperparameterError`] if it has none of that name, or the value is outside its range.
    pub fn with(self, name: &str, value: f32) -> Result<Self, HyperparameterError> {
        match self {
            Self::Sgd(rule) => rule.with(name, value).map(Self::Sgd),
            Self::Adam(rule) => rule.with(name, value).map(Self::Adam),
        }
    }

    /// The learning rate.
    #[must_use]
    pub const fn learning_rate(&self) -> f32 {
        match self {
            Self::Sgd(rule) => rule.learning_rate(),
            Self::Adam(rule) => rule.learning_rate(),
        }
    }
}

/// A hyperparameter that an optimizer does not have, or a value that it cannot have.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum HyperparameterError {
    /// There is none of that name.
    #[error("unknown hyperparameter; {optimizer} has {}", Names(known))]
    Unknown {
        /// The optimizer's name.
        optimizer: &'static str,
        /// The names that it has.
        known: &'static [&'static str],
    },
    /// The value is not in the range.
    #[error("{name} is {value}, it must be {range}")]
    OutOfRange {
        /// The hyperparameter's name.
        name: &'static str,
        /// The value given.
        value: f32,
        /// The range, in words.
        range: &'static str,
    },
}

/// Names with commas between.
struct Names(&'static [&'static str]);

impl core::fmt::Display for Names {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (place, name) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{name}")?;
        }
        Ok(())
    }
}

/// `value` if it is finite and above zero.
fn positive(name: &'static str, value: f32) -> Result<f32, HyperparameterError> {
    let ok = value > 0.0 && value.is_finite();
    if ok { Ok(value) } else { Err(HyperparameterError::OutOfRange { name, value, range: "above 0 and finite" }) }
}

/// `value` if it is in [0, 1).
fn fraction(name: &'static str, value: f32) -> Result<f32, HyperparameterError> {
    let ok = (0.0..1.0).contains(&value);
    if ok { Ok(value) } else { Err(HyperparameterError::OutOfRange { name, value, range: "at least 0 and below 1" }) }
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
                let g = [2.0 * (w[0] - 3.0)];
                R::update(rule.step(t), 1.0, &g, &mut slots, &mut w);
            }
            w[0]
        }
    }

    /// Whether one step with gradient zero after one with gradient one changes anything.
    struct Idle;

    impl RuleVisitor for Idle {
        type Output = bool;

        fn visit<R: Rule>(self, rule: R) -> bool {
            let mut w = [0.5];
            let mut slots = [R::Slot::ZERO];
            R::update(rule.step(1), 1.0, &[1.0], &mut slots, &mut w);
            let before = w;
            R::update(rule.step(2), 1.0, &[0.0], &mut slots, &mut w);
            (w == before) == R::ZERO_GRADIENT_IS_IDLE
        }
    }

    #[test]
    fn every_rule_finds_the_bottom_of_a_parabola() {
        for optimizer in AnyOptimizer::ALL {
            let w = optimizer.with("learning_rate", 0.05).unwrap().visit(Descend);
            assert!((w - 3.0).abs() < 1e-2, "{optimizer} ends at {w}");
        }
    }

    #[test]
    fn every_rule_tells_the_truth_about_zero_gradients() {
        for optimizer in AnyOptimizer::ALL {
            assert!(optimizer.visit(Idle), "{optimizer}");
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
