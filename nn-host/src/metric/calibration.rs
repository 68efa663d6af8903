//! Calibration: whether of what is said with probability p the share p is true. The reliability diagram, and the expected
//! calibration error Σ weight of a bin · |its accuracy − its confidence| (Guo et al. 2017).

use nn_core::SettingError;

use super::settings::{Setting, named};
use super::{Batch, Mean, Metric, Needs, Sample, argmax, is_correct};

/// More bins than anybody has use for.
const MOST_BINS: usize = 1 << 20;

/// The mean distance of what is said from what is true, in bins of equal width, `expected_calibration_error`; 0 at best.
///
/// Of several outputs it is about the largest: its value is the confidence, and whether it is right the truth. Of a single
/// one it is about the probability that it is. A bin has its upper end, not its lower one.
///
/// ```
/// use nn_host::metric::Batch;
/// use nn_host::prelude::*;
/// // Said with 3/4, true in one of two cases.
/// assert_eq!(ExpectedCalibrationError.measure(Batch::new(1, &[0.75, 0.75], &[1.0, 0.0])), 0.25);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedCalibrationError {
    bins: usize,
}

/// [`ExpectedCalibrationError`](struct@ExpectedCalibrationError) with 15 bins.
#[expect(non_upper_case_globals, reason = "the name of a kind stands for its defaults")]
pub const ExpectedCalibrationError: ExpectedCalibrationError = ExpectedCalibrationError { bins: Reliability::BINS };

impl ExpectedCalibrationError {
    /// With this many bins.
    ///
    /// # Errors
    /// [`SettingError`] if `bins` is 0 or above 2²⁰.
    #[expect(clippy::cast_precision_loss, reason = "a number for a message")]
    pub const fn new(bins: usize) -> Result<Self, SettingError> {
        match bins {
            1..=MOST_BINS => Ok(Self { bins }),
            _ => Err(SettingError::OutOfRange { name: "bins", value: bins as f32, range: "from 1 to 1,048,576" }),
        }
    }
}

impl Metric for ExpectedCalibrationError {
    type Tally = Reliability;

    fn name(&self) -> String {
        named("expected_calibration_error", &[Setting::count("bins", self.bins, Reliability::BINS)])
    }

    fn add(&self, tally: &mut Reliability, sample: Sample<'_>) {
        tally.add(sample, self.bins);
    }

    fn value(&self, tally: &Reliability) -> f64 {
        let mut mean = Mean::default();
        for bin in &tally.bins {
            // An empty bin has no distance.
            if bin.weight() > 0.0 {
                mean.add((bin.accuracy() - bin.confidence()).abs(), bin.weight());
            }
        }
        mean.value()
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }
}

/// A reliability diagram: in bins of equal width from 0 to 1, how sure the model was and how often it was right.
///
/// ```
/// use nn_host::metric::{Batch, Reliability};
/// let diagram = Reliability::of(Batch::new(1, &[0.75, 0.75, 0.25], &[1.0, 0.0, 0.0]), 2);
/// let bins: Vec<_> = diagram.bins.iter().map(|bin| (bin.confidence(), bin.accuracy(), bin.weight())).collect();
/// assert_eq!(bins, [(0.25, 0.0, 1.0), (0.75, 0.5, 2.0)]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reliability {
    /// The bins, by rising confidence.
    pub bins: Vec<ReliabilityBin>,
}

/// The samples of one bin; an example is at [`Reliability`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReliabilityBin {
    confidences: Mean,
    truths: Mean,
}

impl ReliabilityBin {
    /// How sure the model was, on average; NaN of an empty bin.
    #[must_use]
    pub fn confidence(&self) -> f64 {
        self.confidences.value()
    }

    /// How often it was right; NaN of an empty bin.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        self.truths.value()
    }

    /// The weight of its samples.
    #[must_use]
    pub const fn weight(&self) -> f64 {
        self.confidences.weight()
    }
}

impl Reliability {
    /// The bins of Guo et al.
    pub const BINS: usize = 15;

    /// The diagram of some samples with this many bins, at least one.
    #[must_use]
    pub fn of(batch: Batch<'_>, bins: usize) -> Self {
        let mut diagram = Self::default();
        batch.samples().for_each(|sample| diagram.add(sample, bins));
        diagram
    }

    fn add(&mut self, sample: Sample<'_>, bins: usize) {
        if self.bins.is_empty() {
            self.bins = vec![ReliabilityBin::default(); bins.max(1)];
        }
        let (confidence, is_true) = match (sample.a, sample.y) {
            ([a], [y]) => (*a, *y > 0.5),
            (a, y) => (a.get(argmax(a)).copied().unwrap_or(f32::NAN), is_correct(a, y)),
        };
        let place = bin(f64::from(confidence), self.bins.len());
        if let Some(bin) = self.bins.get_mut(place) {
            bin.confidences.add(f64::from(confidence), sample.weight);
            bin.truths.add(f64::from(u8::from(is_true)), sample.weight);
        }
    }
}

/// The bin of a confidence: k for (k / bins, (k + 1) / bins], the first and the last for what is outside.
#[expect(clippy::cast_precision_loss, reason = "at most 2²⁰ bins")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept within the bins; NaN becomes 0")]
fn bin(confidence: f64, bins: usize) -> usize {
    (confidence * bins as f64).ceil().clamp(1.0, bins as f64) as usize - usize::from(!confidence.is_nan())
}
