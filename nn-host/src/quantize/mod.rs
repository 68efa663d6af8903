//! From a trained model of floats to one of bytes, by the ranges that its values have on data: post-training quantization
//! with TensorFlow Lite's scheme.
//!
//! ```text
//! model ─► fold (normalizations, scaling, dropout go) ─► ranges on the calibration data ─► layers of bytes ─► report
//! ```
//!
//! ```
//! use nn_host::prelude::*;
//! use nn_host::quantize::QuantizeOptions;
//! # use nn_host::data::{Features, Targets};
//! # let x = nalgebra::DMatrix::from_fn(2, 40, |row, column| ((7 * row + 3 * column) % 11) as f32 / 11.0);
//! # let y = x.row(0).clone_owned();
//! # let y = nalgebra::DMatrix::from_row_slice(1, 40, y.as_slice());
//! # let data = Dataset::new(Features::Floats(x), Targets::Values(y))?;
//! let mut model = Sequential::new(2).dense(8, Relu).dense(1, Identity).compile(MeanSquaredError, Adam::default(), [])?;
//! model.fit(&data, FitOptions { epochs: 20, ..Default::default() })?;
//! let quantized = model.quantize(&data, &QuantizeOptions::default())?;
//! let [float, int8] = [&model, quantized.model()].map(|model| model.evaluate(&data).map(|scores| scores.loss));
//! assert!((float? - int8?).abs() < 0.01);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod aware;
mod budget;
mod calibration;
mod error;
mod fold;
mod network;
mod options;
mod report;
mod survey;
mod weights;

pub use calibration::{Calibration, CalibrationError, Percentile, Range};
pub use error::QuantizeError;
pub use options::{Granularity, QuantizeOptions, WeightWidth, WeightWidthError};
pub use report::{LayerReport, Report};

use nn_core::format::Encoding;
use nn_core::int8::Quantization;

use crate::data::Dataset;
use crate::layer::{LayerKind, ModelLayer, Stack};
use crate::model::Model;
pub(crate) use aware::aware;
use fold::Folded;
pub(crate) use fold::folded;
use network::Network;
use survey::Survey;

/// A model of bytes, beside the one of floats that it stands for.
///
/// ```
/// use nn_host::prelude::*;
/// use nn_host::quantize::QuantizeOptions;
/// # use nn_host::data::{Features, Targets};
/// # let x = nalgebra::DMatrix::from_fn(2, 9, |row, column| (row + column) as f32);
/// # let data = Dataset::new(Features::Floats(x.clone()), Targets::Values(x))?;
/// let model = Sequential::new(2).dense(3, Tanh).dense(2, Identity).compile(MeanSquaredError, Adam::default(), [])?;
/// let quantized = model.quantize(&data, &QuantizeOptions::default())?;
/// let report = quantized.report(&data)?;
/// assert_eq!(report.layers[1].name, "dense/tanh");
/// assert!(report.layers[1].sqnr > 25.0); // dB
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Quantized {
    model: Model,
    /// The model of floats with as many layers: what each layer of bytes stands for.
    float: Model,
    network: Network,
}

impl Quantized {
    /// The model of bytes.
    #[must_use]
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// The model of bytes, to be kept.
    #[must_use]
    pub fn into_model(self) -> Model {
        self.model
    }
}

impl Model {
    /// The width that its weights were trained for, or one that they happen to fit: the narrowest on whose grid, with a scale
    /// an output, all weights of dense layers are; `None` if they are on none.
    ///
    /// Weights on a grid lose nothing in its width, so nothing else has to be kept of how they were trained.
    #[must_use]
    pub fn weight_width(&self) -> Option<WeightWidth> {
        self.layers.width_of_weights()
    }

    /// The model in bytes; `calibration` says what values its layers have, its targets are not looked at. Where the model
    /// has learned ranges, these are taken.
    ///
    /// # Errors
    /// [`QuantizeError`] names what cannot be done in bytes, or why the data does not do.
    pub fn quantize(&self, calibration: &Dataset, options: &QuantizeOptions) -> Result<Quantized, QuantizeError> {
        let prepared = Prepared::of(self, calibration, options)?;
        prepared.quantized(&vec![options.weights; prepared.float.layers().len()])
    }
}

/// A model that is ready to be quantized.
#[derive(Debug)]
struct Prepared {
    /// Without what is for training alone.
    float: Model,
    survey: Survey,
    options: QuantizeOptions,
}

impl Prepared {
    fn of(model: &Model, calibration: &Dataset, options: &QuantizeOptions) -> Result<Self, QuantizeError> {
        let Folded { model: float, learned } = folded(model)?;
        let survey = Survey::of(&float, calibration, (options.calibration, &learned))?;
        Ok(Self { float, survey, options: *options })
    }

    /// The model in bytes, with weights of these widths, one for each layer of floats.
    fn quantized(&self, widths: &[WeightWidth]) -> Result<Quantized, QuantizeError> {
        let float = self.float.clone();
        let network = Network::of(&float, &self.survey, &self.options, widths)?;
        let layers = network.whole(&float);
        let model = Model { layers: Stack::new(float.inputs(), layers), ..float.clone() };
        Ok(Quantized { model, float, network })
    }
}

/// The range of raw bytes, in which each is one byte of the network: nothing is lost.
fn of_raw_bytes(model: &Model) -> Option<Quantization> {
    let is_raw = model.scaling().encoding == Encoding::U8 && model.scaling().offset == 0.0;
    let is_first = !matches!(model.layers().first().map(ModelLayer::kind), Some(LayerKind::Scale(_)));
    (is_raw && is_first).then(|| Quantization::new(model.scaling().scale, i8::MIN).ok()).flatten()
}
