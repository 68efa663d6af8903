//! Layers as they are asked for, before their weights exist; Keras' layers.

use nn_core::activation::AnyActivation;
use nn_core::constraint::AnyConstraint;
use nn_core::init::{AnyInitializer, Zeros};
use nn_core::optimizer::Penalty;

use super::{
    ActivationLayer, AlphaDropoutLayer, BatchNormalizationLayer, DenseLayer, DropoutLayer, GaussianNoiseLayer,
    LayerError, LayerNormalizationLayer, Policy, PreluLayer, ResidualLayer, ScaleLayer,
};

/// A layer as it is asked for.
///
/// ```
/// use nn_host::{layer, prelude::*};
/// let model = Sequential::new(8)
///     .layer(layer::dense(16, Identity).without_bias())
///     .layer(layer::batch_normalization())
///     .layer(layer::activation(Relu))
///     .layer(layer::residual([layer::dense(16, Relu).learning_rate(0.5)]))
///     .dense(3, Softmax)
///     .compile(CategoricalCrossentropy, Adam::default(), [Accuracy])?;
/// assert_eq!(model.layers()[1].name(), "batch_normalization");
/// # Ok::<(), nn_host::model::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LayerPlan {
    pub(super) kind: Kind,
    pub(super) name: Option<String>,
    pub(super) seed: Option<u64>,
    pub(super) kernel_initializer: Option<AnyInitializer>,
    pub(super) bias_initializer: AnyInitializer,
    pub(super) policy: Policy,
}

/// What is to be built.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Dense { units: usize, activation: AnyActivation, has_bias: bool },
    Activation(AnyActivation),
    Dropout { rate: f32 },
    AlphaDropout { rate: f32 },
    GaussianNoise { stddev: f32 },
    Prelu,
    Scale { offset: Vec<f32>, scale: Vec<f32> },
    BatchNormalization,
    LayerNormalization,
    Residual { branch: Vec<LayerPlan>, is_projected: bool },
}

/// A dense layer.
#[must_use]
pub fn dense(units: usize, activation: impl Into<AnyActivation>) -> LayerPlan {
    Kind::Dense { units, activation: activation.into(), has_bias: true }.into()
}

/// An activation by itself: `dense(100, Identity)`, `batch_normalization()`, `activation(Relu)` normalizes before it.
#[must_use]
pub fn activation(activation: impl Into<AnyActivation>) -> LayerPlan {
    Kind::Activation(activation.into()).into()
}

/// A layer that switches each unit off with probability `rate` in training.
#[must_use]
pub fn dropout(rate: f32) -> LayerPlan {
    Kind::Dropout { rate }.into()
}

/// A layer that gives each unit with probability `rate` the value that SELU tends to, and keeps mean and variance.
#[must_use]
pub fn alpha_dropout(rate: f32) -> LayerPlan {
    Kind::AlphaDropout { rate }.into()
}

/// A layer that adds normal numbers of this standard deviation in training.
#[must_use]
pub fn gaussian_noise(stddev: f32) -> LayerPlan {
    Kind::GaussianNoise { stddev }.into()
}

/// Batch normalization, with Keras' momentum 0.99 and ε 0.001.
#[must_use]
pub fn batch_normalization() -> LayerPlan {
    Kind::BatchNormalization.into()
}

/// Layer normalization, with Keras' ε 0.001.
#[must_use]
pub fn layer_normalization() -> LayerPlan {
    Kind::LayerNormalization.into()
}

/// Parametric ReLU, whose slopes start at 0.
#[must_use]
pub fn prelu() -> LayerPlan {
    Kind::Prelu.into()
}

/// Input scaling a feature, (x − offset) · scale, with numbers that are fitted to the training data.
#[must_use]
pub fn scale(offset: impl Into<Vec<f32>>, scale: impl Into<Vec<f32>>) -> LayerPlan {
    Kind::Scale { offset: offset.into(), scale: scale.into() }.into()
}

/// Layers f with a shortcut past them, f(x) + x: the last one must have as many units as the block has inputs.
#[must_use]
pub fn residual(branch: impl IntoIterator<Item = LayerPlan>) -> LayerPlan {
    Kind::Residual { branch: branch.into_iter().collect(), is_projected: false }.into()
}

/// Layers f with a shortcut past them that changes the size, f(x) + x · P.
#[must_use]
pub fn residual_projected(branch: impl IntoIterator<Item = LayerPlan>) -> LayerPlan {
    Kind::Residual { branch: branch.into_iter().collect(), is_projected: true }.into()
}

impl From<Kind> for LayerPlan {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            name: None,
            seed: None,
            kernel_initializer: None,
            bias_initializer: Zeros.into(),
            policy: Policy::default(),
        }
    }
}

impl LayerPlan {
    /// Gives the layer a name instead of the one that Keras would give it.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Leaves the bias of a dense layer away.
    #[must_use]
    pub fn without_bias(mut self) -> Self {
        if let Kind::Dense { has_bias, .. } = &mut self.kind {
            *has_bias = false;
        }
        self
    }

    /// Sets how the kernel starts, instead of as in the rest of the model.
    #[must_use]
    pub fn kernel_initializer(self, initializer: impl Into<AnyInitializer>) -> Self {
        Self { kernel_initializer: Some(initializer.into()), ..self }
    }

    /// Sets how the bias starts, instead of with zeros.
    #[must_use]
    pub fn bias_initializer(self, initializer: impl Into<AnyInitializer>) -> Self {
        Self { bias_initializer: initializer.into(), ..self }
    }

    /// Sets what the initial weights depend on, instead of the model's seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// Freezes the layer: its weights do not learn.
    #[must_use]
    pub fn frozen(mut self) -> Self {
        self.policy.trainable = false;
        self
    }

    /// Multiplies the learning rate by `factor` for this layer.
    #[must_use]
    pub fn learning_rate(mut self, factor: f32) -> Self {
        self.policy.learning_rate = factor;
        self
    }

    /// Penalizes large weights of the kernel.
    #[must_use]
    pub fn kernel_regularizer(mut self, penalty: Penalty) -> Self {
        self.policy.kernel_regularizer = Some(penalty);
        self
    }

    /// Penalizes large weights of the bias.
    #[must_use]
    pub fn bias_regularizer(mut self, penalty: Penalty) -> Self {
        self.policy.bias_regularizer = Some(penalty.on_biases());
        self
    }

    /// Constrains the kernel after each step.
    #[must_use]
    pub fn kernel_constraint(mut self, constraint: impl Into<AnyConstraint>) -> Self {
        self.policy.kernel_constraint = Some(constraint.into());
        self
    }

    /// Constrains the bias after each step.
    #[must_use]
    pub fn bias_constraint(mut self, constraint: impl Into<AnyConstraint>) -> Self {
        self.policy.bias_constraint = Some(constraint.into());
        self
    }

    /// Penalizes large activations.
    #[must_use]
    pub fn activity_regularizer(mut self, penalty: Penalty) -> Self {
        self.policy.activity_regularizer = Some(penalty);
        self
    }
}

impl LayerPlan {
    /// Refuses settings that the layer has no use for.
    pub(super) fn check(&self, layer: &str) -> Result<(), LayerError> {
        let useless = |what, setting| Err(LayerError::Useless { layer: layer.to_owned(), what, setting });
        let has_kernel = matches!(self.kind, Kind::Dense { .. } | Kind::Residual { is_projected: true, .. });
        let has_bias = matches!(self.kind, Kind::Dense { has_bias: true, .. });
        let Policy { kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint, learning_rate, .. } =
            &self.policy;
        if !(learning_rate.is_finite() && *learning_rate >= 0.0) {
            return Err(LayerError::LearningRate { layer: layer.to_owned(), factor: *learning_rate });
        }
        match () {
            () if !has_kernel && self.kernel_initializer.is_some() => useless("kernel", "kernel_initializer"),
            () if !has_kernel && kernel_regularizer.is_some() => useless("kernel", "kernel_regularizer"),
            () if !has_kernel && kernel_constraint.is_some() => useless("kernel", "kernel_constraint"),
            () if !has_bias && bias_constraint.is_some() => useless("bias", "bias_constraint"),
            () if !has_bias && self.bias_initializer != Zeros.into() => useless("bias", "bias_initializer"),
            () if !has_bias && bias_regularizer.is_some() => useless("bias", "bias_regularizer"),
            () => Ok(()),
        }
    }
}

impl Kind {
    /// The name of such a layer in Keras, to which a number is added.
    pub(super) const fn keras_name(&self) -> &'static str {
        match self {
            Self::Dense { .. } => DenseLayer::KERAS_NAME,
            Self::Activation(_) => ActivationLayer::KERAS_NAME,
            Self::Dropout { .. } => DropoutLayer::KERAS_NAME,
            Self::AlphaDropout { .. } => AlphaDropoutLayer::KERAS_NAME,
            Self::GaussianNoise { .. } => GaussianNoiseLayer::KERAS_NAME,
            Self::Prelu => PreluLayer::KERAS_NAME,
            Self::Scale { .. } => ScaleLayer::KERAS_NAME,
            Self::BatchNormalization => BatchNormalizationLayer::KERAS_NAME,
            Self::LayerNormalization => LayerNormalizationLayer::KERAS_NAME,
            Self::Residual { .. } => ResidualLayer::KERAS_NAME,
        }
    }
}
