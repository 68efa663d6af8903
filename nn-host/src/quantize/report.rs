//! What quantization does to each layer: how far its values are from those of floats, and what it alone does to the loss.

use nn_core::int8::Quantization;
use nn_core::math;

use super::survey::each_part;
use super::{Quantized, Range};
use crate::data::Dataset;
use crate::layer::{Batch, LayerKind, ModelLayer, Policy, Stack};
use crate::model::{Model, PredictError};

/// What quantization does to one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerReport {
    /// The name of the layer of floats.
    pub name: String,
    /// The kind of the layer of bytes with its settings.
    pub kind: String,
    /// What its bytes can stand for.
    pub range: Range,
    /// What the bytes of its output stand for.
    pub quantization: Quantization,
    /// Signal to quantization noise in dB, of the layer's outputs behind all layers of bytes before it; infinite where there
    /// is no noise.
    pub sqnr: f32,
    /// The share of the float layer's outputs that are beyond the range by more than half a step.
    pub clipped: f32,
    /// What the loss of the model of floats gains if this layer alone is of bytes.
    pub loss: f32,
    /// The share of that in what all layers gain that gain.
    pub loss_share: f32,
}

/// What quantization does to each layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The layers in their order.
    pub layers: Vec<LayerReport>,
}

impl Quantized {
    /// What became of each layer, seen on this data.
    ///
    /// # Errors
    /// [`PredictError`] if the data does not fit the model.
    pub fn report(&self, data: &Dataset) -> Result<Report, PredictError> {
        self.float.check_answers(data)?;
        let base = loss(&self.float, data)?;
        let noises = self.noises(data);
        let mut layers = Vec::new();
        for (place, (kind, noise)) in self.network.layers().iter().zip(noises).enumerate() {
            let place = place + self.network.first();
            let Some(quantization) = output(kind) else { continue };
            layers.push(LayerReport {
                name: self.float.layers().get(place).map(|layer| layer.name().to_owned()).unwrap_or_default(),
                kind: ModelLayer::new(String::new(), kind.clone(), Policy::default()).description(),
                range: range(quantization),
                quantization,
                sqnr: noise.decibels(),
                clipped: noise.clipped_share(),
                loss: loss(&self.alone(place, kind), data)? - base,
                loss_share: 0.0,
            });
        }
        let gained: f32 = layers.iter().map(|layer| layer.loss.max(0.0)).sum();
        for layer in layers.iter_mut().filter(|_| gained > 0.0) {
            layer.loss_share = layer.loss.max(0.0) / gained;
        }
        Ok(Report { layers })
    }

    /// The positions among the layers of floats of those that have weights in bytes.
    pub(super) fn places_of_weights(&self) -> impl Iterator<Item = usize> {
        let layers = self.network.layers().iter().enumerate();
        let places = layers.filter_map(|(place, kind)| kind.dense_of_bytes().map(|_| place));
        places.map(|place| place + self.network.first())
    }

    /// The loss of the model of floats with the layer at this position in bytes.
    pub(super) fn loss_alone(&self, place: usize, data: &Dataset) -> Result<f32, PredictError> {
        match place.checked_sub(self.network.first()).and_then(|place| self.network.layers().get(place)) {
            Some(kind) => loss(&self.alone(place, kind), data),
            None => loss(&self.float, data),
        }
    }

    /// The model of floats with one layer of bytes.
    fn alone(&self, place: usize, kind: &LayerKind) -> Model {
        let mut layers = self.float.layers().to_vec();
        if let Some(layer) = layers.get_mut(place) {
            *layer = ModelLayer::new(layer.name().to_owned(), kind.clone(), Policy::default());
        }
        Model { layers: Stack::new(self.float.inputs(), layers), ..self.float.clone() }
    }

    /// How far the outputs of each layer of bytes are from those of floats, over all samples in their order.
    fn noises(&self, data: &Dataset) -> Vec<Noise> {
        let first = self.network.first();
        let parts = each_part(data, |engine, samples| {
            let x = self.float.gather(data, samples);
            let (mut expected, mut noises) = (Vec::new(), Vec::new());
            self.float.layers.each_output(engine, &x, |_, a| expected.push(a.clone()));
            // Behind the scaling stands the layer that makes bytes.
            self.model.layers.each_output(engine, &x, |place, found| {
                let place = place.checked_sub(first + 1);
                let kind = place.and_then(|place| self.network.layers().get(place)).and_then(output);
                let expected = place.and_then(|place| expected.get(place + first));
                noises.extend(kind.zip(expected).map(|(kind, expected)| Noise::of(expected, found, kind)));
            });
            noises
        });
        let mut parts = parts.into_iter();
        let mut all = parts.next().unwrap_or_default();
        parts.for_each(|part| all.iter_mut().zip(&part).for_each(|(all, part)| all.add(part)));
        all
    }
}

/// The mean loss, without penalties.
pub(super) fn loss(model: &Model, data: &Dataset) -> Result<f32, PredictError> {
    Ok(model.score(data, &model.predict(data)?)?.loss)
}

/// What the output of a layer of bytes stands for.
const fn output(kind: &LayerKind) -> Option<Quantization> {
    match kind {
        LayerKind::Int8Dense(layer) => Some(layer.output),
        LayerKind::Int4Dense(layer) => Some(layer.unpacked().output),
        LayerKind::Int8Table(layer) => Some(layer.output),
        LayerKind::Int8Softmax(_) => Some(Quantization::PROBABILITY),
        _ => None,
    }
}

fn range(quantization: Quantization) -> Range {
    Range { low: quantization.dequantize(i8::MIN), high: quantization.dequantize(i8::MAX) }
}

/// Sums over the values of a layer.
#[derive(Clone, Debug)]
struct Noise {
    signal: f64,
    noise: f64,
    clipped: usize,
    values: usize,
}

impl Noise {
    fn of(expected: &Batch, found: &Batch, quantization: Quantization) -> Self {
        let Range { low, high } = range(quantization);
        let half = quantization.scale() / 2.0;
        let pairs = expected.iter().zip(found.iter()).map(|(x, y)| (f64::from(*x), f64::from(*y)));
        let sums = pairs.fold((0.0, 0.0), |(signal, noise), (x, y)| (signal + x * x, noise + (x - y) * (x - y)));
        let clipped = expected.iter().filter(|x| **x < low - half || **x > high + half).count();
        Self { signal: sums.0, noise: sums.1, clipped, values: expected.len() }
    }

    fn add(&mut self, other: &Self) {
        self.signal += other.signal;
        self.noise += other.noise;
        self.clipped += other.clipped;
        self.values += other.values;
    }

    /// 10 · log₁₀(signal / noise)
    #[expect(clippy::cast_possible_truncation, reason = "a report of few digits")]
    fn decibels(&self) -> f32 {
        if self.noise == 0.0 {
            return f32::INFINITY;
        }
        10.0 * math::ln((self.signal / self.noise) as f32) / core::f32::consts::LN_10
    }

    #[expect(clippy::cast_precision_loss, reason = "a report of few digits")]
    fn clipped_share(&self) -> f32 {
        self.clipped as f32 / self.values.max(1) as f32
    }
}
