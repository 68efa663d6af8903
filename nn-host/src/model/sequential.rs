//! Builds a model layer after layer, as Keras' `Sequential` does.

use nalgebra::{DMatrix, DVector};
use nn_core::activation::AnyActivation;
use nn_core::format::{self, Scaling};
use nn_core::init::{AnyInitializer, GlorotUniform, Initializer};
use nn_core::layer::{DropoutRate, RateError};
use nn_core::loss::AnyLoss;
use nn_core::random::{Purpose, Stream};

use super::{DenseLayer, Model, ModelLayer};
use crate::metric::Metric;
use crate::optimizer::Optimizer;

/// The most units of a layer, as in the model file.
const MOST_UNITS: usize = format::MOST_UNITS as usize;

/// The most weights of a layer: 4 GiB of them.
const MOST_WEIGHTS: usize = 1 << 30;

/// Layers that cannot make a model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No dense layer.
    #[error("a model needs at least one dense layer")]
    NoLayers,
    /// A layer without units, without inputs, or with too many.
    #[error(
        "layer {layer} would have {inputs} inputs and {units} units; each must be 1 to 16,777,216, their product at most 2³⁰"
    )]
    Units {
        /// Position of the layer, from 0.
        layer: usize,
        /// Its inputs.
        inputs: usize,
        /// Its units.
        units: usize,
    },
    /// More layers than can be counted.
    #[error("a model has at most 65,535 layers")]
    TooManyLayers,
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
    /// A dropout rate that is none.
    #[error("layer {layer}: {source}")]
    Rate {
        /// Position of the layer, from 0.
        layer: usize,
        /// Why.
        source: RateError,
    },
}

/// A layer to be built.
#[derive(Clone, Copy, Debug)]
enum Plan {
    Dense { units: usize, activation: AnyActivation },
    Dropout { rate: f32 },
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
    plan: Vec<Plan>,
    initializer: AnyInitializer,
    seed: u64,
}

impl Sequential {
    /// A model of `inputs` inputs, without layers, seed 0.
    #[must_use]
    pub fn new(inputs: usize) -> Self {
        Self { inputs, plan: Vec::new(), initializer: GlorotUniform.into(), seed: 0 }
    }

    /// Appends a dense layer.
    #[must_use]
    pub fn dense(mut self, units: usize, activation: impl Into<AnyActivation>) -> Self {
        self.plan.push(Plan::Dense { units, activation: activation.into() });
        self
    }

    /// Appends a dropout layer, which switches each unit off with probability `rate` in training.
    #[must_use]
    pub fn dropout(mut self, rate: f32) -> Self {
        self.plan.push(Plan::Dropout { rate });
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
        metrics: impl IntoIterator<Item = Metric>,
    ) -> Result<Model, BuildError> {
        let loss = loss.into();
        u16::try_from(self.plan.len()).map_err(|_| BuildError::TooManyLayers)?;
        let mut layers = Vec::with_capacity(self.plan.len());
        let mut width = self.inputs;
        for (place, &plan) in self.plan.iter().enumerate() {
            let layer = self.build(place, width, plan)?;
            width = layer.outputs();
            layers.push(layer);
        }
        if !layers.iter().any(|layer| matches!(layer, ModelLayer::Dense(_))) {
            return Err(BuildError::NoLayers);
        }
        check_outputs(loss, self.plan.last())?;
        Ok(Model {
            inputs: self.inputs,
            layers,
            loss,
            optimizer: optimizer.into(),
            metrics: metrics.into_iter().collect(),
            seed: self.seed,
            scaling: Scaling::NONE,
            labels: Vec::new(),
            preprocessing: None,
            epochs: 0,
            data_sha256: [0; 32],
            configuration_sha256: [0; 32],
        })
    }

    /// One layer with its initial weights.
    fn build(&self, place: usize, inputs: usize, plan: Plan) -> Result<ModelLayer, BuildError> {
        match plan {
            Plan::Dropout { rate } => {
                let rate = DropoutRate::new(rate).map_err(|source| BuildError::Rate { layer: place, source })?;
                Ok(ModelLayer::Dropout { units: inputs, rate })
            }
            Plan::Dense { units, activation } => {
                let counts = [inputs, units].iter().all(|count| (1..=MOST_UNITS).contains(count));
                if !counts || inputs.checked_mul(units).is_none_or(|weights| weights > MOST_WEIGHTS) {
                    return Err(BuildError::Units { layer: place, inputs, units });
                }
                let layer = u16::try_from(place).map_err(|_| BuildError::TooManyLayers)?;
                let mut stream = Stream::new(self.seed, Purpose::Initialize { layer }, 0, 0);
                let mut kernel = DMatrix::zeros(units, inputs);
                self.initializer.fill(inputs, units, &mut stream, kernel.as_mut_slice());
                Ok(ModelLayer::Dense(DenseLayer { kernel, bias: DVector::zeros(units), activation }))
            }
        }
    }
}

/// A loss of probabilities needs outputs that are some, a loss of logits needs others: else its minimum has no meaning.
fn check_outputs(loss: AnyLoss, last: Option<&Plan>) -> Result<(), BuildError> {
    let Some(&Plan::Dense { activation, .. }) = last else { return Ok(()) };
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
    use super::{AnyActivation, BuildError, Sequential};
    use crate::prelude::{Adam, CategoricalCrossentropy, Identity, Relu, Softmax};

    fn error(sequential: Sequential) -> BuildError {
        sequential.compile(CategoricalCrossentropy, Adam::default(), []).unwrap_err()
    }

    #[test]
    fn layers_that_cannot_make_a_model_are_refused_by_place() {
        assert_eq!(error(Sequential::new(3)), BuildError::NoLayers);
        assert_eq!(error(Sequential::new(3).dropout(0.5)), BuildError::NoLayers);
        let none = Sequential::new(3).dense(2, Relu).dense(0, Softmax);
        assert_eq!(error(none), BuildError::Units { layer: 1, inputs: 2, units: 0 });
        let rate = error(Sequential::new(3).dropout(1.5).dense(2, Softmax));
        let sigmoid = error(Sequential::new(3).dense(2, Relu));
        assert!(sigmoid.to_string().ends_with("the last layer must be softmax, it is relu"), "{sigmoid}");
        assert_eq!(rate.to_string(), "layer 0: dropout rate is 1.5, it must be at least 0 and below 1");
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
