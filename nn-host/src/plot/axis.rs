//! An axis: a range of numbers, linear or logarithmic, with ticks at round ones.

use core::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// Where numbers stand on a side of a chart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    is_logarithmic: bool,
    ticks: Vec<f64>,
    /// The smallest distance of ticks, which says how many digits they need.
    step: f64,
}

/// The least and the largest finite number.
fn extremes(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.into_iter().filter(|value| value.is_finite());
    finite.fold(None, |range, value| {
        let (low, high) = range.unwrap_or((value, value));
        Some((value.min(low), value.max(high)))
    })
}

impl Axis {
    /// A linear axis with some room around the values; `None` if none is finite.
    pub(super) fn around(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let (low, high) = extremes(values)?;
        // A span that is only rounding is a constant.
        let is_constant = high - low <= 1e-9 * high.abs().max(low.abs());
        let room = match is_constant {
            true if high == 0.0 => 1.0,
            true => high.abs() / 2.0,
            false => (high - low) * 0.05,
        };
        Some(Self::linear(low - room, high + room, 7.0))
    }

    /// A logarithmic axis if all values are above 0 and the largest is `factor` times the least; else a linear one.
    pub(super) fn fitting(values: impl Iterator<Item = f64> + Clone, factor: f64) -> Option<Self> {
        let (low, high) = extremes(values.clone())?;
        if low > 0.0 && high / low >= factor { Self::logarithmic(low, high) } else { Self::around(values) }
    }

    /// A logarithmic axis with some room around these numbers, which are above 0.
    pub(super) fn logarithmic(low: f64, high: f64) -> Option<Self> {
        let is_possible = low > 0.0 && high >= low && high.is_finite();
        let room = (high / low).powf(0.04).max(1.05);
        let (low, high) = ((low / room).max(f64::MIN_POSITIVE), (high * room).min(f64::MAX));
        is_possible.then(|| {
            let ticks = logarithmic_ticks(low, high);
            if ticks.len() < 2 {
                return Self { is_logarithmic: true, ..Self::linear(low, high, 4.0) };
            }
            Self { low, high, is_logarithmic: true, ticks, step: 0.0 }
        })
    }

    /// An axis of shares from 0 to 1, with a little room for the width of lines.
    pub(super) fn shares() -> Self {
        Self { low: -0.01, high: 1.01, ..Self::linear(0.0, 1.0, 5.0) }
    }

    /// An axis of whole numbers, such as epochs; `None` if none is finite.
    pub(super) fn whole(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let (low, high) = extremes(values)?;
        let room = ((high - low) * 0.02).max(if high > low { 0.1 } else { 0.5 });
        let step = round_step((high - low) / 10.0).max(1.0);
        Some(Self { ticks: multiples(low, high, step), ..Self::linear(low - room, high + room, 10.0) }.with_step(step))
    }

    /// A linear axis between two numbers with about so many ticks.
    pub(super) fn linear(low: f64, high: f64, ticks: f64) -> Self {
        let (low, high) = (low.clamp(-1e300, 1e300), high.clamp(-1e300, 1e300));
        let step = round_step((high - low) / ticks);
        Self { low, high, is_logarithmic: false, ticks: multiples(low, high, step), step }
    }

    fn with_step(self, step: f64) -> Self {
        Self { step, ..self }
    }

    /// The ends.
    pub(super) const fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Where a number stands, 0 at the low end and 1 at the high one; beyond them at the end.
    fn place(&self, value: f64) -> f64 {
        let scale = |value: f64| if self.is_logarithmic { value.max(f64::MIN_POSITIVE).ln() } else { value };
        let (low, high) = (scale(self.low), scale(self.high));
        ((scale(value) - low) / (high - low)).clamp(0.0, 1.0)
    }

    /// The text of a tick.
    fn text(&self, value: f64) -> String {
        let largest = self.low.abs().max(self.high.abs());
        if self.step == 0.0 {
            return if (1e-4..1e5).contains(&value) { value.to_string() } else { format!("{value:e}") };
        }
        if value.abs() < self.step / 2.0 {
            return "0".to_owned();
        }
        let decimals = |size: f64| (-(size.log10() + 1e-9).floor()).clamp(0.0, 12.0);
        if largest >= 1e6 || self.step < 1e-5 {
            let exponent = value.abs().log10().floor();
            return format!("{value:.*e}", count(decimals(self.step / 10_f64.powf(exponent))));
        }
        format!("{value:.*}", count(decimals(self.step)))
    }
}

/// A small whole number as a count.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, and is clamped before")]
fn count(number: f64) -> usize {
    number as usize
}

/// The next 1, 2 or 5 times a power of ten.
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.max(1e-300).log10().floor());
    let digit = step / power;
    let round = [1.0, 2.0, 5.0].into_iter().find(|&round| digit <= round * (1.0 + 1e-9));
    round.unwrap_or(10.0) * power
}

/// The multiples of a step between two numbers.
fn multiples(low: f64, high: f64, step: f64) -> Vec<f64> {
    let first = (low / step - 1e-9).ceil();
    let number = ((high / step + 1e-9).floor() - first).clamp(-1.0, 50.0) + 1.0;
    (0_u32..).map(f64::from).take(count(number)).map(|index| (first + index) * step).collect()
}

/// Powers of ten between two numbers, with 2 and 5 times them where there are few.
fn logarithmic_ticks(low: f64, high: f64) -> Vec<f64> {
    let decades = (high / low).log10();
    let digits: &[u8] = if decades <= 2.5 { &[1, 2, 5] } else { &[1] };
    let step = (decades / 8.0).ceil().max(1.0);
    let first = (low.log10() / step).floor() * step;
    let exponents =
        (0_u32..).map(|index| first + f64::from(index) * step).take_while(|&exponent| exponent <= high.log10());
    // Read from text, because a power computed has wrong digits at its end.
    let tick = |exponent: f64, digit: u8| format!("{digit}e{exponent}").parse().unwrap_or(f64::NAN);
    let ticks = exponents.flat_map(|exponent| digits.iter().map(move |&digit| tick(exponent, digit)));
    ticks.filter(|tick| (low..=high).contains(tick)).collect()
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        let length = f64::from(to) - f64::from(from);
        from.saturating_add(rounded(self.place(*value) * length))
    }

    fn key_points<H: KeyPointHint>(&self, hint: H) -> Vec<f64> {
        // The grid's fine lines are asked for too; there are none.
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.clone() }
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.text(*value)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "saturates, and no figure is that large")]
fn rounded(units: f64) -> i32 {
    units.round() as i32
}

#[cfg(test)]
mod tests {
    use plotters::coord::ranged1d::Ranged;

    use super::Axis;

    fn texts(axis: &Axis) -> Vec<String> {
        axis.ticks.iter().map(|&tick| axis.text(tick)).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(texts(&Axis::shares()), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(&Axis::around([0.12, 0.34]).unwrap()), ["0.15", "0.20", "0.25", "0.30", "0.35"]);
        assert_eq!(texts(&Axis::around([-3.0, 41.0]).unwrap()), ["0", "10", "20", "30", "40"]);
        assert_eq!(texts(&Axis::around([0.0, 4e7]).unwrap()), ["0", "1e7", "2e7", "3e7", "4e7"]);
    }

    #[test]
    fn a_constant_has_room_around_it() {
        assert_eq!(texts(&Axis::around([0.001, 0.001]).unwrap()), ["0.0006", "0.0008", "0.0010", "0.0012", "0.0014"]);
        assert_eq!(texts(&Axis::around([0.0]).unwrap()), ["-1.0", "-0.5", "0", "0.5", "1.0"]);
    }

    #[test]
    fn epochs_are_whole() {
        assert_eq!(texts(&Axis::whole([1.0]).unwrap()), ["1"]);
        assert_eq!(texts(&Axis::whole([1.0, 3.0]).unwrap()), ["1", "2", "3"]);
        assert_eq!(texts(&Axis::whole([1.0, 1000.0]).unwrap()).len(), 10);
    }

    #[test]
    fn a_large_factor_is_logarithmic() {
        let axis = Axis::fitting([1e-5, 1e-2].into_iter(), 10.0).unwrap();
        assert_eq!(texts(&axis), ["1e-5", "0.0001", "0.001", "0.01"]);
        assert!((axis.place(1e-4) - axis.place(1e-5) - (axis.place(1e-2) - axis.place(1e-3))).abs() < 1e-12);
        assert_eq!(texts(&Axis::fitting([0.3, 4.0].into_iter(), 10.0).unwrap()), ["0.5", "1", "2", "5"][..3]);
        assert!(!Axis::fitting([0.0, 4.0].into_iter(), 10.0).unwrap().is_logarithmic);
        assert!(texts(&Axis::logarithmic(0.01, 0.011).unwrap()).len() > 1);
        assert!(texts(&Axis::logarithmic(1e-30, 1e30).unwrap()).len() < 10);
    }

    #[test]
    fn what_is_not_finite_has_no_axis() {
        assert_eq!(Axis::around([f64::NAN, f64::INFINITY]), None);
        assert_eq!(Axis::whole([]), None);
        assert_eq!(Axis::logarithmic(0.0, 1.0), None);
        assert_eq!(Axis::around([f64::NAN, 2.0]), Axis::around([2.0]));
    }

    #[test]
    fn every_number_stands_between_the_ends() {
        for axis in
            [Axis::shares(), Axis::logarithmic(1e-300, 1e300).unwrap(), Axis::around([-1.7e308, 1.7e308]).unwrap()]
        {
            for value in [f64::MIN, -1.0, 0.0, 1e-300, 0.5, 1e300, f64::MAX, f64::INFINITY] {
                assert!((0..=100).contains(&axis.map(&value, (0, 100))), "{value} on {axis:?}");
            }
            assert!((2..=52).contains(&axis.ticks.len()), "{axis:?}");
        }
    }
}
