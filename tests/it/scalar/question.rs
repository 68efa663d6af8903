//! What is asked of every scalar function: its error against f64, where it is NaN, which values it has, whether it falls.

use core::fmt;
use core::ops::RangeInclusive;

use rayon::prelude::*;

use super::numbers::{BLOCKS, Numbers};

/// A function, of each number in place.
type Function = Box<dyn Fn(&mut [f32]) + Sync>;

/// A function of one number, and what its documentation says about it.
pub(super) struct Scalar {
    pub(super) name: String,
    function: Function,
    /// The true value.
    truth: Box<dyn Fn(f64) -> f64 + Sync>,
    pub(super) within: Within,
    /// Every value that is not NaN is in it.
    range: RangeInclusive<f32>,
    /// Where the value is NaN.
    is_nan: Box<dyn Fn(f32) -> bool + Sync>,
    /// Whether a larger argument never has a smaller value.
    never_falls: bool,
    /// Where the function changes what it does.
    breaks: Vec<f32>,
}

/// How far from the true value a value may be: one of the two is enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Within {
    /// In units of the last place of an f32 of the true value's size.
    pub(super) ulp: f64,
    /// Whatever the size.
    pub(super) absolute: f64,
}

/// The largest errors, each with the number that has it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Errors {
    /// In ulp, of values that need the bound in ulp.
    pub(super) ulp: (f64, f32),
    /// Of values that need the absolute bound.
    pub(super) absolute: (f64, f32),
}

/// Something that is not as documented.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Breach {
    pub(super) x: f32,
    pub(super) value: f32,
    pub(super) what: &'static str,
}

impl Scalar {
    /// A function that is NaN for NaN alone, and has any value.
    pub(super) fn new(
        name: impl Into<String>,
        function: impl Fn(&mut [f32]) + Sync + 'static,
        truth: impl Fn(f64) -> f64 + Sync + 'static,
        within: Within,
    ) -> Self {
        Self {
            name: name.into(),
            function: Box::new(function),
            truth: Box::new(truth),
            within,
            range: f32::NEG_INFINITY..=f32::INFINITY,
            is_nan: Box::new(f32::is_nan),
            never_falls: false,
            breaks: Vec::new(),
        }
    }

    pub(super) fn within(mut self, range: RangeInclusive<f32>) -> Self {
        self.range = range;
        self
    }

    pub(super) fn at_least(self, least: f32) -> Self {
        self.within(least..=f32::INFINITY)
    }

    pub(super) fn nan(mut self, is_nan: impl Fn(f32) -> bool + Sync + 'static) -> Self {
        self.is_nan = Box::new(is_nan);
        self
    }

    pub(super) fn rising(mut self) -> Self {
        self.never_falls = true;
        self
    }

    pub(super) fn breaks(mut self, breaks: &[f32]) -> Self {
        self.breaks.extend_from_slice(breaks);
        self
    }

    /// Asks for these numbers: the largest errors, or the first breach.
    pub(super) fn ask(&self, numbers: Numbers) -> Result<Errors, Breach> {
        let blocks = (0..BLOCKS).into_par_iter();
        let answers = blocks.map(|block| self.ask_block(&numbers.of_block(block, &self.breaks)));
        answers.reduce(|| Ok(Errors::default()), |left, right| Ok(left?.or(right?)))
    }

    fn ask_block(&self, numbers: &[f32]) -> Result<Errors, Breach> {
        let mut values = numbers.to_vec();
        (self.function)(&mut values);
        let mut errors = Errors::default();
        let mut before = f32::NAN;
        for (&x, &value) in numbers.iter().zip(&values) {
            let breach = |what| Err(Breach { x, value, what });
            if value.is_nan() != (self.is_nan)(x) {
                return breach(if value.is_nan() { "is NaN" } else { "is not NaN" });
            }
            if value.is_nan() {
                continue;
            }
            if !self.range.contains(&value) {
                return breach("is out of range");
            }
            if self.never_falls && value < before && !x.is_nan() {
                return breach("falls");
            }
            before = value;
            if !errors.take(self.within, x, value, (self.truth)(f64::from(x))) {
                return breach("is too far from the true value");
            }
        }
        Ok(errors)
    }
}

impl Within {
    pub(super) const EXACT: Self = Self::ulp(0.0);

    pub(super) const fn ulp(ulp: f64) -> Self {
        Self::either(ulp, 0.0)
    }

    pub(super) const fn absolute(absolute: f64) -> Self {
        Self::either(0.0, absolute)
    }

    pub(super) const fn either(ulp: f64, absolute: f64) -> Self {
        Self { ulp, absolute }
    }
}

impl Errors {
    /// Takes an error in, and says whether it is allowed.
    fn take(&mut self, within: Within, x: f32, value: f32, truth: f64) -> bool {
        let (ulp, absolute) = error(value, truth);
        let (is_near, is_close) = (ulp <= within.ulp, absolute <= within.absolute);
        if !is_close && ulp > self.ulp.0 {
            self.ulp = (ulp, x);
        }
        if !is_near && absolute > self.absolute.0 {
            self.absolute = (absolute, x);
        }
        is_near || is_close
    }

    fn or(self, other: Self) -> Self {
        let larger = |left: (f64, f32), right: (f64, f32)| if right.0 > left.0 { right } else { left };
        Self { ulp: larger(self.ulp, other.ulp), absolute: larger(self.absolute, other.absolute) }
    }
}

/// The distance of a value from the truth, in units of the last place of an f32 of the truth's size, and as it is.
/// What is too large for an f32 counts as 2¹²⁸, the next number if there were one.
fn error(value: f32, truth: f64) -> (f64, f64) {
    const BEYOND: f64 = 2.0 * (1_u128 << 127) as f64;
    let [value, truth] = [f64::from(value), truth].map(|x| x.clamp(-BEYOND, BEYOND));
    let absolute = (value - truth).abs();
    (absolute / last_place(truth), absolute)
}

/// The unit of the last place of an f32 of that size: its exponent less the 23 bits of the mantissa, at least 2⁻¹⁴⁹.
fn last_place(truth: f64) -> f64 {
    let exponent = (truth.abs().to_bits() >> 52).clamp(1023 - 126, 1023 + 127);
    f64::from_bits((exponent - 23) << 52)
}

/// As MATHS.md writes it.
impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.ulp, self.absolute) {
            (0.0, 0.0) => f.write_str("exact"),
            (ulp, 0.0) => write!(f, "{ulp} ulp"),
            (0.0, absolute) => write!(f, "{absolute:e}"),
            (ulp, absolute) => write!(f, "{ulp} ulp or {absolute:e}"),
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { x, value, what } = self;
        write!(f, "of {x:e} ({:08x}) is {value:e}, which {what}", x.to_bits())
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} ulp (at {:e}), {:.2e} (at {:e})", self.ulp.0, self.ulp.1, self.absolute.0, self.absolute.1)
    }
}

#[test]
fn errors_are_counted_in_units_of_the_last_place() {
    assert_eq!(error(1.0, 1.0), (0.0, 0.0));
    assert_eq!(error(1.0 + f32::EPSILON, 1.0).0, 1.0);
    assert_eq!(error(1.0, 1.0 - f64::from(f32::EPSILON) / 2.0).0, 1.0);
    assert_eq!(error(-3.0, -3.0 - f64::from(f32::EPSILON)).0, 0.5);
    assert_eq!(error(f32::INFINITY, f64::INFINITY).0, 0.0);
    assert_eq!(error(f32::INFINITY, f64::from(f32::MAX)).0, 1.0);
    assert_eq!(error(0.0, f64::from(f32::from_bits(1)) / 4.0).0, 0.25);
    assert_eq!(error(0.0, f64::from(f32::MIN_POSITIVE)).0, 8_388_608.0);
}
