//! Reliability diagram: how often a model is right, over how sure it is.

use super::DrawError;
use super::axis::Axis;
use super::chart::{self, Chart, Curve, Frame};
use super::figure::Figure;
use crate::metric::{Reliability, ReliabilityBin};

/// Side of the square, in pixels.
const SIDE: f64 = 360.0;

/// Height of the bars, in pixels.
const BARS: f64 = 90.0;

const GAP: f64 = 56.0;

/// Draws accuracy over confidence with the line of a perfect model, and below how many samples each bin has. A bin without
/// samples has no point.
///
/// # Errors
/// [`DrawError::Empty`] if no bin has a sample.
///
/// ```
/// use nn_host::metric::{Batch, Reliability};
/// use nn_host::plot;
/// let diagram = Reliability::of(Batch::new(1, &[0.9, 0.8, 0.3], &[1.0, 1.0, 0.0]), 10);
/// assert!(plot::reliability(&diagram)?.svg().contains("perfect"));
/// # Ok::<(), plot::DrawError>(())
/// ```
pub fn reliability(diagram: &Reliability) -> Result<Figure, DrawError> {
    let most = diagram.bins.iter().map(ReliabilityBin::weight).fold(0.0, f64::max);
    if most <= 0.0 {
        return Err(DrawError::Empty { what: "no bin has a sample" });
    }
    let (upper, lower) = (accuracies(&diagram.bins), weights(&diagram.bins, most));
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
    let points = bins.iter().filter(|bin| bin.weight() > 0.0).map(|bin| (bin.confidence(), bin.accuracy())).collect();
    let perfect = Curve::reference("perfect", vec![(0.0, 0.0), (1.0, 1.0)]);
    let curves = vec![perfect, Curve::new(0, "model", points)];
    let (x, y) = (Axis::shares(), Axis::shares());
    Chart { x, y, x_label: "confidence", y_label: "accuracy".to_owned(), curves, bars: Vec::new() }
}

#[expect(clippy::cast_precision_loss, reason = "no diagram has so many bins")]
fn weights(bins: &[ReliabilityBin], most: f64) -> Chart {
    let width = 1.0 / bins.len() as f64;
    let bar = |(index, bin): (usize, &ReliabilityBin)| (index as f64 * width, (index + 1) as f64 * width, bin.weight());
    let y = Axis::linear(0.0, most * 1.05, 3.0);
    let bars = bins.iter().enumerate().map(bar).collect();
    Chart { x: Axis::shares(), y, x_label: "confidence", y_label: "samples".to_owned(), curves: Vec::new(), bars }
}

#[cfg(test)]
mod tests {
    use super::{Reliability, reliability};
    use crate::metric::Batch;
    use crate::plot::DrawError;
    use crate::plot::tests::{curves, parsed, texts};

    #[test]
    fn has_a_point_a_bin_with_samples_and_bars() {
        let diagram = Reliability::of(Batch::new(1, &[0.3, 0.65, 0.9, 0.95], &[0.0, 1.0, 1.0, 0.0]), 10);
        let figure = reliability(&diagram).unwrap();
        assert_eq!(curves(figure.svg()), 1);
        let document = parsed(figure.svg());
        assert_eq!(document.descendants().filter(|node| node.has_tag_name("circle")).count(), 4);
        assert!(["perfect", "model", "samples"].iter().all(|text| texts(figure.svg()).contains(&(*text).to_owned())));
    }

    #[test]
    fn bins_without_samples_are_refused() {
        for bins in [vec![], vec![Default::default()]] {
            let expected = Err(DrawError::Empty { what: "no bin has a sample" });
            assert_eq!(reliability(&Reliability { bins }), expected);
        }
    }
}
