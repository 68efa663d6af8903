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
pub use reliability::{ReliabilityBin, reliability};
pub use roc::{precision_recall, roc};
pub use sweep::{SweepPoint, learning_rate_sweep};
pub use training::{HistoryError, HistoryFileError, TrainingCurves};
pub use weights::{TileOptions, image_shape, weights};

#[cfg(test)]
mod tests {
    use resvg::usvg::roxmltree::Document;

    use super::{RankingCurve, roc};

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
        let is_positive: Vec<bool> = (0..200).map(|index| index % 3 == 0).collect();
        let draw = || roc(&[RankingCurve::roc("a", &scores, &is_positive).unwrap()]).unwrap();
        let (first, second) = (draw(), draw());
        assert_eq!(first, second);
        assert_eq!(first.png().unwrap(), second.png().unwrap());
    }
}
