//! What a value can be: a range of numbers, or one of some choices.

use nn_core::math;
use toml::Value;

use crate::config::{At, Entries, Entry};

/// What a value can be.
///
/// ```
/// use nn_host::tune::{Domain, Tuning};
/// let tuning = Tuning::parse("[tune.space]\nseed = { choices = [1, 2, 3] }")?;
/// assert_eq!(tuning.space().parameters()[0].domain, Domain::Choices(vec![1.into(), 2.into(), 3.into()]));
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Domain {
    /// A number from a range.
    Range(NumberRange),
    /// One of these.
    Choices(Vec<Value>),
}

/// Numbers from a lowest to a highest, both included.
///
/// ```
/// use nn_host::tune::{Domain, Tuning};
/// let tuning = Tuning::parse("[tune.space]\n'fit.epochs' = { low = 10, high = 50, step = 10 }")?;
/// let Domain::Range(range) = tuning.space().parameters()[0].domain else { unreachable!("it has no choices") };
/// assert!(range.is_whole && range.step == Some(10.0));
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberRange {
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// Whether their logarithms are equally likely, and not they themselves.
    pub log: bool,
    /// Whether they are whole numbers.
    pub is_whole: bool,
    /// What lies between neighbors.
    pub step: Option<f64>,
    /// How many of them a grid has.
    pub points: Option<u32>,
}

/// The most values of one domain in a grid.
const MOST_POINTS: u64 = 1 << 20;

impl Domain {
    pub(super) fn read(entry: &Entry<'_>) -> Result<Self, At> {
        let entries = entry.table(&["low", "high", "log", "step", "points", "choices"])?;
        let Some(choices) = entries.get("choices") else { return NumberRange::read(&entries, entry).map(Self::Range) };
        entry.table(&["choices"])?;
        let choices = choices.elements()?.iter().map(value).collect::<Result<Vec<_>, _>>()?;
        if choices.is_empty() {
            Err(entry.refused("there is nothing to choose from"))
        } else {
            Ok(Self::Choices(choices))
        }
    }

    /// The lowest and the highest value, or all choices.
    pub(super) fn extremes(&self) -> Vec<Value> {
        match self {
            Self::Range(range) => vec![range.value(range.low), range.value(range.high)],
            Self::Choices(choices) => choices.clone(),
        }
    }

    /// The value at a place from 0 to 1.
    pub(super) fn at(&self, place: f64) -> Value {
        match self {
            Self::Range(range) => range.at(place),
            Self::Choices(choices) => {
                choices.get(index(place, choices.len() as u64)).cloned().unwrap_or(Value::Boolean(false))
            }
        }
    }

    /// All values of a grid; `None` if nobody says how many.
    pub(super) fn grid(&self) -> Option<Vec<Value>> {
        match self {
            Self::Range(range) => range.grid(),
            Self::Choices(choices) => Some(choices.clone()),
        }
    }
}

impl NumberRange {
    fn read(entries: &Entries<'_>, entry: &Entry<'_>) -> Result<Self, At> {
        let (low, high) = (entries.require("low")?, entries.require("high")?);
        let step = entries.number("step")?;
        let is_whole = low.is_whole() && high.is_whole() && step.is_none_or(|step| step.fract() == 0.0);
        let range = Self {
            low: low.number()?,
            high: high.number()?,
            log: entries.flag("log")?.unwrap_or_default(),
            is_whole,
            step,
            points: entries.count("points", 2..=MOST_POINTS)?,
        };
        let wrong = |reason: &str| Err(entry.refused(reason));
        match range {
            Self { low, high, .. } if low >= high => wrong("low must be below high"),
            Self { low, log: true, .. } if low <= 0.0 => wrong("low must be above 0 where log is true"),
            Self { step: Some(_), log: true, .. } => wrong("a range has a step or log, not both"),
            Self { step: Some(step), .. } if step <= 0.0 => wrong("step must be above 0"),
            range if range.values() > MOST_POINTS && (range.step.is_some()) => {
                wrong("there are more than 1,048,576 steps")
            }
            range => Ok(range),
        }
    }

    /// How many values there are, where they have a distance from each other.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count; what is too large is the largest"
    )]
    fn values(&self) -> u64 {
        let step = self.step.unwrap_or(1.0);
        // A little more, so that 0.1 goes three times into 0.3.
        (((self.high - self.low) / step) + 1e-6).floor() as u64 + 1
    }

    /// The value with this number, where they have a distance from each other.
    #[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2⁵³")]
    fn nth(&self, number: u64) -> Value {
        self.value(self.low + number as f64 * self.step.unwrap_or(1.0))
    }

    fn at(&self, place: f64) -> Value {
        if self.step.is_some() || (self.is_whole && !self.log) {
            return self.nth(index(place, self.values()) as u64);
        }
        self.value(self.between(place))
    }

    /// The number at a share of the way from the lowest to the highest.
    fn between(&self, share: f64) -> f64 {
        if !self.log {
            return self.low + share * (self.high - self.low);
        }
        let [low, high] = [self.low, self.high].map(|end| f64::from(math::ln(single(end))));
        f64::from(math::exp(single(low + share * (high - low))))
    }

    fn grid(&self) -> Option<Vec<Value>> {
        match self.points {
            Some(points) => {
                let share = |point| f64::from(point) / f64::from(points - 1);
                Some((0..points).map(|point| self.value(self.between(share(point)))).collect())
            }
            None if self.step.is_some() || (self.is_whole && !self.log) => {
                let values = self.values();
                (values <= MOST_POINTS).then(|| (0..values).map(|number| self.nth(number)).collect())
            }
            None => None,
        }
    }

    /// A number of this range as a value with the digits of an f32.
    #[expect(clippy::cast_possible_truncation, reason = "a whole number that the range's ends contain")]
    fn value(&self, number: f64) -> Value {
        let number = number.clamp(self.low, self.high);
        if self.is_whole {
            return Value::Integer(number.round() as i64);
        }
        Value::Float(single(number).to_string().parse().unwrap_or(number))
    }
}

/// A text, a number or a flag.
fn value(entry: &Entry<'_>) -> Result<Value, At> {
    if entry.is_text() {
        return entry.text().map(|text| Value::String(text.to_owned()));
    }
    if let Ok(flag) = entry.flag() {
        return Ok(Value::Boolean(flag));
    }
    let number = entry.number().map_err(|_| entry.other_than("a text, a number or a flag"))?;
    #[expect(clippy::cast_possible_truncation, reason = "it was written as a whole number")]
    Ok(if entry.is_whole() { Value::Integer(number as i64) } else { Value::Float(number) })
}

/// One of `count` at a place from 0 to 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a number below the count"
)]
fn index(place: f64, count: u64) -> usize {
    ((place * count as f64) as usize).min(usize::try_from(count.saturating_sub(1)).unwrap_or(usize::MAX))
}

/// The nearest f32.
#[expect(clippy::cast_possible_truncation, reason = "settings have seven digits")]
const fn single(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use super::{Domain, NumberRange, Value};

    const RANGE: NumberRange =
        NumberRange { low: 1.0, high: 4.0, log: false, is_whole: true, step: None, points: None };

    #[test]
    fn places_are_equally_wide() {
        let domain = Domain::Range(RANGE);
        let values = [0.0, 0.24, 0.25, 0.5, 0.99].map(|place| domain.at(place));
        assert_eq!(values, [1, 1, 2, 3, 4].map(Value::Integer));
        let choices = Domain::Choices(["a", "b"].map(|text| Value::String(text.into())).to_vec());
        assert_eq!(
            [0.0, 0.49, 0.5, 1.0].map(|place| choices.at(place).to_string()),
            ["\"a\"", "\"a\"", "\"b\"", "\"b\""]
        );
    }

    #[test]
    fn logarithms_are_equally_likely() {
        let range = NumberRange { low: 1e-4, high: 1e-2, log: true, is_whole: false, ..RANGE };
        let at = |place| range.at(place).as_float().unwrap();
        assert_eq!((at(0.0), at(1.0)), (1e-4, 1e-2));
        assert!((at(0.5) - 1e-3).abs() < 1e-8, "{}", at(0.5));
        let whole = NumberRange { high: 1000.0, log: true, ..RANGE };
        assert_eq!([0.0, 0.5, 1.0].map(|place| whole.at(place)), [1, 32, 1000].map(Value::Integer));
    }

    #[test]
    fn grids_have_every_step_or_as_many_points_as_are_asked_for() {
        let grid = |range: NumberRange| range.grid().map(|grid| grid.iter().map(Value::to_string).collect::<Vec<_>>());
        assert_eq!(grid(RANGE).unwrap(), ["1", "2", "3", "4"]);
        assert_eq!(grid(NumberRange { step: Some(2.0), ..RANGE }).unwrap(), ["1", "3"]);
        let tenths = NumberRange { low: 0.0, high: 0.3, is_whole: false, step: Some(0.1), ..RANGE };
        assert_eq!(grid(tenths).unwrap(), ["0.0", "0.1", "0.2", "0.3"]);
        let points = NumberRange { low: 1e-4, high: 1e-2, log: true, is_whole: false, points: Some(3), ..RANGE };
        assert_eq!(grid(points).unwrap().len(), 3);
        assert_eq!(grid(NumberRange { is_whole: false, ..RANGE }), None);
    }
}
