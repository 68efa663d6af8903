//! Metrics that are a ratio of each class: what they have in common, and the macro that makes one.

use nn_core::SettingError;

use super::settings::{Given, Setting, at_least};
use super::{Average, NameError};

/// The threshold of a single output, if nothing else is said.
const HALF: f32 = 0.5;

/// How outputs become decisions, and classes one value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) average: Average,
    /// What a single output must exceed.
    pub(super) threshold: f32,
}

impl Verdict {
    pub(super) const DEFAULT: Self = Self { average: Average::Auto, threshold: HALF };

    pub(super) fn given(given: &Given<'_>) -> Result<Self, NameError> {
        let verdict = Self { average: given.average()?, ..Self::DEFAULT };
        given.checked(verdict.with_threshold(given.number("threshold", HALF)?))
    }

    pub(super) fn with_threshold(self, threshold: f32) -> Result<Self, SettingError> {
        at_least("threshold", threshold, f32::MIN).map(|threshold| Self { threshold, ..self })
    }

    pub(super) fn settings(&self) -> [Setting; 2] {
        [Setting::average(self.average), Setting::number("threshold", self.threshold, HALF)]
    }
}

/// Makes a metric that is a ratio of each class, from its name in scikit-learn and the ratio: from the weight
/// of all samples and what was decided on the class, dividend and divisor.
macro_rules! classwise {
    ($(#[$attribute:meta])* $kind:ident, $name:literal, $ratio:expr) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $kind {
            verdict: $crate::metric::classwise::Verdict,
        }

        #[doc = concat!("[`", stringify!($kind), "`](struct@", stringify!($kind), ") with its default settings.")]
        #[expect(non_upper_case_globals, reason = "the name of a kind stands for its defaults")]
        pub const $kind: $kind = $kind { verdict: $crate::metric::classwise::Verdict::DEFAULT };

        impl $kind {
            /// For one class, or averaged otherwise.
            #[must_use]
            pub const fn averaged(mut self, average: $crate::metric::Average) -> Self {
                self.verdict.average = average;
                self
            }

            /// With another threshold of a single output than a half.
            ///
            /// # Errors
            /// [`SettingError`](nn_core::SettingError) if it is not finite.
            pub fn with_threshold(self, threshold: f32) -> Result<Self, nn_core::SettingError> {
                Ok(Self { verdict: self.verdict.with_threshold(threshold)? })
            }

            pub(super) fn given(given: &$crate::metric::settings::Given<'_>) -> Result<Self, $crate::metric::NameError> {
                Ok(Self { verdict: $crate::metric::classwise::Verdict::given(given)? })
            }
        }

        impl $crate::metric::Metric for $kind {
            type Tally = $crate::metric::Decisions;

            fn name(&self) -> String {
                $crate::metric::settings::named($name, &self.verdict.settings())
            }

            fn add(&self, tally: &mut Self::Tally, sample: $crate::metric::Sample<'_>) {
                tally.add(sample, self.verdict.threshold);
            }

            fn value(&self, tally: &Self::Tally) -> f64 {
                let ratio: fn(f64, &$crate::metric::ClassDecisions) -> (f64, f64) = $ratio;
                tally.average(self.verdict.average, |class| ratio(tally.total(), class))
            }

            fn needs(&self) -> $crate::metric::Needs {
                $crate::metric::Needs::Classes
            }
        }
    };
}

pub(super) use classwise;
