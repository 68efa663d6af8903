//! Losses as metrics: the weighted mean of a loss of nn-core over the samples, as every loss is a metric in Keras.

use nn_core::loss::{
    AnyLoss, BinaryCrossentropy, CategoricalCrossentropy, CategoricalHinge, Hinge, Huber, KlDivergence, LogCosh, Loss,
    MeanAbsoluteError, MeanSquaredError, Poisson, SparseCategoricalCrossentropy, SquaredHinge,
};

use super::{AnyMetric, Mean, Metric, Sample};

/// The mean over samples, by the name of the loss.
impl Metric for AnyLoss {
    type Tally = Mean;

    fn name(&self) -> String {
        self.to_string()
    }

    fn add(&self, tally: &mut Mean, sample: Sample<'_>) {
        tally.add(f64::from(Loss::value(self, sample.a, sample.y)), sample.weight);
    }

    fn value(&self, tally: &Mean) -> f64 {
        tally.value()
    }
}

macro_rules! losses {
    ($($loss:ident)+) => {
        $(impl From<$loss> for AnyMetric {
            fn from(loss: $loss) -> Self {
                AnyLoss::from(loss).into()
            }
        })+
    };
}

losses!(BinaryCrossentropy CategoricalCrossentropy CategoricalHinge Hinge Huber KlDivergence LogCosh MeanAbsoluteError
    MeanSquaredError Poisson SparseCategoricalCrossentropy SquaredHinge);
