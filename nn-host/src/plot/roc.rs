//! Plots of rankings: ROC and precision–recall, a curve a class.

use super::axis::Axis;
use super::chart::{self, Chart, Curve, Frame};
use super::figure::Figure;
use super::ranking::RankingCurve;
use super::{DrawError, text};

/// Side of the square, in pixels.
const SIDE: f64 = 440.0;

/// The most curves that a legend names.
const MOST_NAMES: usize = 40;

/// Draws receiver operating characteristics with the line of chance; the legend has each area.
///
/// # Errors
/// [`DrawError::Empty`] if there is no curve with a finite point.
///
/// ```
/// use nn_host::metric::{Batch, RocCurve};
/// use nn_host::plot::{self, RankingCurve};
/// let curve = RocCurve::of(Batch::new(1, &[0.9, 0.2, 0.4], &[1.0, 0.0, 0.0]), 0).unwrap();
/// assert!(plot::roc(&[RankingCurve::roc("cat", &curve)])?.svg().contains("cat (AUC 1.000)"));
/// # Ok::<(), plot::DrawError>(())
/// ```
pub fn roc(curves: &[RankingCurve]) -> Result<Figure, DrawError> {
    let chance = Curve::reference("chance", vec![(0.0, 0.0), (1.0, 1.0)]);
    let labels = ["false positive rate", "true positive rate"];
    draw("ROC", labels, lines(curves, "AUC")?.chain([chance]).collect())
}

/// Draws precision over recall; the legend has each average precision.
///
/// # Errors
/// [`DrawError::Empty`] if there is no curve with a finite point.
///
/// ```
/// use nn_host::metric::{Batch, PrecisionRecallCurve};
/// use nn_host::plot::{self, RankingCurve};
/// let curve = PrecisionRecallCurve::of(Batch::new(1, &[0.9, 0.2, 0.4], &[1.0, 0.0, 0.0]), 0).unwrap();
/// let curve = RankingCurve::precision_recall("cat", &curve);
/// assert!(plot::precision_recall(&[curve])?.svg().contains("cat (AP 1.000)"));
/// # Ok::<(), plot::DrawError>(())
/// ```
pub fn precision_recall(curves: &[RankingCurve]) -> Result<Figure, DrawError> {
    draw("precision–recall", ["recall", "precision"], lines(curves, "AP")?.collect())
}

/// The lines of curves, with their areas as parts of their names.
fn lines<'c>(
    curves: &'c [RankingCurve],
    area: &'static str,
) -> Result<impl Iterator<Item = Curve> + use<'c>, DrawError> {
    let is_finite = |&(x, y): &(f64, f64)| x.is_finite() && y.is_finite();
    if !curves.iter().any(|curve| curve.points.iter().any(is_finite)) {
        return Err(DrawError::Empty { what: "no curve has a point" });
    }
    Ok(curves.iter().enumerate().map(move |(index, curve)| {
        let name = text::shortened(&curve.name, text::MOST_LETTERS_OF_LEGEND);
        let name = (index < MOST_NAMES).then(|| format!("{name} ({area} {:.3})", curve.area));
        Curve { name, has_dots: false, ..Curve::new(index, "", curve.points.clone()) }
    }))
}

fn draw(title: &str, [x_label, y_label]: [&'static str; 2], curves: Vec<Curve>) -> Result<Figure, DrawError> {
    let unnamed = curves.iter().filter(|curve| curve.name.is_none()).count();
    let (x, y) = (Axis::shares(), Axis::shares());
    let chart = Chart { x, y, x_label, y_label: y_label.to_owned(), curves, bars: Vec::new() };
    let frame = Frame { left: chart::LEFT, top: chart::TOP, width: SIDE, height: SIDE };
    let legend = chart::legend_height(chart.names().count() + usize::from(unnamed > 0));
    let size = (
        chart::LEFT + SIDE + chart::legend_width(chart.names()),
        chart::TOP + (SIDE + chart::BOTTOM).max(legend + 10.0),
    );
    Figure::draw(size, |area| {
        chart::draw_title(area, title, frame)?;
        chart.draw(area, frame)?;
        if unnamed == 0 {
            return Ok(());
        }
        let below = frame.top + legend - 8.0;
        let anchor = plotters::style::text_anchor::HPos::Left;
        text::draw(area, &format!("and {unnamed} more"), (frame.left + frame.width + 14.0, below), anchor)
    })
}

#[cfg(test)]
mod tests {
    use super::{precision_recall, roc};
    use crate::plot::tests::{curves, texts};
    use crate::plot::{DrawError, RankingCurve};

    fn curve(name: &str) -> RankingCurve {
        RankingCurve { name: name.to_owned(), points: vec![(0.0, 0.0), (0.2, 0.8), (1.0, 1.0)], area: 0.8125 }
    }

    #[test]
    fn each_class_has_a_curve_and_an_area() {
        let figure = roc(&[curve("a"), curve("<b>")]).unwrap();
        assert_eq!(curves(figure.svg()), 2);
        let texts = texts(figure.svg());
        for text in ["a (AUC 0.812)", "<b> (AUC 0.812)", "chance", "false positive rate", "1.0"] {
            assert!(texts.iter().any(|found| found == text), "{text} in {texts:?}");
        }
    }

    #[test]
    fn precision_recall_has_no_line_of_chance() {
        let texts = texts(precision_recall(&[curve("a")]).unwrap().svg());
        assert!(texts.contains(&"a (AP 0.812)".to_owned()) && !texts.contains(&"chance".to_owned()), "{texts:?}");
    }

    #[test]
    fn curves_that_a_legend_cannot_hold_are_counted() {
        let texts = texts(roc(&vec![curve("a"); 45]).unwrap().svg());
        assert!(texts.contains(&"and 5 more".to_owned()), "{texts:?}");
    }

    #[test]
    fn no_curve_is_refused() {
        let empty = RankingCurve { points: vec![], ..curve("a") };
        for curves in [vec![], vec![empty]] {
            assert_eq!(roc(&curves), Err(DrawError::Empty { what: "no curve has a point" }));
        }
    }
}
