//! The data of a training, as the command line sees it: in memory, or a table that is read window by window.

use nn_host::config::{Config, Solver};
use nn_host::data::{DataSource, Dataset, FeatureScale, Order, ScaleFit, ScaleMethod, TableStream, TargetRule};
use nn_host::model::Model;
use nn_host::train::{FitOptions, History, StreamError};

use super::failure::Failure;

/// What a model is made for and trained with.
pub(super) trait TrainingData {
    /// The number of samples.
    fn samples(&self) -> usize;

    /// The model of a configuration for it, not trained yet.
    fn model(&mut self, config: &Config) -> Result<Model, Failure>;

    /// Fits a model to it, by its optimizer or by a solver.
    fn fit(&mut self, model: (&mut Model, Option<&Solver>), options: FitOptions<'_>) -> Result<History, Failure>;
}

impl TrainingData for Dataset {
    fn samples(&self) -> usize {
        self.len()
    }

    fn model(&mut self, config: &Config) -> Result<Model, Failure> {
        Ok(config.model(self)?)
    }

    fn fit(
        &mut self,
        (model, solver): (&mut Model, Option<&Solver>),
        options: FitOptions<'_>,
    ) -> Result<History, Failure> {
        match solver {
            Some(solver) => Ok(solver.fit(model, self, options)?),
            None => Ok(model.fit(self, options)?),
        }
    }
}

impl TrainingData for TableStream {
    fn samples(&self) -> usize {
        DataSource::samples(self)
    }

    fn model(&mut self, config: &Config) -> Result<Model, Failure> {
        let fitted = config.data.scale.method(true).map(|method| scale(self, method)).transpose()?;
        let fitted = fitted.map(|scale| scale.without(self.preprocessing().is_one_hot()));
        let has_classes = matches!(self.preprocessing().target(), TargetRule::Classes { .. });
        Ok(config.model_for((self.inputs(), self.outputs()), has_classes, fitted.as_ref())?)
    }

    fn fit(
        &mut self,
        (model, solver): (&mut Model, Option<&Solver>),
        options: FitOptions<'_>,
    ) -> Result<History, Failure> {
        if let Some(solver) = solver {
            let message = format!("--stream has no meaning for {}, which takes all samples at once", solver.name());
            return Err(Failure::usage(message));
        }
        model.fit_stream(self, options).map_err(|error| match error {
            StreamError::Fit(error) => error.into(),
            StreamError::Read(error) => error.into(),
        })
    }
}

/// A scaling of the features that is fitted to all rows.
fn scale(stream: &mut TableStream, method: ScaleMethod) -> Result<FeatureScale, Failure> {
    let mut fit = ScaleFit::new(stream.inputs());
    stream.begin(Order::AsTheyAre)?;
    while let Some(window) = stream.next_window()? {
        fit.add(&window);
    }
    fit.finish(method).map_err(Failure::file)
}
