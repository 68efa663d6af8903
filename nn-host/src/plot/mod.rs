//! Plots as SVG and PNG: trainings, confusion matrices, rankings, reliability, weights, learning-rate sweeps.
//!
//! Each function takes plain data and gives a [`Figure`], or says why there is nothing to draw. The same data give the
//! same bytes.
//!
//! ```no_run
//! use nn_host::plot::{self, TrainingCurves};
//! let curves = TrainingCurves::load("model.history.json")?;
//! plot::history(&curves)?.save("history.svg")?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod figure;
mod format;

mod confusion;
mod history;
mod ranking;
mod reliability;
mod roc;
mod sweep;
mod training;
mod weights;

mod axis;
mod chart;
mod palette;
mod raster;
mod rectangle;
mod text;

mod error;

pub use confusion::confusion_matrix;
pub use error::{DrawError, SaveError};
pub use figure::Figure;
pub use format::FigureFormat;
pub use history::history;
pub use ranking::RankingCurve;
pub use reliability::reliability;
pub use roc::{precision_recall, roc};
pub use sweep::learning_rate_sweep;
pub use training::{HistoryError, HistoryFileError, TrainingCurves};
pub use weights::{TileOptions, image_shape, weights};

#[cfg(test)]
mod tests {
    use resvg::usvg::roxmltree::Document;

    use super::{RankingCurve, TrainingCurves, history, learning_rate_sweep, roc};
    use crate::metric::{Batch, RocCurve};
    use crate::train::SweepPoint;

    /// The elements of a drawing.
    pub(super) fn parsed(svg: &str) -> Document<'_> {
        Document::parse(svg).unwrap()
    }

    /// The texts of a drawing, in order.
    pub(super) fn texts(svg: &str) -> Vec<String> {
        let document = parsed(svg);
        let nodes = document.descendants().filter(|node| node.has_tag_name("text"));
        nodes.map(|node| node.text().unwrap_or_default().trim().to_owned()).collect()
    }

    /// How many solid lines are curves of three points and more: neither grid, axis, dash nor sample in a legend.
    pub(super) fn curves(svg: &str) -> usize {
        let document = parsed(svg);
        let lines = document.descendants().filter(|node| node.has_tag_name("polyline"));
        let is_curve = |points: &str| points.split_whitespace().count() > 2;
        lines.filter(|line| line.attribute("points").is_some_and(is_curve)).count()
    }

    #[test]
    fn the_same_data_give_the_same_bytes() {
        let scores: Vec<f32> = (0_u8..200).map(|index| f32::from(index % 37)).collect();
        let truths: Vec<f32> = (0..200).map(|index| if index % 3 == 0 { 1.0 } else { 0.0 }).collect();
        let curve = RocCurve::of(Batch::new(1, &scores, &truths), 0).unwrap();
        let draw = || roc(&[RankingCurve::roc("a", &curve)]).unwrap();
        let (first, second) = (draw(), draw());
        assert_eq!(first, second);
        assert_eq!(first.png().unwrap(), second.png().unwrap());
    }

    #[test]
    fn extreme_numbers_are_drawn() {
        let extremes =
            [f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 0.0, -0.0, 1e-45, 3.4e38, f64::INFINITY, f64::NAN];
        for (a, b) in extremes.iter().flat_map(|&a| extremes.map(|b| (a, b))) {
            let column = |name: &str, points: &[(f64, f64)]| (name.to_owned(), points.to_vec());
            let columns = [column("loss", &[(1.0, a), (2.0, b)]), column("learning_rate", &[(a, 1.0), (b, 1e-9)])];
            let drawn = history(&TrainingCurves::from_columns(columns)).is_ok();
            assert!(drawn || !a.is_finite() || !b.is_finite(), "{a} {b}");
        }
    }

    #[test]
    fn extreme_learning_rates_and_losses_are_drawn() {
        let extremes = [f32::MAX, f32::MIN, f32::MIN_POSITIVE, 1e-45, 0.0, -0.0, f32::INFINITY, f32::NAN];
        for (a, b) in extremes.iter().flat_map(|&a| extremes.map(|b| (a, b))) {
            let point = |learning_rate, loss| SweepPoint { learning_rate, loss, smoothed: loss };
            let sweep = learning_rate_sweep(&[point(a.abs(), b), point(1e-3, 1.0)], &[("a", a), ("b", b)]);
            assert!(!sweep.unwrap().svg().contains("NaN"), "{a} {b}");
        }
    }

    #[test]
    fn a_curve_that_stays_where_it_is_is_drawn() {
        let still = RankingCurve { name: String::new(), points: vec![(0.5, 0.5); 3], area: 0.0 };
        assert!(roc(&vec![still; 20]).is_ok());
    }
}
