//! Reliability diagram: how often a model is right, over how sure it is.

use super::DrawError;
use super::axis::Axis;
use super::chart::{self, Chart, Curve, Frame};
use super::figure::Figure;

/// Side of the square, in pixels.
const SIDE: f64 = 360.0;

/// Height of the bars, in pixels.
const BARS: f64 = 90.0;

const GAP: f64 = 56.0;

/// The samples whose confidence lies within a range.
///
/// ```
/// use nn_host::plot::{self, ReliabilityBin};
/// let bins = [
///     ReliabilityBin { from: 0.0, to: 0.5, confidence: 0.4, accuracy: 0.5, samples: 10 },
///     ReliabilityBin { from: 0.5, to: 1.0, confidence: 0.9, accuracy: 0.8, samples: 90 },
/// ];
/// assert!(plot::reliability(&bins)?.svg().contains("perfect"));
/// # Ok::<(), plot::DrawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReliabilityBin {
    /// The lowest confidence of the range, from 0 to 1.
    pub from: f64,
    /// The highest confidence of the range.
    pub to: f64,
    /// The mean confidence of the samples.
    pub confidence: f64,
    /// The share of the samples whose class is right.
    pub accuracy: f64,
    /// The number of samples.
    pub samples: u32,
}

/// Draws accuracy over confidence with the line of a perfect model, and below the number of samples. A bin without
/// samples has no point.
///
/// # Errors
/// [`DrawError::Empty`] if no bin has a sample.
pub fn reliability(bins: &[ReliabilityBin]) -> Result<Figure, DrawError> {
    let most = bins.iter().map(|bin| bin.samples).max().unwrap_or_default();
    if most == 0 {
        return Err(DrawError::Empty { what: "no bin has a sample" });
    }
    let (upper, lower) = (accuracies(bins), counts(bins, most));
    let frame = Frame { left: chart::LEFT, top: chart::TOP, width: SIDE, height: SIDE };
    let below = Frame { top: chart::TOP + SIDE + GAP, height: BARS, ..frame };
    let width = chart::LEFT + SIDE + chart::legend_width(upper.names());
    Figure::draw((width, below.top + BARS + chart::BOTTOM), |area| {
        chart::draw_title(area, "reliability", frame)?;
        upper.draw(area, frame)?;
        lower.draw(area, below)
    })
}

fn accuracies(bins: &[ReliabilityBin]) -> Chart {
    let points = bins.iter().filter(|bin| bin.samples > 0).map(|bin| (bin.confidence, bin.accuracy)).collect();
    let perfect = Curve::reference("perfect", vec![(0.0, 0.0), (1.0, 1.0)]);
    let curves = vec![perfect, Curve::new(0, "model", points)];
    let (x, y) = (Axis::shares(), Axis::shares());
    Chart { x, y, x_label: "confidence", y_label: "accuracy".to_owned(), curves, bars: Vec::new() }
}

fn counts(bins: &[ReliabilityBin], most: u32) -> Chart {
    let y = Axis::linear(0.0, f64::from(most) * 1.05, 3.0);
    let bars = bins.iter().map(|bin| (bin.from, bin.to, f64::from(bin.samples))).collect();
    Chart { x: Axis::shares(), y, x_label: "confidence", y_label: "samples".to_owned(), curves: Vec::new(), bars }
}

#[cfg(test)]
mod tests {
    use super::{ReliabilityBin, reliability};
    use crate::plot::DrawError;
    use crate::plot::tests::{curves, parsed, texts};

    const EMPTY: ReliabilityBin =
        ReliabilityBin { from: 0.0, to: 0.5, confidence: f64::NAN, accuracy: f64::NAN, samples: 0 };
    const FULL: ReliabilityBin = ReliabilityBin { from: 0.5, to: 1.0, confidence: 0.8, accuracy: 0.7, samples: 9 };

    #[test]
    fn has_a_point_a_bin_with_samples_and_bars() {
        let sure = ReliabilityBin { confidence: 0.9, ..FULL };
        let figure = reliability(&[EMPTY, FULL, sure, sure]).unwrap();
        assert_eq!(curves(figure.svg()), 1);
        let document = parsed(figure.svg());
        assert_eq!(document.descendants().filter(|node| node.has_tag_name("circle")).count(), 3);
        assert!(["perfect", "model", "samples"].iter().all(|text| texts(figure.svg()).contains(&(*text).to_owned())));
    }

    #[test]
    fn bins_without_samples_are_refused() {
        for bins in [vec![], vec![EMPTY]] {
            assert_eq!(reliability(&bins), Err(DrawError::Empty { what: "no bin has a sample" }));
        }
    }
}
