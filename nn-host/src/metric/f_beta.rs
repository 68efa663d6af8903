//! F-beta: (1 + β²) · precision · recall / (β² · precision + recall), in which recall counts β times as much.

use nn_core::SettingError;

use super::classwise::Verdict;
use super::settings::{Given, Setting, at_least, named};
use super::{Average, Decisions, Metric, NameError, Needs, Sample};

/// The harmonic mean of precision and recall, weighted by β, `fbeta_score`, or with β = 1 `f1_score`; 0 where both are.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// let batch = Batch::new(1, &[0.9, 0.8, 0.3], &[1.0, 0.0, 0.0]); // precision 1/2, recall 1
/// assert_eq!(FBeta::F1.measure(batch), 2.0 / 3.0);
/// assert_eq!(FBeta::new(2.0)?.measure(batch), 5.0 / 6.0);
/// # Ok::<(), nn_core::SettingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FBeta {
    beta: f32,
    verdict: Verdict,
}

impl FBeta {
    /// Precision and recall alike.
    pub const F1: Self = Self { beta: 1.0, verdict: Verdict::DEFAULT };

    /// With recall β times as important as precision.
    ///
    /// # Errors
    /// [`SettingError`] if `beta` is negative or not finite.
    pub fn new(beta: f32) -> Result<Self, SettingError> {
        at_least("beta", beta, 0.0).map(|beta| Self { beta, ..Self::F1 })
    }

    /// For one class, or averaged otherwise.
    #[must_use]
    pub const fn averaged(mut self, average: Average) -> Self {
        self.verdict.average = average;
        self
    }

    /// With another threshold of a single output than a half.
    ///
    /// # Errors
    /// [`SettingError`] if it is not finite.
    pub fn with_threshold(self, threshold: f32) -> Result<Self, SettingError> {
        Ok(Self { verdict: self.verdict.with_threshold(threshold)?, ..self })
    }

    pub(super) fn given(given: &Given<'_>) -> Result<Self, NameError> {
        let kind = given.checked(Self::new(given.number("beta", 1.0)?))?;
        Ok(Self { verdict: Verdict::given(given)?, ..kind })
    }
}

impl Metric for FBeta {
    type Tally = Decisions;

    fn name(&self) -> String {
        let [average, threshold] = self.verdict.settings();
        let name = if self.beta.to_bits() == 1_f32.to_bits() { "f1_score" } else { "fbeta_score" };
        named(name, &[Setting::number("beta", self.beta, 1.0), average, threshold])
    }

    fn add(&self, tally: &mut Decisions, sample: Sample<'_>) {
        tally.add(sample, self.verdict.threshold);
    }

    fn value(&self, tally: &Decisions) -> f64 {
        let square = f64::from(self.beta) * f64::from(self.beta);
        tally.average(self.verdict.average, |class| {
            ((1.0 + square) * class.hits, square * class.support + class.predicted)
        })
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }
}
