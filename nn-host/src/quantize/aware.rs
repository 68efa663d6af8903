//! A model made ready for quantization-aware training: fake quantization wherever [`Model::quantize`] will make bytes.
//!
//! ```text
//! dense relu ─► fake ─► dropout ─► dense ─► fake ─► softmax
//! ```
//!
//! Ranges start from the least and the largest value on some of the training data and then learn, but for those that are
//! given: raw bytes are bytes already, other inputs stay as they are seen, sigmoid and tanh have the published ones. A
//! sigmoid, tanh or softmax at the network's end is not rounded, for a loss of a probability that has become 0 is
//! infinite.

use nn_core::activation::{AnyActivation, Identity};
use nn_core::int8::Quantization;

use super::fold::{folded, is_range, refused as refused_layer};
use super::survey::{published, refused, seen};
use super::{QuantizeError, of_raw_bytes};
use crate::data::Dataset;
use crate::layer::{ActivationLayer, DenseLayer, FakeQuantizeLayer, LayerKind, ModelLayer, Policy, Stack};
use crate::model::Model;

/// Samples that ranges are looked for in.
const SAMPLES: usize = 4096;

/// The layers of the model with fake quantization; as they are if they have some.
pub(crate) fn aware(model: &Model, data: &Dataset) -> Result<Stack, QuantizeError> {
    folded(model)?;
    if model.layers().iter().any(|layer| matches!(layer.kind(), LayerKind::FakeQuantize(_))) {
        return Ok(model.layers.clone());
    }
    check_normalizations(model.layers())?;
    let layers = model.layers().iter().flat_map(unfused).collect();
    let model = Model { layers: Stack::new(model.inputs(), layers), ..model.clone() };
    let seen = seen(&model, &some(data)?);
    let mut layers = Vec::new();
    for (place, seen) in seen.iter().enumerate() {
        if let Some(layer) = place.checked_sub(1).and_then(|before| model.layers().get(before)) {
            layers.push(layer.clone());
        }
        let range = seen.range().quantization().filter(|_| seen.is_finite());
        let range = range.ok_or_else(|| refused(&model, place))?;
        layers.extend(fake(&model, place, range));
    }
    Ok(Stack::new(model.inputs(), layers))
}

/// Some of the samples, from all over the data.
fn some(data: &Dataset) -> Result<Dataset, QuantizeError> {
    let distance = data.len().div_ceil(SAMPLES).max(1);
    let samples: Vec<usize> = (0..data.len()).step_by(distance).collect();
    data.select(&samples).map_err(|_| QuantizeError::Empty)
}

/// A layer with its activation on its own, if that is no range: what goes in between is rounded.
fn unfused(layer: &ModelLayer) -> Vec<ModelLayer> {
    match layer.kind() {
        LayerKind::Dense(dense) if !is_range(dense.activation) => {
            let of_dense = DenseLayer { activation: Identity.into(), ..dense.clone() };
            let policy = Policy { activity_regularizer: None, ..layer.policy().clone() };
            let activity = Policy { activity_regularizer: layer.policy().activity_regularizer, ..Policy::default() };
            let activation = ActivationLayer { units: dense.kernel.nrows(), activation: dense.activation };
            let name = format!("{}/{}", layer.name(), dense.activation);
            vec![
                ModelLayer::new(layer.name().to_owned(), of_dense, policy),
                ModelLayer::new(name, activation, activity),
            ]
        }
        _ => vec![layer.clone()],
    }
}

/// Refuses normalizations that are not folded into the dense layer before them: they would change the grid of the one after
/// them.
fn check_normalizations(layers: &[ModelLayer]) -> Result<(), QuantizeError> {
    let mut is_linear = false;
    for layer in layers.iter().filter(|layer| !is_random(layer)) {
        match layer.kind() {
            LayerKind::Dense(dense) => is_linear = dense.activation == Identity.into(),
            LayerKind::BatchNormalization(_) if is_linear => {}
            LayerKind::BatchNormalization(_) => {
                return Err(refused_layer(layer, "put it just behind a dense layer without activation, whose grid it keeps"));
            }
            _ => is_linear = false,
        }
    }
    Ok(())
}

/// Whether the layer does nothing after training.
const fn is_random(layer: &ModelLayer) -> bool {
    matches!(
        layer.kind(),
        LayerKind::Dropout(_) | LayerKind::AlphaDropout(_) | LayerKind::GaussianNoise(_) | LayerKind::Skip(_)
    )
}

/// The fake quantization behind so many layers, whose values have this range; `None` where no bytes will be, or all numbers
/// are bytes.
fn fake(model: &Model, place: usize, range: Quantization) -> Option<ModelLayer> {
    let layers = model.layers();
    let next = layers.iter().skip(place).find(|layer| !is_random(layer)).map(ModelLayer::kind);
    let Some(layer) = place.checked_sub(1).and_then(|before| layers.get(before)) else {
        let is_given = of_raw_bytes(model).is_some() || matches!(next, Some(LayerKind::Scale(_)));
        return (!is_given).then(|| named("input", FakeQuantizeLayer::fixed(model.inputs(), range)));
    };
    let units = layer.outputs();
    let rounds = match layer.kind() {
        LayerKind::Dense(DenseLayer { activation: AnyActivation::Identity(_), .. })
        | LayerKind::BatchNormalization(_)
            if is_folded_away(next) =>
        {
            None
        }
        LayerKind::Scale(_) => Some(FakeQuantizeLayer::fixed(units, range)),
        LayerKind::Activation(_) => match (published(layer), next) {
            (Some(_), None) => None,
            (Some(published), _) => Some(FakeQuantizeLayer::fixed(units, published)),
            (None, _) => Some(FakeQuantizeLayer::learned(units, range)),
        },
        LayerKind::Dense(_) | LayerKind::BatchNormalization(_) => Some(FakeQuantizeLayer::learned(units, range)),
        _ => None,
    };
    rounds.map(|rounds| named(layer.name(), rounds))
}

/// Whether the next layer becomes a part of a dense layer before it.
fn is_folded_away(next: Option<&LayerKind>) -> bool {
    match next {
        Some(LayerKind::BatchNormalization(_)) => true,
        Some(LayerKind::Activation(layer)) => is_range(layer.activation),
        _ => false,
    }
}

fn named(behind: &str, layer: FakeQuantizeLayer) -> ModelLayer {
    ModelLayer::new(format!("{behind}/fake_quantize"), layer, Policy::default())
}
