//! What an imported model is trained for, which files of others do not say: it follows from the last activation.

use nn_core::activation::AnyActivation;
use nn_core::loss::{AnyLoss, BinaryCrossentropy, CategoricalCrossentropy, MeanSquaredError};
use nn_core::optimizer::Adam;

use super::ImportOptions;
use crate::layer::{LayerKind, ModelLayer, Names, Policy, Stack};
use crate::metric::{Accuracy, AnyMetric};
use crate::model::Model;

/// The model of imported layers.
pub(super) fn model_of(inputs: usize, kinds: Vec<LayerKind>, options: &ImportOptions) -> Model {
    let last = kinds.iter().rev().find_map(activation_of);
    let mut names = Names::default();
    let named = |kind: LayerKind| ModelLayer::new(names.next(kind.keras_name()), kind, Policy::default());
    let layers = Stack::new(inputs, kinds.into_iter().map(named).collect());
    let labels = labels(options, last, layers.outputs());
    let metrics: Vec<AnyMetric> = if labels.is_empty() { Vec::new() } else { vec![Accuracy.into()] };
    Model {
        layers,
        loss: loss(last),
        optimizer: Adam::default().into(),
        metrics,
        seed: 0,
        scaling: options.scaling,
        labels,
        preprocessing: None,
        epochs: 0,
        data_sha256: [0; 32],
        configuration_sha256: [0; 32],
    }
}

/// The activation that a layer ends with; `None` for what changes no value's meaning.
const fn activation_of(kind: &LayerKind) -> Option<AnyActivation> {
    match kind {
        LayerKind::Dense(layer) => Some(layer.activation),
        LayerKind::Activation(layer) => Some(layer.activation),
        LayerKind::Int8Table(layer) => Some(layer.activation),
        LayerKind::Int8Softmax(_) => Some(AnyActivation::Softmax(nn_core::activation::Softmax)),
        LayerKind::Int8Dense(_) => Some(AnyActivation::Identity(nn_core::activation::Identity)),
        _ => None,
    }
}

/// Probabilities of classes, probabilities each by itself, or values.
fn loss(last: Option<AnyActivation>) -> AnyLoss {
    match last {
        Some(AnyActivation::Softmax(_)) => CategoricalCrossentropy.into(),
        Some(AnyActivation::Sigmoid(_)) => BinaryCrossentropy.into(),
        _ => MeanSquaredError.into(),
    }
}

/// The names that are given, or the numbers of the classes behind a softmax.
fn labels(options: &ImportOptions, last: Option<AnyActivation>, outputs: usize) -> Vec<String> {
    if options.labels.is_empty() && matches!(last, Some(AnyActivation::Softmax(_))) {
        return (0..outputs).map(|class| class.to_string()).collect();
    }
    options.labels.clone()
}
