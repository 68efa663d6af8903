//! `[model]`: the hidden layers, and what all layers start and are trained with.

use std::path::{Path, PathBuf};

use nn_core::activation::{AnyActivation, Identity, Softmax};
use nn_core::init::{AnyInitializer, GlorotUniform};
use nn_core::optimizer::Penalty;

use super::entries::{At, Entries};
use super::layer::layers;
use super::{Config, LayerList};
use crate::data::{Dataset, FeatureScale, ScaleError, Targets};
use crate::layer::{LayerPlan, dense, scale};
use crate::metric::AnyMetric;
use crate::model::{BuildError, FileError, Model, Sequential, WeightsError, WeightsFileError};
use crate::prelude::{Accuracy, CategoricalCrossentropy, MeanSquaredError};

/// The hidden layers; the output layer follows from the targets.
///
/// ```
/// use nn_host::config::Config;
/// use nn_host::{layer, prelude::*};
/// let config = Config::parse("[[model.layers]]\ntype = 'dense'\nunits = 16\nactivation = 'relu'")?;
/// assert_eq!(config.model.layers, [layer::dense(16, Relu)]);
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ModelConfig {
    /// The hidden layers (none).
    pub layers: Vec<LayerPlan>,
    /// The activation of the output layer; softmax for classes, none for values and before a loss from logits (`None`).
    pub output_activation: Option<AnyActivation>,
    /// How kernels start (Glorot uniform).
    pub kernel_initializer: AnyInitializer,
    /// The penalty of all kernels of dense layers that have none of their own (none).
    pub kernel_regularizer: Option<Penalty>,
    /// The model, or the file (.npz, .safetensors), whose weights it starts from (none).
    pub init_weights: Option<PathBuf>,
}

/// Why there is no model for some data.
///
/// ```
/// use nn_host::config::{Config, ModelError};
/// # use nalgebra::DMatrix;
/// # use nn_host::data::{Dataset, Features, Targets};
/// # let data = Dataset::new(Features::Floats(DMatrix::zeros(3, 8)), Targets::Values(DMatrix::zeros(1, 8)))?;
/// let config = Config::parse("model.init_weights = 'no such file.nn'")?;
/// assert!(matches!(config.model(&data), Err(ModelError::File(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The layers cannot make a model.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The features cannot be scaled.
    #[error(transparent)]
    Scale(#[from] ScaleError),
    /// The model with the weights to start from cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file with the weights to start from is none for this model.
    #[error(transparent)]
    WeightsFile(#[from] WeightsFileError),
    /// The weights of the model to start from are none for this model.
    #[error("{}", path.display())]
    Weights {
        /// That model.
        path: PathBuf,
        /// Why.
        source: WeightsError,
    },
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self {
            layers: Vec::new(),
            output_activation: None,
            kernel_initializer: GlorotUniform.into(),
            kernel_regularizer: None,
            init_weights: None,
        }
    }
}

/// The keys of the table.
pub(super) const KEYS: &[&str] =
    &["layers", "output_activation", "kernel_initializer", "kernel_regularizer", "init_weights"];

impl ModelConfig {
    pub(super) fn read(entries: &Entries<'_>, folder: &Path) -> Result<Self, At> {
        let usual = Self::default();
        Ok(Self {
            layers: match entries.get("layers") {
                None => Vec::new(),
                Some(text) if text.is_text() => text.parsed::<LayerList>()?.0,
                Some(array) => layers(&array, 0)?,
            },
            output_activation: entries.spoken("output_activation")?,
            kernel_initializer: entries.spoken("kernel_initializer")?.unwrap_or(usual.kernel_initializer),
            kernel_regularizer: entries.spoken("kernel_regularizer")?,
            init_weights: entries.text("init_weights")?.map(|name| folder.join(name)),
        })
    }

    /// The layers with an output layer, each with its penalty.
    fn plans(&self, outputs: LayerPlan) -> impl Iterator<Item = LayerPlan> {
        self.layers.iter().cloned().chain([outputs]).map(|plan| match self.kernel_regularizer {
            Some(penalty) => plan.penalized(penalty),
            None => plan,
        })
    }
}

impl Config {
    /// The model for this data, not trained yet.
    ///
    /// # Errors
    /// [`ModelError`] if the features cannot be scaled, the layers cannot make a model, or it cannot have the weights to
    /// start from.
    ///
    /// ```
    /// use nn_host::config::Config;
    /// # use nalgebra::DMatrix;
    /// # use nn_host::data::{Dataset, Features, Targets};
    /// # let data = Dataset::new(Features::Floats(DMatrix::zeros(3, 8)), Targets::Values(DMatrix::zeros(1, 8)))?;
    /// let config = Config::parse("model.layers = '16:relu'\nfit.epochs = 2")?;
    /// let mut model = config.model(&data)?;
    /// assert_eq!(model.parameters(), 3 * 16 + 16 + 16 + 1);
    /// let history = model.fit(&data, config.fit_options(None))?;
    /// assert_eq!(history.epochs.len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn model(&self, data: &Dataset) -> Result<Model, ModelError> {
        let table = data.preprocessing();
        let fitted = match self.data.scale.method(table.is_some()) {
            Some(method) => Some(FeatureScale::fit(method, data)?),
            None => None,
        };
        let fitted = match table {
            Some(table) => fitted.map(|scale| scale.without(table.is_one_hot())),
            None => fitted,
        };
        let has_classes = matches!(data.targets(), Targets::Classes { .. });
        self.model_for((data.inputs(), data.outputs()), has_classes, fitted.as_ref())
    }

    /// The same for data of so many inputs and outputs, whose features have been scaled.
    ///
    /// # Errors
    /// [`ModelError`], the same.
    pub fn model_for(
        &self,
        (inputs, outputs): (usize, usize),
        has_classes: bool,
        fitted: Option<&FeatureScale>,
    ) -> Result<Model, ModelError> {
        let loss = self.compile.loss.unwrap_or_else(|| match has_classes {
            true => CategoricalCrossentropy.into(),
            false => MeanSquaredError.into(),
        });
        let activation = if has_classes && !loss.is_from_logits() { Softmax.into() } else { Identity.into() };
        let output = dense(outputs, self.model.output_activation.unwrap_or(activation));
        let scaling = fitted.map(|fitted| scale(fitted.offset(), fitted.scale()));
        let plans = scaling.into_iter().chain(self.model.plans(output));
        let sequential = plans.fold(Sequential::new(inputs), Sequential::layer);
        let usual = || if has_classes { vec![Accuracy.into()] } else { Vec::<AnyMetric>::new() };
        let metrics = self.compile.metrics.clone().unwrap_or_else(usual);
        let sequential = sequential.kernel_initializer(self.model.kernel_initializer).seed(self.seed);
        let mut model = sequential.compile(loss, self.compile.optimizer.clone(), metrics)?;
        self.model.init_weights.as_deref().map_or(Ok(()), |path| initialize(&mut model, path))?;
        Ok(model)
    }
}

/// Gives a model the weights to start from.
fn initialize(model: &mut Model, path: &Path) -> Result<(), ModelError> {
    if path.extension().is_some_and(|suffix| suffix == "nn") {
        let wrong = |source| ModelError::Weights { path: path.to_owned(), source };
        let other = Model::load(path)?;
        let mut weights = other.weights();
        // Scales of fake quantization are found anew.
        weights.retain(|tensor| !tensor.name.ends_with("/log_scale"));
        return model.set_weights(&weights).map_err(wrong);
    }
    Ok(model.load_weights(path)?)
}
