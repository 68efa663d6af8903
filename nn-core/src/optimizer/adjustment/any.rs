//! Adjustments chosen at run time, and optimizers taken apart into them.

use super::{Adjusted, Adjustment, ClipNorm, ClipValue, GlobalClipNorm, Known, Penalty, Scope, WeightDecay};
use crate::optimizer::{AnyOptimizer, HyperparameterError, Rule, Weights};

/// Makes the run-time choice among all adjustments.
macro_rules! choice {
    ($($kind:ident)+) => {
        /// An adjustment chosen at run time.
        ///
        /// ```
        /// use nn_core::optimizer::{AnyAdjustment, ClipNorm};
        /// assert_eq!(AnyAdjustment::named("clipnorm", 0.5).unwrap()?, ClipNorm::new(0.5)?.into());
        /// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum AnyAdjustment {
            $(
                #[doc = concat!("[`", stringify!($kind), "`]")]
                $kind($kind),
            )+
        }

        impl AnyAdjustment {
            /// Of how many gradients it must know the norm; see [`Adjustment::SCOPE`].
            #[must_use]
            pub const fn scope(&self) -> Scope {
                match self {
                    $(Self::$kind(_) => $kind::SCOPE,)+
                }
            }

            /// Whether it reads or changes gradients; see [`Adjustment::IS_OF_GRADIENTS`].
            #[must_use]
            pub const fn is_of_gradients(&self) -> bool {
                match self {
                    $(Self::$kind(_) => $kind::IS_OF_GRADIENTS,)+
                }
            }

            /// Adjusts weights of one tensor, or their gradients; see [`Adjustment::adjust`].
            pub fn adjust(&self, known: &Known, weights: Weights<'_>) {
                match self {
                    $(Self::$kind(kind) => kind.adjust(known, weights),)+
                }
            }
        }

        $(
            impl From<$kind> for AnyAdjustment {
                fn from(kind: $kind) -> Self {
                    Self::$kind(kind)
                }
            }
        )+
    };
}

choice! { Penalty ClipValue ClipNorm GlobalClipNorm WeightDecay }

impl AnyAdjustment {
    /// The names of those that Keras has as arguments of every optimizer, in the order in which a step makes them.
    pub const NAMES: &'static [&'static str] = &["clipvalue", "clipnorm", "global_clipnorm", "weight_decay"];

    /// The adjustment with this name in Keras and this limit or strength; `None` if there is none of that name.
    #[must_use]
    pub fn named(name: &str, value: f32) -> Option<Result<Self, HyperparameterError>> {
        Some(match name {
            "clipvalue" => ClipValue::new(value).map(Self::from),
            "clipnorm" => ClipNorm::new(value).map(Self::from),
            "global_clipnorm" => GlobalClipNorm::new(value).map(Self::from),
            "weight_decay" => WeightDecay::new(value).map(Self::from),
            _ => return None,
        })
    }
}

/// An optimizer that can be taken apart into its rule and adjustments, for a trainer that chooses them at run time.
///
/// ```
/// use nn_core::optimizer::{Adam, Adjust, AnyAdjustment, ClipNorm, Describe, WeightDecay};
/// let optimizer = Adam::default().with_weight_decay(0.01)?.clipped_by_norm(1.0)?;
/// let mut adjustments = Vec::new();
/// assert_eq!(optimizer.describe(&mut adjustments), Adam::default().into());
/// assert_eq!(adjustments, [ClipNorm::new(1.0)?.into(), AnyAdjustment::from(WeightDecay::new(0.01)?)]);
/// # Ok::<(), nn_core::optimizer::HyperparameterError>(())
/// ```
pub trait Describe {
    /// Appends the adjustments in the order in which a step makes them, and returns the rule.
    fn describe(&self, adjustments: &mut impl Extend<AnyAdjustment>) -> AnyOptimizer;
}

impl Describe for AnyOptimizer {
    fn describe(&self, _adjustments: &mut impl Extend<AnyAdjustment>) -> AnyOptimizer {
        *self
    }
}

impl<R: Rule + Into<AnyOptimizer>> Describe for R {
    fn describe(&self, _adjustments: &mut impl Extend<AnyAdjustment>) -> AnyOptimizer {
        (*self).into()
    }
}

impl<A: Copy + Into<AnyAdjustment>, O: Describe> Describe for Adjusted<A, O> {
    fn describe(&self, adjustments: &mut impl Extend<AnyAdjustment>) -> AnyOptimizer {
        adjustments.extend([(*self.adjustment()).into()]);
        self.optimizer().describe(adjustments)
    }
}

#[cfg(test)]
mod tests {
    use super::AnyAdjustment;

    #[test]
    fn every_name_makes_an_adjustment_whose_errors_have_the_name() {
        for name in AnyAdjustment::NAMES {
            assert!(AnyAdjustment::named(name, 0.5).unwrap().is_ok());
            let error = AnyAdjustment::named(name, -1.0).unwrap().unwrap_err();
            assert!(std::format!("{error}").starts_with(&std::format!("{name} is -1")), "{error}");
        }
        assert_eq!(AnyAdjustment::named("clip", 0.5), None);
    }
}
