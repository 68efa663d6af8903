//! Losses as metrics: the weighted mean of a loss of nn-core over the samples, as every loss is a metric in Keras.

use nn_core::loss::{
    AnyLoss, BinaryCrossentropy, BinaryFocalCrossentropy, CategoricalCrossentropy, CategoricalFocalCrossentropy,
    CategoricalHinge, Hinge, Huber, KlDivergence, LogCosh, Loss, MeanAbsoluteError, MeanSquaredError, Poisson,
    Quadratic, SparseCategoricalCrossentropy, SquaredHinge,
};

use super::{AnyMetric, Mean, Metric, Sample};

/// The mean of a loss over the samples, by the loss's name. Every loss becomes one where a metric is wanted.
///
/// ```
/// use nn_host::metric::{AnyMetric, Batch};
/// use nn_host::prelude::*;
/// let model = Sequential::new(1).dense(1, Identity).compile(Huber, Adam::default(), [MeanAbsoluteError])?;
/// assert_eq!(model.metrics()[0].name(), "mean_absolute_error");
/// assert_eq!(model.metrics()[0].measure(Batch::new(1, &[1.0, 5.0], &[2.0, 2.0])), 2.0);
/// # Ok::<(), nn_host::model::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanLoss(AnyLoss);

impl Metric for MeanLoss {
    type Tally = Mean;

    fn name(&self) -> String {
        self.0.to_string()
    }

    fn add(&self, tally: &mut Mean, sample: Sample<'_>) {
        tally.add(f64::from(self.0.value(sample.a, sample.y)), sample.weight);
    }

    fn value(&self, tally: &Mean) -> f64 {
        tally.value()
    }
}

macro_rules! losses {
    ($($loss:ident)+) => {
        $(impl From<$loss> for AnyMetric {
            fn from(loss: $loss) -> Self {
                MeanLoss(loss.into()).into()
            }
        })+
    };
}

losses! {
    AnyLoss BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy CategoricalFocalCrossentropy CategoricalHinge
    Hinge Huber KlDivergence LogCosh MeanAbsoluteError MeanSquaredError Poisson Quadratic SparseCategoricalCrossentropy
    SquaredHinge
}
