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
        return Ok(Stack::new(model.inputs(), as_they_are(model)));
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

/// The layers with the fake quantization that they have; that of inputs and published ones does not learn.
fn as_they_are(model: &Model) -> Vec<ModelLayer> {
    let layers = model.layers();
    let is_input = |place: usize| match place.checked_sub(1).and_then(|before| layers.get(before)) {
        Some(before) => matches!(before.kind(), LayerKind::Scale(_)),
        None => true,
    };
    let is_published = |quantization| [Quantization::TANH, Quantization::PROBABILITY].contains(&quantization);
    let layer = |(place, layer): (usize, &ModelLayer)| match layer.kind() {
        LayerKind::FakeQuantize(fake) if is_input(place) || is_published(fake.quantization()) => {
            let fixed = FakeQuantizeLayer::fixed(layer.outputs(), fake.quantization());
            ModelLayer::new(layer.name().to_owned(), fixed, layer.policy().clone())
        }
        _ => layer.clone(),
    };
    layers.iter().enumerate().map(layer).collect()
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
                return Err(refused_layer(
                    layer,
                    "put it just behind a dense layer without activation, whose grid it keeps",
                ));
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

#[cfg(test)]
mod tests {
    use nalgebra::DMatrix;
    use nn_core::int8::Quantization;

    use crate::data::{self, Features, Targets};
    use crate::layer::{LayerKind, LayerPlan, ModelLayer, activation, batch_normalization, dense, dropout, residual};
    use crate::prelude::{
        Accuracy, Adam, CategoricalCrossentropy, Dataset, FitOptions, Gelu, Identity, Model, Relu, Sequential, Softmax,
        Tanh,
    };
    use crate::quantize::{QuantizeOptions, WeightWidth};
    use crate::train::FitError;

    fn data() -> Dataset {
        let x = DMatrix::from_fn(4, 200, |row, sample| ((row * 37 + sample * 11) % 101) as f32 / 50.0 - 1.0);
        let classes = (0..200).map(|sample| u32::from(x[(0, sample)] > x[(1, sample)])).collect();
        let names = ["a", "b"].map(str::to_owned).to_vec();
        Dataset::new(Features::Floats(x), Targets::Classes { classes, names }).unwrap()
    }

    fn model(plans: impl IntoIterator<Item = LayerPlan>) -> Model {
        let layers = plans.into_iter().fold(Sequential::new(4), Sequential::layer);
        let optimizer = Adam::default();
        layers.dense(2, Softmax).compile(CategoricalCrossentropy, optimizer, [Accuracy]).unwrap()
    }

    fn fit(model: &mut Model, epochs: u32, qat: WeightWidth) -> Result<(), FitError> {
        model.fit(&data(), FitOptions { epochs, qat: Some(qat), ..Default::default() }).map(drop)
    }

    fn aware(plans: impl IntoIterator<Item = LayerPlan>) -> Model {
        let mut model = model(plans);
        fit(&mut model, 3, WeightWidth::Int8).unwrap();
        model
    }

    fn kinds(model: &Model) -> Vec<String> {
        model.layers().iter().map(|layer| layer.description().replace("Fake quantize", "~")).collect()
    }

    #[test]
    fn values_are_rounded_where_bytes_will_be() {
        let end = ["Dense linear", "~", "Activation softmax"];
        let expect = |plans: Vec<LayerPlan>, before: &[&str]| {
            assert_eq!(kinds(&aware(plans)), [before, &end].concat());
        };
        expect(vec![dense(3, Relu), dropout(0.5)], &["~", "Dense relu", "~", "Dropout 0.5"]);
        expect(vec![dense(3, Tanh)], &["~", "Dense linear", "~", "Activation tanh", "~"]);
        expect(vec![dense(3, Gelu)], &["~", "Dense linear", "~", "Activation gelu", "~"]);
        expect(
            vec![dense(3, Identity), batch_normalization(), dropout(0.5), activation(Relu)],
            &["~", "Dense linear", "BatchNormalization", "Dropout 0.5", "Activation relu", "~"],
        );
        expect(
            vec![dense(3, Identity), batch_normalization(), activation(Tanh)],
            &["~", "Dense linear", "BatchNormalization", "~", "Activation tanh", "~"],
        );
    }

    #[test]
    fn scales_learn_but_for_those_that_are_given() {
        let model = aware([dense(3, Tanh)]);
        let fakes = model.layers().iter().filter_map(|layer| match layer.kind() {
            LayerKind::FakeQuantize(fake) => Some((fake.is_learned(), fake.quantization())),
            _ => None,
        });
        let fakes: Vec<_> = fakes.collect();
        let learned: Vec<_> = fakes.iter().map(|(is_learned, _)| *is_learned).collect();
        assert_eq!(learned, [false, true, false, true]);
        assert_eq!(fakes[2].1, Quantization::TANH);
    }

    #[test]
    fn the_model_of_bytes_has_the_ranges_and_weights_that_were_learned() {
        let plans = || [dense(6, Identity), batch_normalization(), activation(Relu), dropout(0.1), dense(5, Tanh)];
        let model = aware(plans());
        let quantized = model.quantize(&data(), &QuantizeOptions::default()).unwrap();
        let learned: Vec<_> = model.layers().iter().filter_map(quantization_of_fake).collect();
        let made: Vec<_> = quantized.model().layers().iter().filter_map(quantization_of_bytes).collect();
        assert_eq!(made.len(), learned.len() + 1, "softmax alone is rounded in bytes only");
        assert_eq!(made[..learned.len()], learned);
        let difference = (model.predict(&data()).unwrap() - quantized.model().predict(&data()).unwrap()).abs().max();
        assert!(difference < 0.02, "{difference}");
    }

    fn quantization_of_fake(layer: &ModelLayer) -> Option<Quantization> {
        let LayerKind::FakeQuantize(fake) = layer.kind() else { return None };
        Some(fake.quantization())
    }

    fn quantization_of_bytes(layer: &ModelLayer) -> Option<Quantization> {
        match layer.kind() {
            LayerKind::Quantize(layer) => Some(layer.output),
            LayerKind::Int8Dense(layer) => Some(layer.output),
            LayerKind::Int8Table(layer) => Some(layer.output),
            LayerKind::Int8Softmax(_) => Some(Quantization::PROBABILITY),
            _ => None,
        }
    }

    #[test]
    fn weights_are_on_the_grid_of_their_width_and_a_file_keeps_all() {
        for width in [WeightWidth::Int8, WeightWidth::Int4] {
            let mut trained = model([dense(6, Tanh)]);
            assert_eq!(trained.weight_width(), None);
            fit(&mut trained, 2, width).unwrap();
            assert_eq!(trained.weight_width(), Some(width));
            let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
            trained.save(&path).unwrap();
            let read = Model::load(&path).unwrap();
            assert_eq!(read.weight_width(), Some(width));
            assert_eq!(kinds(&read), kinds(&trained));
            assert_eq!(read.weights_sha256(), trained.weights_sha256());
            assert_eq!(read.predict(&data()).unwrap(), trained.predict(&data()).unwrap());
        }
    }

    #[test]
    fn training_goes_on_from_what_was_learned() {
        let mut model = aware([dense(6, Relu)]);
        let (layers, before) = (kinds(&model), model.evaluate(&data()).unwrap().loss);
        fit(&mut model, 5, WeightWidth::Int8).unwrap();
        assert_eq!(kinds(&model), layers);
        assert!(model.evaluate(&data()).unwrap().loss < before);
    }

    #[test]
    fn what_has_no_bytes_is_refused_before_the_training() {
        let error = |plans: Vec<LayerPlan>| fit(&mut model(plans), 1, WeightWidth::Int8).unwrap_err().to_string();
        let normalized = error(vec![dense(3, Relu), batch_normalization()]);
        assert!(normalized.contains("batch_normalization") && normalized.contains("just behind"), "{normalized}");
        let added = error(vec![residual([dense(4, Relu)])]);
        assert!(added.starts_with("quantization-aware training: residual"), "{added}");
    }

    #[test]
    fn classes_of_digits_are_those_of_the_model_of_bytes() {
        let mnist = data::mnist().unwrap();
        let layers = Sequential::new(784).dense(30, Relu).dropout(0.1).dense(10, Softmax);
        let mut model = layers.compile(CategoricalCrossentropy, Adam::default(), [Accuracy]).unwrap();
        let training = mnist.train.first(20_000);
        model.fit(&training, FitOptions { batch_size: 50, ..Default::default() }).unwrap();
        let options = FitOptions { batch_size: 50, qat: Some(WeightWidth::Int8), ..Default::default() };
        model.fit(&training, options).unwrap();
        let quantized = model.quantize(&training.first(100), &QuantizeOptions::default()).unwrap();
        let classes = [&model, quantized.model()].map(|model| {
            let answers = model.predict(&mnist.test).unwrap();
            answers.column_iter().map(|a| a.imax()).collect::<Vec<_>>()
        });
        let differ = classes[0].iter().zip(&classes[1]).filter(|(fake, bytes)| fake != bytes).count();
        assert!(differ <= 10, "{differ} of 10,000");
    }
}
