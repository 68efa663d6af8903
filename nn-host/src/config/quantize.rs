//! `[quantize]`: how a trained model is quantized; the options of `nn quantize`.

use std::path::Path;

use nn_core::format::KernelForm;
use nn_core::int8::Rounding;

use super::Size;
use super::data::resolved;
use super::entries::{At, Entries, Entry};
use crate::quantize::{Calibration, Granularity, QuantizeOptions, WeightWidth};

/// How a trained model is quantized.
///
/// ```
/// use nn_host::config::Config;
/// use nn_host::quantize::WeightWidth;
/// let config = Config::parse("[quantize]\nweights = 'int4'\nbias_correction = true")?;
/// assert_eq!((config.quantize.weights, config.quantize.bias_correction), (Some(WeightWidth::Int4), true));
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QuantizeConfig {
    /// Data that shows what values the layers have (what is trained on).
    pub calibration_data: Option<String>,
    /// Data to compare the models on (the calibration data).
    pub validation_data: Option<String>,
    /// The first samples to calibrate with (all).
    pub limit: Option<usize>,
    /// Bits of a weight (what the weights were trained for, otherwise 8).
    pub weights: Option<WeightWidth>,
    /// The most bytes of the file, for which each layer gets 8 or 4 bits (any).
    pub flash_budget: Option<usize>,
    /// Which weights share a scale (those of an output).
    pub granularity: Granularity,
    /// How a range follows from the values (min-max).
    pub calibration: Calibration,
    /// Whose bytes are computed (TensorFlow Lite Micro's).
    pub rounding: Rounding,
    /// Whether biases make up for what the rounding of weights does (no).
    pub bias_correction: bool,
    /// Form of the kernels in the file (plain).
    pub kernel: KernelForm,
    /// By how many points of 100 the accuracy may fall (any).
    pub max_drop: Option<f32>,
}

/// The keys of the table.
pub(super) const KEYS: &[&str] = &[
    "calibration_data",
    "validation_data",
    "limit",
    "weights",
    "flash_budget",
    "granularity",
    "calibration",
    "rounding",
    "bias_correction",
    "kernel",
    "max_drop",
];

impl QuantizeConfig {
    /// The options for a model whose weights were trained for a width, or not.
    #[must_use]
    pub fn options(&self, trained_for: Option<WeightWidth>) -> QuantizeOptions {
        QuantizeOptions {
            weights: self.weights.or(trained_for).unwrap_or_default(),
            granularity: self.granularity,
            calibration: self.calibration,
            rounding: self.rounding,
            bias_correction: self.bias_correction,
        }
    }

    /// What a budget cannot go with, as it is said in a file: it chooses the width, and knows the size of plain kernels alone.
    ///
    /// ```
    /// use nn_core::format::KernelForm;
    /// use nn_host::config::QuantizeConfig;
    /// let packed = QuantizeConfig { kernel: KernelForm::Packed, flash_budget: Some(4096), ..Default::default() };
    /// assert_eq!(packed.excluded_by_budget(), Some("kernel"));
    /// ```
    #[must_use]
    pub fn excluded_by_budget(&self) -> Option<&'static str> {
        self.flash_budget?;
        let excluded = [("weights", self.weights.is_some()), ("kernel", self.kernel != KernelForm::Plain)];
        excluded.into_iter().find(|(_, is_given)| *is_given).map(|(key, _)| key)
    }

    pub(super) fn read(entries: &Entries<'_>, folder: &Path) -> Result<Self, At> {
        let widths = [WeightWidth::Int8, WeightWidth::Int4].map(|width| (width.name(), width));
        let granularities = [("per-channel", Granularity::Channel), ("per-tensor", Granularity::Tensor)];
        let roundings = [("tflm", Rounding::Tflm), ("litert", Rounding::Litert)];
        let kernels = [("plain", KernelForm::Plain), ("packed", KernelForm::Packed)];
        let config = Self {
            calibration_data: entries.text("calibration_data")?.map(|path| resolved(path, folder)),
            validation_data: entries.text("validation_data")?.map(|path| resolved(path, folder)),
            limit: entries.count("limit", 1..=u64::from(u32::MAX))?,
            weights: entries.choice("weights", "width", &widths)?,
            flash_budget: entries.get("flash_budget").as_ref().map(size).transpose()?,
            granularity: entries.choice("granularity", "granularity", &granularities)?.unwrap_or_default(),
            calibration: entries.get("calibration").map(|entry| entry.parsed()).transpose()?.unwrap_or_default(),
            rounding: entries.choice("rounding", "rounding", &roundings)?.unwrap_or_default(),
            bias_correction: entries.flag("bias_correction")?.unwrap_or_default(),
            kernel: entries.choice("kernel", "form", &kernels)?.unwrap_or(KernelForm::Plain),
            max_drop: entries.get("max_drop").as_ref().map(points).transpose()?,
        };
        match config.excluded_by_budget().and_then(|key| entries.get(key)) {
            Some(entry) => Err(entry.refused("there is flash_budget, too, which chooses itself")),
            None => Ok(config),
        }
    }
}

/// A number of bytes, or a text such as `"48KB"`.
fn size(entry: &Entry<'_>) -> Result<usize, At> {
    if entry.is_text() { entry.parsed().map(|Size(bytes)| bytes) } else { entry.count(1..=u64::from(u32::MAX)) }
}

/// Points of 100, from 0 on.
#[expect(clippy::cast_possible_truncation, reason = "points have a few digits")]
fn points(entry: &Entry<'_>) -> Result<f32, At> {
    match entry.number()? {
        points if points >= 0.0 => Ok(points as f32),
        _ => Err(entry.other_than("a number from 0 on")),
    }
}
