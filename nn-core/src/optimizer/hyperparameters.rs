//! What a rule can be told: named values with a default and a range each, checked once.

use core::fmt;

/// Makes a rule's settings from a row each: `name: check = default`. The first row is the learning rate.
macro_rules! rule {
    (
        $(#[$attribute:meta])*
        pub struct $rule:ident($keras:literal) {
            learning_rate: $rate_check:ident = $rate:literal,
            $($name:ident: $check:ident = $default:expr,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $rule {
            learning_rate: f32,
            $($name: f32,)*
        }

        impl $rule {
            pub(super) const DEFAULT: Self = Self { learning_rate: $rate, $($name: $default,)* };

            /// The rule with this learning rate η and Keras' defaults for the rest.
            ///
            /// # Errors
            /// [`HyperparameterError`](super::HyperparameterError) unless `learning_rate` is above 0 and finite.
            pub fn new(learning_rate: f32) -> Result<Self, super::HyperparameterError> {
                Self::DEFAULT.with("learning_rate", learning_rate)
            }

            /// This rule with another value of one hyperparameter, by its name in Keras; 0 and 1 are no and yes.
            ///
            /// # Errors
            /// [`HyperparameterError`](super::HyperparameterError) if it has none of that name, or the value is
            /// outside its range.
            pub fn with(self, name: &str, value: f32) -> Result<Self, super::HyperparameterError> {
                use super::hyperparameters as check;
                const KNOWN: &[&str] = &["learning_rate", $(stringify!($name)),*];
                match name {
                    "learning_rate" => Ok(Self { learning_rate: check::$rate_check("learning_rate", value)?, ..self }),
                    $(stringify!($name) => Ok(Self { $name: check::$check(stringify!($name), value)?, ..self }),)*
                    _ => Err(super::HyperparameterError::Unknown { optimizer: $keras, known: KNOWN }),
                }
            }

            /// The learning rate η.
            #[must_use]
            pub const fn learning_rate(&self) -> f32 {
                self.learning_rate
            }
        }

        impl super::Hyperparameters for $rule {
            fn with(self, name: &str, value: f32) -> Result<Self, super::HyperparameterError> {
                Self::with(self, name, value)
            }

            fn at_rate(self, learning_rate: f32) -> Result<Self, super::HyperparameterError> {
                let learning_rate = super::hyperparameters::not_negative("learning_rate", learning_rate)?;
                Ok(Self { learning_rate, ..self })
            }

            fn learning_rate(&self) -> f32 {
                self.learning_rate
            }
        }

        impl Default for $rule {
            fn default() -> Self {
                Self::DEFAULT
            }
        }
    };
}

pub(super) use rule;

/// Settings by their names in Keras.
///
/// ```
/// use nn_core::optimizer::{HyperparameterError, Hyperparameters};
/// fn faster<H: Hyperparameters>(rule: H) -> Result<H, HyperparameterError> {
///     let rate = rule.learning_rate();
///     rule.with("learning_rate", 2.0 * rate)
/// }
/// assert_eq!(faster(nn_core::optimizer::Adam::default())?.learning_rate(), 0.002);
/// # Ok::<(), HyperparameterError>(())
/// ```
pub trait Hyperparameters: Sized {
    /// The same with another value of one hyperparameter; 0 and 1 are no and yes.
    ///
    /// # Errors
    /// [`HyperparameterError`] if there is none of that name, or the value is outside its range.
    fn with(self, name: &str, value: f32) -> Result<Self, HyperparameterError>;

    /// The same at the learning rate that a schedule has come to in the middle of a training; what it remembers stays.
    ///
    /// The rate may be 0, which as a setting would train nothing. Then a gradient moves no weight but is remembered, and a
    /// movement that momentum remembers goes on; [`Ftrl`](super::Ftrl), which divides by the rate, does nothing.
    ///
    /// # Errors
    /// [`HyperparameterError`] unless `learning_rate` is at least 0 and finite.
    fn at_rate(self, learning_rate: f32) -> Result<Self, HyperparameterError>;

    /// The learning rate η, before any decay.
    fn learning_rate(&self) -> f32;
}

/// A hyperparameter that an optimizer does not have, or a value that it cannot have.
///
/// ```
/// use nn_core::optimizer::Adam;
/// let error = Adam::default().with("beta_1", 1.5).unwrap_err();
/// assert_eq!(error.to_string(), "beta_1 is 1.5, it must be at least 0 and below 1");
/// ```
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

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, name) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{name}")?;
        }
        Ok(())
    }
}

fn check(name: &'static str, value: f32, is_ok: bool, range: &'static str) -> Result<f32, HyperparameterError> {
    if is_ok { Ok(value) } else { Err(HyperparameterError::OutOfRange { name, value, range }) }
}

/// `value` if it is finite and above zero.
pub(super) fn positive(name: &'static str, value: f32) -> Result<f32, HyperparameterError> {
    check(name, value, value > 0.0 && value.is_finite(), "above 0 and finite")
}

/// `value` if it is finite and not below zero.
pub(super) fn not_negative(name: &'static str, value: f32) -> Result<f32, HyperparameterError> {
    check(name, value, value >= 0.0 && value.is_finite(), "at least 0 and finite")
}

/// `value` if it is in [0, 1).
pub(super) fn fraction(name: &'static str, value: f32) -> Result<f32, HyperparameterError> {
    check(name, value, (0.0..1.0).contains(&value), "at least 0 and below 1")
}

/// `value` if it is 0 or 1.
pub(super) fn switch(name: &'static str, value: f32) -> Result<f32, HyperparameterError> {
    check(name, value, value == 0.0 || value.to_bits() == 1_f32.to_bits(), "0 or 1")
}

/// `value` if it is in [−1, 0].
pub(super) fn power(name: &'static str, value: f32) -> Result<f32, HyperparameterError> {
    check(name, value, (-1.0..=0.0).contains(&value), "from -1 to 0")
}
