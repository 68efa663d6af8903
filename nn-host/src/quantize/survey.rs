//! What values flow between the layers of a model on data: their range, and the mean of each unit.

use nn_core::activation::AnyActivation;
use nn_core::int8::Quantization;
use rayon::prelude::*;

use super::calibration::Histogram;
use super::fold::Learned;
use super::{Calibration, QuantizeError, Range, of_raw_bytes};
use crate::data::Dataset;
use crate::gemm::Engine;
use crate::layer::{Batch, LayerKind, ModelLayer};
use crate::model::Model;

/// Samples that are looked at at a time.
const BATCH: usize = 256;

/// What flows before the first layer, and behind each.
#[derive(Debug)]
pub(super) struct Survey {
    points: Vec<Point>,
}

/// What flows at one place.
#[derive(Debug)]
pub(super) struct Point {
    /// What its bytes stand for.
    pub(super) quantization: Quantization,
    /// The mean of each unit.
    pub(super) means: Vec<f64>,
    /// The mean square of each unit.
    pub(super) squares: Vec<f64>,
}

impl Survey {
    /// Looks at all samples, twice if the calibration wants to know how often values come; ranges that have been learned stay
    /// as they are.
    pub(super) fn of(
        model: &Model,
        data: &Dataset,
        (calibration, learned): (Calibration, &Learned),
    ) -> Result<Self, QuantizeError> {
        model.check_answers(data)?;
        if data.is_empty() {
            return Err(QuantizeError::Empty);
        }
        let seen = seen(model, data);
        let ranges: Vec<Range> = match calibration {
            Calibration::MinMax => seen.iter().map(Seen::range).collect(),
            _ => histograms(model, data, &seen).iter().map(|histogram| calibration.range(histogram)).collect(),
        };
        let points = seen.iter().zip(ranges).enumerate();
        let point = |(place, (seen, range)): (usize, (&Seen, Range))| {
            let quantization = quantization(model, (learned, place), range).filter(|_| seen.is_finite());
            let quantization = quantization.ok_or_else(|| refused(model, place))?;
            Ok(Point { quantization, means: means(&seen.sums, data.len()), squares: means(&seen.squares, data.len()) })
        };
        Ok(Self { points: points.map(point).collect::<Result<_, QuantizeError>>()? })
    }

    /// What a layer takes.
    pub(super) fn before(&self, layer: usize) -> Option<&Point> {
        self.points.get(layer)
    }

    /// What a layer gives.
    pub(super) fn behind(&self, layer: usize) -> Option<&Point> {
        self.points.get(layer + 1)
    }
}

/// What the bytes at a place stand for; `None` if the range of values has none.
fn quantization(model: &Model, (learned, place): (&Learned, usize), range: Range) -> Option<Quantization> {
    let given = match place.checked_sub(1).and_then(|before| model.layers().get(before)) {
        None => of_raw_bytes(model),
        Some(layer) => published(layer),
    };
    learned.get(&place).copied().or(given).or_else(|| range.quantization())
}

/// No range can be made at this place.
pub(super) fn refused(model: &Model, place: usize) -> QuantizeError {
    let layer = place.checked_sub(1).and_then(|before| model.layers().get(before));
    QuantizeError::Range { layer: layer.map_or("the input", ModelLayer::name).to_owned() }
}

/// The only quantization that TensorFlow Lite has for the output of a layer.
pub(super) const fn published(layer: &ModelLayer) -> Option<Quantization> {
    let LayerKind::Activation(layer) = layer.kind() else { return None };
    match layer.activation {
        AnyActivation::Sigmoid(_) | AnyActivation::Softmax(_) => Some(Quantization::PROBABILITY),
        AnyActivation::Tanh(_) => Some(Quantization::TANH),
        _ => None,
    }
}

/// Values that were seen at one place.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    low: f32,
    high: f32,
    /// The sum of each unit.
    sums: Vec<f64>,
    /// The sum of the squares of each unit.
    squares: Vec<f64>,
}

impl Seen {
    fn of(values: &Batch) -> Self {
        let (low, high) = values.iter().fold((0.0_f32, 0.0_f32), |(low, high), x| (low.min(*x), high.max(*x)));
        let (mut sums, mut squares) = (vec![0.0; values.nrows()], vec![0.0; values.nrows()]);
        for sample in values.column_iter() {
            for ((sum, square), x) in sums.iter_mut().zip(&mut squares).zip(sample.iter().map(|x| f64::from(*x))) {
                *sum += x;
                *square += x * x;
            }
        }
        Self { low, high, sums, squares }
    }

    fn merge(&mut self, other: &Self) {
        (self.low, self.high) = (self.low.min(other.low), self.high.max(other.high));
        let of_self = self.sums.iter_mut().chain(&mut self.squares);
        of_self.zip(other.sums.iter().chain(&other.squares)).for_each(|(sum, more)| *sum += more);
    }

    /// Whether all values are.
    pub(super) fn is_finite(&self) -> bool {
        self.sums.iter().all(|sum| sum.is_finite())
    }

    /// The range; some range where all values are 0.
    pub(super) fn range(&self) -> Range {
        let has_width = self.low < 0.0 || self.high > 0.0;
        if has_width { Range { low: self.low, high: self.high } } else { Range { low: 0.0, high: 1.0 } }
    }
}

/// The mean of each unit over so many samples.
#[expect(clippy::cast_precision_loss, reason = "a count of samples")]
fn means(sums: &[f64], samples: usize) -> Vec<f64> {
    sums.iter().map(|sum| sum / samples as f64).collect()
}

/// What flows before the first layer and behind each, summed in the order of the samples.
pub(super) fn seen(model: &Model, data: &Dataset) -> Vec<Seen> {
    let mut parts = each_part(data, |engine, samples| {
        let mut seen = Vec::new();
        each_point(model, data, engine, samples, |_, values| seen.push(Seen::of(values)));
        seen
    })
    .into_iter();
    let mut all = parts.next().unwrap_or_default();
    parts.for_each(|part| all.iter_mut().zip(&part).for_each(|(all, part)| all.merge(part)));
    all
}

/// How often values come before the first layer and behind each.
fn histograms(model: &Model, data: &Dataset, seen: &[Seen]) -> Vec<Histogram> {
    let empty = || seen.iter().map(|seen| Histogram::new(seen.range())).collect::<Vec<_>>();
    let parts = chunks(data.len());
    let counted = parts.into_par_iter().fold(
        || (Engine::default(), empty()),
        |(mut engine, mut histograms), samples| {
            each_point(model, data, &mut engine, &samples, |place, values| {
                histograms.get_mut(place).into_iter().for_each(|histogram| histogram.add(values.as_slice()));
            });
            (engine, histograms)
        },
    );
    // Counts may be added in any order.
    counted.map(|(_, histograms)| histograms).reduce(empty, |mut all, part| {
        all.iter_mut().zip(&part).for_each(|(all, part)| all.merge(part));
        all
    })
}

/// Shows what some samples are before the first layer and behind each.
fn each_point(
    model: &Model,
    data: &Dataset,
    engine: &mut Engine,
    samples: &[usize],
    mut show: impl FnMut(usize, &Batch),
) {
    let x = model.gather(data, samples);
    show(0, &x);
    model.layers.each_output(engine, &x, |layer, a| show(layer + 1, a));
}

/// What becomes of some samples at a time, in their order; threads take some of them each.
pub(super) fn each_part<T: Send>(data: &Dataset, work: impl Fn(&mut Engine, &[usize]) -> T + Sync) -> Vec<T> {
    let parts = chunks(data.len()).into_par_iter();
    parts.map_init(Engine::default, |engine, samples| work(engine, &samples)).collect()
}

/// The numbers of so many samples, some at a time.
fn chunks(samples: usize) -> Vec<Vec<usize>> {
    (0..samples).step_by(BATCH).map(|first| (first..samples.min(first + BATCH)).collect()).collect()
}
