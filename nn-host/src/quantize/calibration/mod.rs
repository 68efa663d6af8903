//! From the values that a layer gives to the range that its bytes cover: the choices, and their names.

mod histogram;
mod kl;
mod mse;
mod percentile;
mod range;

pub(super) use histogram::Histogram;
pub use percentile::Percentile;
pub use range::Range;

use core::fmt;
use core::str::FromStr;

/// How a range follows from the values that were seen.
///
/// ```
/// use nn_host::quantize::{Calibration, Percentile};
/// assert_eq!("percentile=99.9".parse(), Ok(Calibration::Percentile(Percentile::new(99.9).unwrap())));
/// assert_eq!(["min-max", "percentile", "kl", "mse"].map(|name| name.parse::<Calibration>().unwrap().to_string())[1],
///     "percentile=99.99");
/// assert!("max".parse::<Calibration>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Calibration {
    /// All values.
    #[default]
    MinMax,
    /// All but the farthest of each side.
    Percentile(Percentile),
    /// The range whose bytes have a distribution nearest to that of the values, by the divergence of Kullback and Leibler.
    Kl,
    /// The range with the least mean square of what rounding and clipping change.
    Mse,
}

impl Calibration {
    /// The range for these values.
    pub(super) fn range(self, histogram: &Histogram) -> Range {
        match self {
            Self::MinMax => histogram.range(),
            Self::Percentile(percentile) => percentile.range(histogram),
            Self::Kl => kl::range(histogram),
            Self::Mse => mse::range(histogram),
        }
    }
}

/// What is no way to calibrate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("calibration is min-max, percentile[=P] with P above 50 and at most 100, kl or mse")]
pub struct CalibrationError;

impl FromStr for Calibration {
    type Err = CalibrationError;

    fn from_str(text: &str) -> Result<Self, CalibrationError> {
        match text {
            "min-max" => Ok(Self::MinMax),
            "percentile" => Ok(Self::Percentile(Percentile::default())),
            "kl" => Ok(Self::Kl),
            "mse" => Ok(Self::Mse),
            _ => {
                let percent = text.strip_prefix("percentile=").and_then(|percent| percent.parse().ok());
                percent.and_then(Percentile::new).map(Self::Percentile).ok_or(CalibrationError)
            }
        }
    }
}

impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MinMax => f.write_str("min-max"),
            Self::Percentile(percentile) => write!(f, "percentile={}", percentile.get()),
            Self::Kl => f.write_str("kl"),
            Self::Mse => f.write_str("mse"),
        }
    }
}

/// The better ends of a range: first the upper one moves in by hundredths of its distance from 0, then the lower one.
///
/// `cost` is what a range costs; the first of equals is taken, so ends move only for a gain.
fn narrowed(widest: Range, cost: impl Fn(Range) -> f64) -> Range {
    let shares = || (30..=100_u8).rev().map(|percent| f32::from(percent) / 100.0);
    let best = |candidates: &mut dyn Iterator<Item = Range>| {
        let costs = candidates.map(|range| (range, cost(range)));
        costs.reduce(|best, next| if next.1 < best.1 { next } else { best }).map_or(widest, |(range, _)| range)
    };
    let high = best(&mut shares().map(|share| Range { high: widest.high * share, ..widest }));
    if high.low == 0.0 {
        return high;
    }
    best(&mut shares().map(|share| Range { low: widest.low * share, ..high }))
}
