//! The model that arguments ask for, to train it or to look for its learning rate.

use clap::Args;
use nn_core::activation::AnyActivation;
use nn_core::init::AnyInitializer;
use nn_core::loss::AnyLoss;
use nn_host::data::{Dataset, FeatureScale, ScaleMethod, Targets};
use nn_host::layer;
use nn_host::metric::AnyMetric;
use nn_host::model::{Model, Sequential};
use nn_host::optimizer::Optimizer;
use nn_host::prelude::{Accuracy, Adam, CategoricalCrossentropy, Identity, MeanSquaredError, Softmax};

use super::failure::Failure;
use super::second_order::{Method, SecondOrder};
use super::specification::{Chosen, HiddenLayer, LayerList};

/// What a new model is made of.
#[derive(Args, Debug)]
pub(super) struct ModelArguments {
    /// Hidden layers, such as "100:relu dropout:0.3"; the output layer follows from the data
    #[arg(long, value_name = "LAYERS", default_value = "")]
    layers: LayerList,

    /// Activation of the output layer with its settings: A[,key=value…] [default: softmax for classes, linear for
    /// values and before a loss from logits]
    #[arg(long, value_name = "A")]
    output_activation: Option<Chosen<AnyActivation>>,

    /// Loss with its settings: L[,key=value…], such as huber,delta=2 [default: categorical_crossentropy for classes,
    /// mean_squared_error for values]
    #[arg(long, value_name = "L")]
    loss: Option<Chosen<AnyLoss>>,

    /// Optimizer with its settings: O[,key=value…]; clipvalue, clipnorm, global_clipnorm and weight_decay are for all but
    /// lbfgs and levenberg_marquardt, which take all samples at once, for small data
    #[arg(long, value_name = "O", default_value = "adam")]
    optimizer: Method,

    /// How features are scaled, by numbers fitted to the training data and kept in the model's first layer
    /// [default: standard for tables, else none]
    #[arg(long, value_name = "METHOD", value_parser = ["standard", "minmax", "none"])]
    scale: Option<String>,

    /// How the kernels of dense layers start, with its settings: I[,key=value…]
    #[arg(long, value_name = "I", default_value = "glorot_uniform")]
    kernel_initializer: Chosen<AnyInitializer>,
}

impl ModelArguments {
    /// The model for this data, with another learning rate than the optimizer's and other metrics than usual if they are given.
    pub(super) fn model(
        &self,
        (learning_rate, metrics): (Option<f32>, Option<Vec<AnyMetric>>),
        seed: u64,
        data: &Dataset,
    ) -> Result<Model, Failure> {
        let is_classes = matches!(data.targets(), Targets::Classes { .. });
        let (activation, loss): (AnyActivation, AnyLoss) = if is_classes {
            (Softmax.into(), CategoricalCrossentropy.into())
        } else {
            (Identity.into(), MeanSquaredError.into())
        };
        let loss = self.loss.map_or(loss, |chosen| chosen.0);
        let activation = if loss.is_from_logits() { Identity.into() } else { activation };
        let activation = self.output_activation.map_or(activation, |chosen| chosen.0);
        let optimizer = self.optimizer(learning_rate)?;
        let layers = self.layers.0.iter().fold(self.scaled(data)?, |model, &layer| match layer {
            HiddenLayer::Dense { units, activation } => model.dense(units, activation),
            HiddenLayer::Dropout { rate } => model.dropout(rate),
        });
        let metrics = metrics.unwrap_or_else(|| if is_classes { vec![Accuracy.into()] } else { Vec::new() });
        let layers = layers.dense(data.outputs(), activation).kernel_initializer(self.kernel_initializer.0).seed(seed);
        Ok(layers.compile(loss, optimizer, metrics)?)
    }

    /// The second-order solver, if it is to be one.
    pub(super) const fn solver(&self) -> Option<&SecondOrder> {
        self.optimizer.second_order()
    }

    /// A model without layers, or with one that scales the features.
    fn scaled(&self, data: &Dataset) -> Result<Sequential, Failure> {
        let model = Sequential::new(data.inputs());
        let usual = if data.preprocessing().is_some() { "standard" } else { "none" };
        let Some(method) = ScaleMethod::from_name(self.scale.as_deref().unwrap_or(usual)) else { return Ok(model) };
        let fitted = FeatureScale::fit(method, data).map_err(Failure::file)?;
        let fitted = match data.preprocessing() {
            Some(table) => fitted.without(table.is_one_hot()),
            None => fitted,
        };
        Ok(model.layer(layer::scale(fitted.offset(), fitted.scale())))
    }

    fn optimizer(&self, learning_rate: Option<f32>) -> Result<Optimizer, Failure> {
        let optimizer = match &self.optimizer {
            Method::Optimizer(settings) => settings.0.clone(),
            // The model has one, in case that it is trained on in batches.
            Method::SecondOrder(_) => Adam::default().into(),
        };
        let Some(learning_rate) = learning_rate else { return Ok(optimizer) };
        optimizer
            .with("learning_rate", learning_rate)
            .map_err(|error| Failure::usage(format!("--learning-rate: {error}")))
    }
}
