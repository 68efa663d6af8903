//! Builds a model layer after layer, as Keras' `Sequential` does.

use nn_core::activation::AnyActivation;
use nn_core::format::Scaling;
use nn_core::init::{AnyInitializer, GlorotUniform};
use nn_core::loss::AnyLoss;
use nn_core::optimizer::Tensor;

use super::Model;
use crate::layer::{self, Builder, LayerError, LayerPlan, ModelLayer};
use crate::metric::IntoMetrics;
use crate::optimizer::Optimizer;

/// Layers that cannot make a model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No dense layer.
    #[error("a model needs at least one dense layer")]
    NoLayers,
    /// A layer that cannot be built.
    #[error(transparent)]
    Layer(#[from] LayerError),
    /// A loss of probabilities with outputs that are none.
    #[error("{loss} needs probabilities: the last layer must be {needed}, it is {activation}")]
    NotProbabilities {
        /// The loss.
        loss: AnyLoss,
        /// Activations that give probabilities.
        needed: &'static str,
        /// The last layer's activation.
        activation: AnyActivation,
    },
    /// A loss of logits with outputs that are probabilities.
    #[error("{loss} takes logits: the last layer cannot be {activation}, which is part of the loss")]
    NotLogits {
        /// The loss.
        loss: AnyLoss,
        /// The last layer's activation.
        activation: AnyActivation,
    },
}

/// A model to be built: the number of inputs, then layer after layer.
///
/// ```
/// use nn_host::prelude::*;
/// let model = Sequential::new(4).dense(3, Softmax).compile(CategoricalCrossentropy, Adam::default(), [Accuracy])?;
/// assert_eq!(model.summary().parameters(), 15);
/// # Ok::<(), nn_host::model::BuildError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sequential {
    inputs: usize,
    plan: Vec<LayerPlan>,
    initializer: AnyInitializer,
    seed: u64,
}

impl Sequential {
    /// A model of `inputs` inputs, without layers, seed 0.
    #[must_use]
    pub fn new(inputs: usize) -> Self {
        Self { inputs, plan: Vec::new(), initializer: GlorotUniform.into(), seed: 0 }
    }

    /// Appends a layer, from the module [`layer`]. Consecutive ones can come from a list.
    #[must_use]
    pub fn layer(mut self, plan: LayerPlan) -> Self {
        self.plan.push(plan);
        self
    }

    /// Appends a dense layer.
    #[must_use]
    pub fn dense(mut self, units: usize, activation: impl Into<AnyActivation>) -> Self {
        self.plan.push(layer::dense(units, activation));
        self
    }

    /// Appends a dropout layer, which switches each unit off with probability `rate` in training.
    #[must_use]
    pub fn dropout(mut self, rate: f32) -> Self {
        self.plan.push(layer::dropout(rate));
        self
    }

    /// Sets how the kernels of all dense layers start, instead of Glorot uniform.
    #[must_use]
    pub fn kernel_initializer(mut self, initializer: impl Into<AnyInitializer>) -> Self {
        self.initializer = initializer.into();
        self
    }

    /// Sets what all randomness of this model depends on: initial weights, order of samples, dropout.
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The model with its initial weights, and what it is to be trained for.
    ///
    /// # Errors
    /// [`BuildError`] if the layers cannot make a model.
    pub fn compile(
        self,
        loss: impl Into<AnyLoss>,
        optimizer: impl Into<Optimizer>,
        metrics: impl IntoMetrics,
    ) -> Result<Model, BuildError> {
        let loss = loss.into();
        let layers = Builder::new(self.seed, self.initializer).stack(self.inputs, &self.plan)?;
        if !layers.tensors().iter().any(|tensor| tensor.role == Some(Tensor::Kernel)) {
            return Err(BuildError::NoLayers);
        }
        check_outputs(loss, layers.layers().last())?;
        Ok(Model {
            layers,
            loss,
            optimizer: optimizer.into(),
            metrics: metrics.into_metrics(),
            seed: self.seed,
            scaling: Scaling::NONE,
            labels: Vec::new(),
            preprocessing: None,
            epochs: 0,
            data_sha256: [0; 32],
            configuration_sha256: [0; 32],
        })
    }
}

/// A loss of probabilities needs outputs that are some, a loss of logits needs others: else its minimum has no meaning.
fn check_outputs(loss: AnyLoss, last: Option<&ModelLayer>) -> Result<(), BuildError> {
    let Some(activation) = last.and_then(ModelLayer::activation) else { return Ok(()) };
    if loss.is_from_logits() {
        let is_in_loss = matches!(activation, AnyActivation::Softmax(_) | AnyActivation::Sigmoid(_));
        return if is_in_loss { Err(BuildError::NotLogits { loss, activation }) } else { Ok(()) };
    }
    match needed(loss) {
        Some(needed) if !needed.contains(activation.name()) => {
            Err(BuildError::NotProbabilities { loss, needed, activation })
        }
        _ => Ok(()),
    }
}

/// The activations that give the probabilities which a loss needs, in words.
const fn needed(loss: AnyLoss) -> Option<&'static str> {
    match loss {
        AnyLoss::CategoricalCrossentropy(_)
        | AnyLoss::CategoricalFocalCrossentropy(_)
        | AnyLoss::SparseCategoricalCrossentropy(_) => Some("softmax"),
        AnyLoss::BinaryCrossentropy(_) | AnyLoss::BinaryFocalCrossentropy(_) | AnyLoss::KlDivergence(_) => {
            Some("sigmoid or softmax")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{AnyActivation, BuildError, LayerError, Sequential};
    use crate::prelude::{Adam, CategoricalCrossentropy, Identity, Relu, Softmax};

    fn error(sequential: Sequential) -> BuildError {
        sequential.compile(CategoricalCrossentropy, Adam::default(), []).unwrap_err()
    }

    #[test]
    fn layers_that_cannot_make_a_model_are_refused_by_place() {
        assert_eq!(error(Sequential::new(3)), BuildError::NoLayers);
        assert_eq!(error(Sequential::new(3).dropout(0.5)), BuildError::NoLayers);
        let none = Sequential::new(3).dense(2, Relu).dense(0, Softmax);
        assert_eq!(error(none), LayerError::Units { layer: "dense_1".into(), inputs: 2, units: 0 }.into());
        let rate = error(Sequential::new(3).dropout(1.5).dense(2, Softmax));
        let sigmoid = error(Sequential::new(3).dense(2, Relu));
        assert!(sigmoid.to_string().ends_with("the last layer must be softmax, it is relu"), "{sigmoid}");
        assert_eq!(rate.to_string(), "dropout: dropout rate is 1.5, it must be at least 0 and below 1");
    }

    #[test]
    fn a_loss_from_logits_takes_no_probabilities() {
        let compiled = |activation: AnyActivation| {
            let model = Sequential::new(3).dense(2, activation);
            model.compile(CategoricalCrossentropy::from_logits(), Adam::default(), [])
        };
        assert!(compiled(Identity.into()).is_ok());
        let error = compiled(Softmax.into()).unwrap_err().to_string();
        assert!(
            error.ends_with("takes logits: the last layer cannot be softmax, which is part of the loss"),
            "{error}"
        );
    }

    #[test]
    fn the_seed_decides_the_initial_weights() {
        let model = |seed| {
            Sequential::new(3)
                .dense(2, Softmax)
                .seed(seed)
                .compile(CategoricalCrossentropy, Adam::default(), [])
                .unwrap()
        };
        assert_eq!(model(1).weights_sha256(), model(1).weights_sha256());
        assert_ne!(model(1).weights_sha256(), model(2).weights_sha256());
    }
}
