//! Plot of a training: loss, metrics and learning rate over epochs, one below the other.

use super::axis::Axis;
use super::chart::{self, Chart, Curve, Frame};
use super::figure::Figure;
use super::training::TrainingCurves;
use super::{DrawError, text};

const WIDTH: f64 = 520.0;

/// Of a panel.
const HEIGHT: f64 = 180.0;

/// The most letters of a value's name along its axis.
const MOST_LETTERS: usize = 24;

/// Between panels, for the labels of the x axis.
const GAP: f64 = 52.0;

/// A largest loss that is so many times the smallest one is drawn on a logarithmic axis.
const LOSS_FACTOR: f64 = 1000.0;

/// The same for learning rates.
const RATE_FACTOR: f64 = 10.0;

/// Draws the course of a training: a panel each for the loss, each metric and the learning rate, with a line for
/// training and one for validation. Epochs without a number are gaps. A loss that falls by a factor of a thousand and a
/// learning rate that changes by ten have logarithmic axes.
///
/// # Errors
/// [`DrawError::Empty`] if no epoch has a finite number.
///
/// ```
/// use nn_host::metric::Scores;
/// use nn_host::plot;
/// use nn_host::train::{EpochRecord, History};
///
/// let scores = |loss| Scores { loss, metrics: vec![] };
/// let record = |epoch, loss| EpochRecord { epoch, train: scores(loss), validation: None, learning_rate: 0.1 };
/// let history = History { epochs: vec![record(0, 0.5), record(1, 0.25)], ..History::default() };
/// let figure = plot::history(&(&history).into())?;
/// assert!(figure.svg().contains("learning_rate"));
/// # Ok::<(), plot::DrawError>(())
/// ```
pub fn history(curves: &TrainingCurves) -> Result<Figure, DrawError> {
    let panels: Vec<Chart> = names(curves).filter_map(|name| panel(curves, name)).collect();
    if panels.is_empty() {
        return Err(DrawError::Empty { what: "no epoch has a finite number" });
    }
    let legend = chart::legend_width(panels.iter().flat_map(Chart::names));
    let mut height = chart::TOP;
    let frames = panels.iter().map(|_| {
        let frame = Frame { left: chart::LEFT, top: height, width: WIDTH, height: HEIGHT };
        height += HEIGHT + GAP;
        frame
    });
    let frames: Vec<Frame> = frames.collect();
    Figure::draw((chart::LEFT + WIDTH + legend, height), |area| {
        for (panel, &frame) in panels.iter().zip(&frames) {
            panel.draw(area, frame)?;
        }
        frames.first().map_or(Ok(()), |&frame| chart::draw_title(area, "training history", frame))
    })
}

/// The names of the panels: loss first, then metrics, then the learning rate.
fn names(curves: &TrainingCurves) -> impl Iterator<Item = &str> {
    let mut names: Vec<&str> = Vec::new();
    for name in curves.names().map(|name| name.strip_prefix("val_").unwrap_or(name)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.sort_by_key(|&name| match name {
        "loss" => 0,
        "learning_rate" => 2,
        _ => 1,
    });
    names.into_iter()
}

/// The panel of one value; none if the value is never finite.
fn panel(curves: &TrainingCurves, name: &str) -> Option<Chart> {
    let validation = format!("val_{name}");
    let is_rate = name == "learning_rate";
    let lines = [(name, if is_rate { "learning rate" } else { "training" }), (&*validation, "validation")];
    let drawn: Vec<Curve> = lines
        .into_iter()
        .enumerate()
        .filter_map(|(index, (name, label))| Some(Curve::new(index, label, curves.points(name)?.to_vec())))
        .collect();
    let values = || drawn.iter().flat_map(|curve| curve.points.iter().map(|&(_, value)| value));
    let y = match name {
        "loss" => Axis::fitting(values(), LOSS_FACTOR),
        "learning_rate" => Axis::fitting(values(), RATE_FACTOR),
        _ => Axis::around(values()),
    };
    let y_label = text::shortened(name, MOST_LETTERS);
    let x = Axis::whole(curves.epochs())?;
    let curves = if is_rate { drawn.into_iter().map(|curve| Curve { name: None, ..curve }).collect() } else { drawn };
    Some(Chart { x, y: y?, x_label: "epoch", y_label, curves, bars: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::history;
    use crate::plot::tests::{curves, parsed, texts};
    use crate::plot::{DrawError, TrainingCurves};

    fn course(columns: &[(&str, &[f64])]) -> TrainingCurves {
        let columns = columns.iter().map(|(name, values)| {
            let points = (1..).map(f64::from).zip(values.iter().copied()).collect();
            ((*name).to_owned(), points)
        });
        TrainingCurves::from_columns(columns)
    }

    #[test]
    fn has_a_panel_a_value_and_a_line_for_training_and_validation() {
        let falls: &[f64] = &[0.5, 0.4, 0.3];
        let svg = history(&course(&[
            ("loss", falls),
            ("accuracy", falls),
            ("val_loss", falls),
            ("val_accuracy", falls),
            ("learning_rate", falls),
        ]))
        .unwrap();
        assert_eq!(curves(svg.svg()), 5);
        let texts = texts(svg.svg());
        let places =
            ["loss", "accuracy", "learning_rate"].map(|name| texts.iter().position(|text| text == name).unwrap());
        assert!(places.is_sorted());
        assert_eq!(texts.iter().filter(|text| *text == "validation").count(), 2);
        assert_eq!(texts.iter().filter(|text| *text == "epoch").count(), 3);
    }

    #[test]
    fn one_epoch_is_dots() {
        let svg = history(&course(&[("loss", &[0.5]), ("val_loss", &[0.6])])).unwrap();
        assert_eq!(curves(svg.svg()), 0);
        assert_eq!(parsed(svg.svg()).descendants().filter(|node| node.has_tag_name("circle")).count(), 2);
    }

    #[test]
    fn a_value_that_is_not_finite_is_a_gap() {
        let svg = history(&course(&[("loss", &[0.5, 0.4, 0.4, f64::NAN, 0.3, 0.2, 0.1, f64::INFINITY])])).unwrap();
        assert_eq!(curves(svg.svg()), 2);
        assert!(!svg.svg().contains("NaN") && !svg.svg().contains("inf"));
    }

    #[test]
    fn a_thousand_epochs_are_a_line_without_dots() {
        let values: Vec<f64> = (1..=1000).map(|epoch| 1.0 / f64::from(epoch)).collect();
        let svg = history(&course(&[("loss", &values)])).unwrap();
        assert_eq!(curves(svg.svg()), 1);
        assert!(!svg.svg().contains("<circle"));
        assert!(texts(svg.svg()).contains(&"0.001".to_owned()), "a logarithmic axis");
    }

    #[test]
    fn nothing_finite_is_refused() {
        for empty in [course(&[]), course(&[("loss", &[])]), course(&[("loss", &[f64::NAN])])] {
            assert_eq!(history(&empty), Err(DrawError::Empty { what: "no epoch has a finite number" }));
        }
    }
}
