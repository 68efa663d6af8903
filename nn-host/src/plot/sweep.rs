//! Plot of a learning-rate sweep: the loss, raw and smoothed, over learning rates, with the rates that follow from it.

use plotters::style::RGBColor;

use super::axis::Axis;
use super::chart::{self, Chart, Curve, Frame, Points};
use super::figure::Figure;
use super::{DrawError, palette, text};
use crate::train::SweepPoint;

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 340.0;

/// The raw loss is pale, the smoothed one is what counts.
const PALE: RGBColor = RGBColor(170, 196, 216);

/// Draws a sweep on a logarithmic axis, with a vertical line a suggested rate. Where the loss has left what it was at
/// the start, it is not drawn: what matters lies below.
///
/// # Errors
/// [`DrawError::Empty`] if no point has a finite smoothed loss at a rate above 0.
///
/// ```
/// use nn_host::plot;
/// use nn_host::train::SweepPoint;
/// let point = |learning_rate, loss| SweepPoint { learning_rate, loss, smoothed: loss };
/// let points = [point(1e-3, 2.3), point(1e-2, 0.7), point(1e-1, 9.0)];
/// let figure = plot::learning_rate_sweep(&points, &[("steep", 4e-3)])?;
/// assert!(figure.svg().contains("steep 0.004"));
/// # Ok::<(), plot::DrawError>(())
/// ```
pub fn learning_rate_sweep(points: &[SweepPoint], suggestions: &[(&str, f32)]) -> Result<Figure, DrawError> {
    let nothing = DrawError::Empty { what: "no learning rate has a finite loss" };
    let is_drawn = |rate: f32| rate > 0.0 && rate.is_finite();
    let points: Vec<SweepPoint> = points.iter().filter(|point| is_drawn(point.learning_rate)).copied().collect();
    let y = losses(&points).ok_or_else(|| nothing.clone())?;
    let suggestions: Vec<(&str, f32)> = suggestions.iter().filter(|(_, rate)| is_drawn(*rate)).copied().collect();
    let rates = points.iter().map(|point| point.learning_rate).chain(suggestions.iter().map(|&(_, rate)| rate));
    let rates = || rates.clone().map(f64::from);
    let (low, high) = (rates().fold(f64::INFINITY, f64::min), rates().fold(0.0, f64::max));
    let x = Axis::logarithmic(low, high).ok_or(nothing)?;
    let curves = curves(&points, &suggestions, &y);
    let chart = Chart { x, y, x_label: "learning rate", y_label: "loss".to_owned(), curves, bars: Vec::new() };
    let frame = Frame { left: chart::LEFT, top: chart::TOP, width: WIDTH, height: HEIGHT };
    let size = (chart::LEFT + WIDTH + chart::legend_width(chart.names()), chart::TOP + HEIGHT + chart::BOTTOM);
    Figure::draw(size, |area| {
        chart::draw_title(area, "learning-rate sweep", frame)?;
        chart.draw(area, frame)
    })
}

/// The axis of losses: from the lowest to half as much again above the highest before the smoothed one is lowest.
fn losses(points: &[SweepPoint]) -> Option<Axis> {
    let finite = points.iter().enumerate().filter(|(_, point)| point.smoothed.is_finite());
    let (lowest, _) = finite.min_by(|(_, a), (_, b)| a.smoothed.total_cmp(&b.smoothed))?;
    let before = points.iter().take(lowest + 1).flat_map(|point| [point.loss, point.smoothed].map(f64::from));
    let (low, high) = before
        .filter(|loss| loss.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), loss| (loss.min(low), loss.max(high)));
    let span = high - low;
    // A loss that only rises has no fall to be seen, so its rise to the double is shown.
    let span = if span > 1e-9 * high.abs() { span } else { high.abs().max(1e-6) * 2.0 };
    Some(Axis::linear(low - 0.08 * span, high + 0.5 * span, 5.0))
}

fn curves(points: &[SweepPoint], suggestions: &[(&str, f32)], y: &Axis) -> Vec<Curve> {
    let (floor, ceiling) = y.ends();
    let points_of = |loss: fn(&SweepPoint) -> f32| {
        below(points.iter().map(|point| (point.learning_rate.into(), loss(point).into())), ceiling)
    };
    let raw =
        Curve { color: PALE, width: 1.1, has_dots: false, ..Curve::new(0, "loss", points_of(|point| point.loss)) };
    let smoothed =
        Curve { width: 2.0, has_dots: false, ..Curve::new(0, "smoothed", points_of(|point| point.smoothed)) };
    let marks = suggestions.iter().enumerate().map(|(index, &(name, rate))| {
        let (color, _) = palette::line(index + 1);
        let name = format!("{} {}", text::shortened(name, text::MOST_LETTERS_OF_LEGEND), two_digits(rate));
        let points = vec![(rate.into(), floor), (rate.into(), ceiling)];
        Curve { color, ..Curve::reference(name, points) }
    });
    [raw, smoothed].into_iter().chain(marks).collect()
}

/// A rate with two digits.
fn two_digits(rate: f32) -> String {
    let rounded = format!("{rate:.1e}").parse().unwrap_or(rate);
    if (1e-4..1e4).contains(&rounded) { rounded.to_string() } else { format!("{rounded:e}") }
}

/// The parts of a curve below a ceiling, with the points where it crosses the ceiling.
fn below(points: impl Iterator<Item = (f64, f64)>, ceiling: f64) -> Points {
    let mut kept = Points::new();
    let mut last: Option<(f64, f64)> = None;
    for point in points {
        let is_above = |(_, loss): (f64, f64)| loss > ceiling;
        let crosses = |last: (f64, f64)| is_above(last) != is_above(point) && !(last.1 + point.1).is_nan();
        if let Some(last) = last.filter(|&last| crosses(last)) {
            kept.push(crossing(last, point, ceiling));
        }
        kept.push(if is_above(point) { (point.0, f64::NAN) } else { point });
        last = Some(point);
    }
    kept
}

/// Where a line between two points has this height; the x axis is logarithmic.
fn crossing(from: (f64, f64), to: (f64, f64), height: f64) -> (f64, f64) {
    let share = ((height - from.1) / (to.1 - from.1)).clamp(0.0, 1.0);
    (from.0 * (to.0 / from.0).powf(share), height)
}

#[cfg(test)]
mod tests {
    use super::{Points, SweepPoint, below, learning_rate_sweep, two_digits};
    use crate::plot::DrawError;
    use crate::plot::tests::{curves, texts};

    fn sweep(losses: &[f32]) -> Vec<SweepPoint> {
        let rates = core::iter::successors(Some(1e-5), |rate| Some(2.0 * rate));
        let points = rates.zip(losses).map(|(learning_rate, &loss)| SweepPoint { learning_rate, loss, smoothed: loss });
        points.collect()
    }

    #[test]
    fn shows_both_losses_and_the_suggestions() {
        let figure = learning_rate_sweep(&sweep(&[2.0, 1.9, 1.0, 0.5, 3e20]), &[("steep", 3.16e-5), ("valley", 4e-5)]);
        let figure = figure.unwrap();
        assert_eq!(curves(figure.svg()), 2);
        let texts = texts(figure.svg());
        for text in ["loss", "smoothed", "steep 3.2e-5", "valley 4e-5", "0.0001"] {
            assert!(texts.iter().any(|found| found == text), "{text} in {texts:?}");
        }
        assert!(!texts.iter().any(|text| text.contains("e20")), "{texts:?}");
    }

    #[test]
    fn a_curve_ends_where_it_leaves_the_chart() {
        let points = below([(1.0, 0.0), (100.0, 2.0), (1000.0, f64::NAN)].into_iter(), 1.0);
        let finite: Points = points.into_iter().filter(|(_, loss)| loss.is_finite()).collect();
        assert!(matches!(*finite, [(1.0, 0.0), (rate, 1.0)] if (rate - 10.0).abs() < 1e-12), "{finite:?}");
    }

    #[test]
    fn rates_have_two_digits() {
        assert_eq!([0.031_62, 1.0, 1.26e-7].map(two_digits), ["0.032", "1", "1.3e-7"]);
    }

    #[test]
    fn a_sweep_without_finite_losses_is_refused() {
        for points in [sweep(&[]), sweep(&[f32::NAN, f32::INFINITY])] {
            let expected = Err(DrawError::Empty { what: "no learning rate has a finite loss" });
            assert_eq!(learning_rate_sweep(&points, &[]), expected);
        }
        assert!(learning_rate_sweep(&sweep(&[1.0]), &[]).is_ok());
        assert!(learning_rate_sweep(&sweep(&[0.0, 1e30]), &[]).is_ok());
    }
}
