//! A model without what is for training alone, in dense layers and activations: each then has its counterpart in bytes.
//!
//! Normalizations are folded into the dense layer before or after them, a scaling that is one factor for all inputs into the
//! first dense layer. A scaling a feature stays before the bytes: behind one, all features would share a scale.

use std::collections::BTreeMap;

use nalgebra::DVector;
use nn_core::activation::{AnyActivation, Identity};
use nn_core::format::Scaling;
use nn_core::int8::Quantization;
use nn_core::layer::Fold;

use super::QuantizeError;
use crate::layer::{ActivationLayer, DenseLayer, LayerKind, ModelLayer, Policy, Stack};
use crate::model::Model;

/// Quantizations that have been learned, each by the number of layers before it.
pub(super) type Learned = BTreeMap<usize, Quantization>;

/// A folded model, without the fake quantization that was in it.
pub(crate) struct Folded {
    pub(crate) model: Model,
    /// What the fake quantization behind so many layers rounded to.
    pub(super) learned: Learned,
}

/// The same function in layers of three kinds: scaling first, if there is one, then dense layers whose activation is a range,
/// and activations.
pub(crate) fn folded(model: &Model) -> Result<Folded, QuantizeError> {
    let mut folding = Folding::default();
    model.layers().iter().try_for_each(|layer| folding.add(layer))?;
    let (mut layers, learned) = folding.finish()?;
    // A learned range of the input is one of scaled inputs.
    let is_free = !learned.contains_key(&0);
    let scaling = if is_free { absorb(model.scaling(), &mut layers) } else { model.scaling() };
    let inputs = model.inputs();
    let layers = layers.into_iter().map(|(name, kind)| ModelLayer::new(name, kind, Policy::default())).collect();
    Ok(Folded { model: Model { layers: Stack::new(inputs, layers), scaling, ..model.clone() }, learned })
}

/// A layer by its name.
type Named = (String, LayerKind);

#[derive(Default)]
struct Folding {
    layers: Vec<Named>,
    learned: Learned,
    /// Normalizations that wait for the dense layer after them.
    waiting: Vec<(ModelLayer, Fold<Vec<f32>>)>,
}

impl Folding {
    fn add(&mut self, layer: &ModelLayer) -> Result<(), QuantizeError> {
        let refuse = |nearest| Err(refused(layer, nearest));
        match layer.kind() {
            LayerKind::Dense(dense) => self.add_dense(layer.name(), dense),
            LayerKind::Activation(ActivationLayer { activation, .. }) => {
                return self.add_activation(layer, *activation);
            }
            LayerKind::BatchNormalization(normalization) => self.add_normalization(layer, normalization.fold()),
            LayerKind::Dropout(_) | LayerKind::AlphaDropout(_) | LayerKind::GaussianNoise(_) | LayerKind::Skip(_) => {}
            LayerKind::Scale(_) if self.layers.is_empty() && self.waiting.is_empty() => self.push(layer),
            LayerKind::Scale(_) => {
                return refuse("a scaling can be the first layer; elsewhere use batch_normalization");
            }
            LayerKind::FakeQuantize(layer) => {
                self.check_waiting()?;
                self.learned.insert(self.layers.len(), layer.quantization());
            }
            LayerKind::Residual(_) => return refuse("bytes are not added; use dense layers one after the other"),
            LayerKind::Concatenate(_) => {
                return refuse("bytes are not joined; one dense layer takes the place of both");
            }
            LayerKind::LayerNormalization(_) => {
                return refuse("it depends on each sample; batch_normalization is folded into a dense layer");
            }
            LayerKind::Prelu(_) => return refuse("slopes a unit have no table; use leaky_relu"),
            LayerKind::Quantize(_)
            | LayerKind::Int8Dense(_)
            | LayerKind::Int4Dense(_)
            | LayerKind::Int8Table(_)
            | LayerKind::Int8Softmax(_)
            | LayerKind::Requantize(_)
            | LayerKind::Dequantize(_) => {
                return refuse("it is of bytes already; quantize the model that it came from");
            }
        }
        self.check_activation(layer)
    }

    fn push(&mut self, layer: &ModelLayer) {
        self.layers.push((layer.name().to_owned(), layer.kind().clone()));
    }

    fn add_dense(&mut self, name: &str, dense: &DenseLayer) {
        let (mut kernel, activation) = (dense.kernel.clone(), dense.activation);
        let mut bias = dense.bias.clone().unwrap_or_else(|| DVector::zeros(kernel.nrows()));
        for (_, fold) in self.waiting.drain(..).rev() {
            fold.into_layer_after(kernel.as_mut_slice(), bias.as_mut_slice());
        }
        let (units, is_range) = (kernel.nrows(), is_range(activation));
        let of_dense = if is_range { activation } else { Identity.into() };
        self.layers.push((name.to_owned(), DenseLayer { kernel, bias: Some(bias), activation: of_dense }.into()));
        if !is_range {
            self.layers.push((format!("{name}/{activation}"), ActivationLayer { units, activation }.into()));
        }
    }

    /// An activation by itself, which is the dense layer's before it if that has none.
    fn add_activation(&mut self, layer: &ModelLayer, activation: AnyActivation) -> Result<(), QuantizeError> {
        self.check_waiting()?;
        match self.linear_dense() {
            _ if activation == Identity.into() => {}
            Some(dense) if is_range(activation) => dense.activation = activation,
            _ => self.push(layer),
        }
        self.check_activation(layer)
    }

    fn add_normalization(&mut self, layer: &ModelLayer, fold: Fold<Vec<f32>>) {
        let waits = !self.waiting.is_empty();
        match self.linear_dense().filter(|_| !waits) {
            Some(DenseLayer { kernel, bias: Some(bias), .. }) => {
                fold.into_layer_before(kernel.as_mut_slice(), bias.as_mut_slice());
            }
            _ => self.waiting.push((layer.clone(), fold)),
        }
    }

    /// The last layer, if it is a dense one without an activation, whose output is not rounded as it is.
    fn linear_dense(&mut self) -> Option<&mut DenseLayer> {
        if self.learned.contains_key(&self.layers.len()) {
            return None;
        }
        match self.layers.last_mut() {
            Some((_, LayerKind::Dense(dense))) if dense.activation == Identity.into() => Some(dense),
            _ => None,
        }
    }

    /// Refuses activations that have no form in bytes.
    fn check_activation(&self, layer: &ModelLayer) -> Result<(), QuantizeError> {
        match layer.activation() {
            Some(AnyActivation::LogSoftmax(_)) => {
                Err(refused(layer, "log_softmax has no bytes; use softmax, which has the same largest output"))
            }
            _ => Ok(()),
        }
    }

    fn check_waiting(&self) -> Result<(), QuantizeError> {
        match self.waiting.first() {
            Some((layer, _)) => {
                Err(refused(layer, "it is folded into a dense layer just before it, without activation, or after it"))
            }
            None => Ok(()),
        }
    }

    fn finish(self) -> Result<(Vec<Named>, Learned), QuantizeError> {
        self.check_waiting()?;
        let has_dense = self.layers.iter().any(|(_, kind)| matches!(kind, LayerKind::Dense(_)));
        if has_dense { Ok((self.layers, self.learned)) } else { Err(QuantizeError::NoDense) }
    }
}

/// Whether the activation is the range of a layer's output: ReLU and its like.
pub(super) const fn is_range(activation: AnyActivation) -> bool {
    matches!(activation, AnyActivation::Identity(_) | AnyActivation::Relu(_) | AnyActivation::Relu6(_))
}

pub(super) fn refused(layer: &ModelLayer, nearest: &'static str) -> QuantizeError {
    QuantizeError::Layer { layer: layer.name().to_owned(), kind: layer.description(), nearest }
}

/// Takes a factor for all inputs into the first dense layer; what is left of the scaling.
fn absorb(scaling: Scaling, layers: &mut [Named]) -> Scaling {
    let is_factor = scaling.offset == 0.0 && scaling.scale > 0.0;
    match layers.first_mut() {
        Some((_, LayerKind::Dense(dense))) if is_factor => {
            dense.kernel *= scaling.scale;
            Scaling { scale: 1.0, ..scaling }
        }
        _ => scaling,
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;

    use super::folded;
    use crate::data::{Features, Targets};
    use crate::layer::{LayerPlan, ModelLayer, activation, batch_normalization, dense, scale};
    use crate::prelude::{
        CategoricalCrossentropy, Dataset, FitOptions, Identity, Model, Relu, Sequential, Sgd, Softmax, Tanh,
    };
    use crate::quantize::QuantizeError;

    fn data() -> Dataset {
        let x = DMatrix::from_fn(4, 60, |row, sample| u8::try_from((row * 37 + sample * 11) % 251).unwrap());
        let classes = (0..60).map(|sample| sample % 3).collect();
        let names = ["a", "b", "c"].map(str::to_owned).to_vec();
        Dataset::new(Features::Bytes(x), Targets::Classes { classes, names }).unwrap()
    }

    fn trained(plans: impl IntoIterator<Item = LayerPlan>) -> Model {
        let layers = plans.into_iter().fold(Sequential::new(4), Sequential::layer);
        let mut model = layers.compile(CategoricalCrossentropy, Sgd::default(), []).unwrap();
        model.fit(&data(), FitOptions { epochs: 2, ..Default::default() }).unwrap();
        model
    }

    #[test]
    fn what_is_folded_away_is_in_the_weights() {
        let model = trained([
            dense(5, Identity),
            batch_normalization(),
            activation(Relu),
            dense(4, Tanh),
            batch_normalization(),
            dense(3, Softmax),
        ]);
        let folded = folded(&model).unwrap().model;
        let kinds: Vec<_> = folded.layers().iter().map(ModelLayer::description).collect();
        assert_eq!(kinds, ["Dense relu", "Dense linear", "Activation tanh", "Dense linear", "Activation softmax"]);
        let difference = (folded.predict(&data()).unwrap() - model.predict(&data()).unwrap()).abs().max();
        assert!(difference < 1e-5, "{difference}");
        assert_eq!((model.scaling().scale, folded.scaling().scale), (1.0 / 255.0, 1.0));
    }

    #[test]
    fn normalizations_that_follow_each_other_are_folded_in_order() {
        let model = trained([dense(4, Tanh), batch_normalization(), batch_normalization(), dense(3, Softmax)]);
        let difference =
            (folded(&model).unwrap().model.predict(&data()).unwrap() - model.predict(&data()).unwrap()).abs();
        assert!(difference.max() < 1e-5, "{difference}");
    }

    #[test]
    fn a_scaling_a_feature_stays_in_front() {
        let model = trained([scale(vec![1.0; 4], vec![0.5, 2.0, 1.0, 4.0]), dense(3, Softmax)]);
        let folded = folded(&model).unwrap().model;
        assert_eq!(folded.layers()[0].description(), "Scale");
        assert_eq!(folded.scaling(), model.scaling());
    }

    #[test]
    fn a_normalization_without_a_dense_layer_beside_it_is_refused() {
        let model = trained([dense(3, Softmax), batch_normalization()]);
        let error = folded(&model).map(|folded| folded.learned).unwrap_err();
        assert!(matches!(&error, QuantizeError::Layer { layer, .. } if layer == "batch_normalization"), "{error}");
        let model = trained([batch_normalization(), activation(Tanh), dense(3, Softmax)]);
        assert!(folded(&model).is_err());
    }
}
