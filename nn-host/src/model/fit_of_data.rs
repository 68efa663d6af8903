//! Whether a data set fits a model: the size and encoding of its samples, and its targets.

use super::{Model, PredictError};
use crate::data::{Dataset, Targets};
use crate::metric;

impl Model {
    /// Checks that the samples have the size of the model's input.
    pub(crate) fn check_inputs(&self, data: &Dataset) -> Result<(), PredictError> {
        let (expected, found) = (self.inputs(), data.inputs());
        if expected == found { Ok(()) } else { Err(PredictError::Inputs { expected, found }) }
    }

    /// Checks that the model can answer to the samples.
    pub(crate) fn check_answers(&self, data: &Dataset) -> Result<(), PredictError> {
        self.check_inputs(data).and_then(|()| self.check_encoding(data))
    }

    /// Checks that the samples are encoded as those that the model was trained with.
    fn check_encoding(&self, data: &Dataset) -> Result<(), PredictError> {
        let (expected, found) = (self.scaling.encoding, data.scaling().encoding);
        if expected == found {
            return Ok(());
        }
        Err(PredictError::Encoding { expected: expected.name(), found: found.name() })
    }

    /// Checks that the targets fit the model's output and its metrics.
    pub(crate) fn check_targets(&self, data: &Dataset) -> Result<(), PredictError> {
        let (expected, found) = (self.outputs(), data.outputs());
        match data.targets() {
            Targets::Classes { .. } if found > expected => {
                Err(PredictError::Outputs { what: "classes", expected, found })
            }
            Targets::Values(_) if found != expected => {
                Err(PredictError::Outputs { what: "target values", expected, found })
            }
            _ => Ok(metric::check_targets(&self.metrics, data.targets())?),
        }
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;
    use nn_core::optimizer::Penalty;

    use crate::data::{Features, Targets};
    use crate::layer::{dense, residual};
    use crate::prelude::{Dataset, FitOptions, Identity, MeanSquaredError, Sequential, Sgd, Tanh};

    #[test]
    fn the_loss_of_an_evaluation_has_the_penalties_that_training_reports() {
        let penalty = Penalty::l1_l2(0.25, 0.5).unwrap();
        let inside = dense(2, Tanh).activity_regularizer(penalty).bias_regularizer(penalty);
        let plans = [residual([inside]), dense(1, Identity).kernel_regularizer(penalty).activity_regularizer(penalty)];
        let model = plans.into_iter().fold(Sequential::new(2), Sequential::layer);
        let mut model = model.compile(MeanSquaredError, Sgd::default(), []).unwrap();
        let x = Features::Floats(DMatrix::from_fn(2, 4, |row, column| row as f32 - 0.5 * column as f32));
        let data = Dataset::new(x, Targets::Values(DMatrix::from_element(1, 4, 1.0))).unwrap();
        let scores = model.evaluate(&data).unwrap();
        let without = model.score(&data, &model.predict(&data).unwrap()).unwrap();
        assert!(scores.loss > without.loss + 0.1, "{} {}", scores.loss, without.loss);
        let history = model.fit(&data, FitOptions::default()).unwrap();
        assert!((history.get("loss")[0] - scores.loss).abs() < 1e-6, "{:?} {}", history.get("loss"), scores.loss);
    }
}
