//! Metrics: what people want to know of a model besides its loss, their own included; one file each.
//!
//! A metric is a type with [`Metric`]; its tally takes samples one by one, in their order, and sums in f64: a metric is a
//! report, no weight depends on it. So its value depends neither on the size of batches nor on the number of threads. A
//! value that is not defined, such as the AUC where all samples are of one class, is NaN.
//!
//! ```
//! use nn_host::metric::{AnyMetric, Batch};
//! use nn_host::prelude::*;
//!
//! // Three samples of one output: what the model says, and what is true.
//! let batch = Batch::new(1, &[0.9, 0.4, 0.2], &[1.0, 1.0, 0.0]);
//! assert_eq!(Auc.measure(batch), 1.0);
//! assert_eq!(Recall.measure(batch), 0.5);
//! assert_eq!("recall,threshold=0.3".parse::<AnyMetric>()?.measure(batch), 1.0);
//! # Ok::<(), nn_host::metric::NameError>(())
//! ```

mod any;
mod batch;
mod mean;
mod needs;
mod scores;

mod accuracy;
mod binary_accuracy;
mod top_k;

mod average;
mod classwise;
mod decisions;

mod balanced_accuracy;
mod cohen_kappa;
mod f_beta;
mod matthews;
mod precision;
mod recall;
mod specificity;

mod auc;
mod average_precision;
mod ranking;

mod brier;
mod calibration;
mod log_loss;
mod loss;

mod concordance_correlation;
mod concordance_index;
mod explained_variance;
mod moments;
mod pearson;
mod percentage;
mod r2;
mod rmse;

mod confusion;
mod report;

mod names;
mod settings;

pub use accuracy::{Accuracy, argmax, is_correct};
pub use any::{AnyMetric, IntoMetrics, Tally};
pub use auc::{Auc, RocCurve, RocPoint};
pub use average::{Average, AverageError};
pub use average_precision::{AveragePrecision, PrecisionRecallCurve, PrecisionRecallPoint};
pub use balanced_accuracy::BalancedAccuracy;
pub use batch::{Batch, Sample};
pub use binary_accuracy::BinaryAccuracy;
pub use brier::BrierScore;
pub use calibration::{ExpectedCalibrationError, Reliability, ReliabilityBin};
pub use cohen_kappa::CohenKappa;
pub use concordance_correlation::ConcordanceCorrelation;
pub use concordance_index::ConcordanceIndex;
pub use confusion::ConfusionMatrix;
pub use decisions::{ClassDecisions, Decisions};
pub use explained_variance::ExplainedVariance;
pub use f_beta::FBeta;
pub use log_loss::LogLoss;
pub use loss::MeanLoss;
pub use matthews::MatthewsCorrelation;
pub use mean::Mean;
pub use moments::{Columns, Moments};
pub use names::MetricKind;
pub(crate) use needs::check_targets;
pub use needs::{Needs, TargetsError};
pub use pearson::PearsonCorrelation;
pub use percentage::MeanAbsolutePercentageError;
pub use precision::Precision;
pub use r2::R2Score;
pub use ranking::{Ranking, RankingStep};
pub use recall::Recall;
pub use report::{ClassReport, ClassRow};
pub use rmse::RootMeanSquaredError;
pub use scores::{ScoreSums, Scores};
pub use settings::NameError;
pub use specificity::Specificity;
pub use top_k::TopKCategoricalAccuracy;

use core::fmt;

/// A metric: what it keeps of the samples that it has seen, and the value that follows.
///
/// The correlation of Pearson over all samples, as a metric of one's own (it is
/// [built in](PearsonCorrelation), too, in a form that does not cancel):
///
/// ```
/// use nn_host::metric::Sample;
/// use nn_host::prelude::*;
///
/// #[derive(Debug, PartialEq)]
/// struct Pearson;
///
/// impl Metric for Pearson {
///     type Tally = [f64; 6];
///     fn name(&self) -> String {
///         "pearson".into()
///     }
///     fn add(&self, sums: &mut [f64; 6], sample: Sample<'_>) {
///         let (a, y) = (f64::from(sample.a[0]), f64::from(sample.y[0]));
///         sums.iter_mut().zip([1.0, a, y, a * a, a * y, y * y]).for_each(|(sum, term)| *sum += sample.weight * term);
///     }
///     fn value(&self, [n, a, y, aa, ay, yy]: &[f64; 6]) -> f64 {
///         (n * ay - a * y) / ((n * aa - a * a) * (n * yy - y * y)).sqrt()
///     }
/// }
///
/// # use nalgebra::DMatrix;
/// # use nn_host::data::{Features, Targets};
/// # let x = DMatrix::from_fn(1, 8, |_, sample| sample as f32);
/// # let data = Dataset::new(Features::Floats(x.clone()), Targets::Values(x * -2.0))?;
/// let model = Sequential::new(1).dense(1, Identity).compile(MeanSquaredError, Sgd::new(0.1)?, [Pearson])?;
/// assert_eq!(model.evaluate(&data)?.get("pearson").map(f32::abs), Some(1.0)); // a line of a line
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Metric: fmt::Debug + PartialEq + Send + Sync + 'static {
    /// What is kept of the samples; its default is that of none.
    type Tally: Clone + fmt::Debug + Default + Send + Sync + 'static;

    /// The name in histories, tables and JSON, as Keras or scikit-learn has it; settings that are not the defaults follow
    /// as `,setting=value`.
    fn name(&self) -> String;

    /// Takes the next sample.
    fn add(&self, tally: &mut Self::Tally, sample: Sample<'_>);

    /// The value for the samples so far; NaN where it is not defined.
    fn value(&self, tally: &Self::Tally) -> f64;

    /// What targets must be for this metric; any numbers, if it does not say.
    fn needs(&self) -> Needs {
        Needs::Numbers
    }

    /// Whether the value is so cheap that it can be shown after every batch; one that sorts all samples is not.
    fn is_cheap(&self) -> bool {
        true
    }

    /// The value for these samples alone.
    fn measure(&self, batch: Batch<'_>) -> f64 {
        let mut tally = Self::Tally::default();
        batch.samples().for_each(|sample| self.add(&mut tally, sample));
        self.value(&tally)
    }
}

#[cfg(test)]
mod tests;
