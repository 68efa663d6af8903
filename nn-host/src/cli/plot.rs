//! `nn plot`, and the plots of other commands: histories, confusion matrices, rankings, weights.

use core::str::FromStr;
use std::path::{Path, PathBuf};

use nalgebra::DMatrix;
use nn_host::data::Dataset;
use nn_host::layer::{LayerKind, ModelLayer};
use nn_host::metric::{Batch, PrecisionRecallCurve, Reliability, RocCurve};
use nn_host::model::{Model, check_writable};
use nn_host::plot::{self, DrawError, Figure, FigureFormat, RankingCurve, SaveError, TileOptions, TrainingCurves};
use serde_json::json;

use super::arguments::{Evaluate, Plot};
use super::evaluate::Evaluation;
use super::failure::Failure;
use super::output::Output;

/// A file that a figure can be written to, by its suffix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlotFile(PathBuf);

impl FromStr for PlotFile {
    type Err = SaveError;

    fn from_str(text: &str) -> Result<Self, SaveError> {
        let path = PathBuf::from(text);
        FigureFormat::of(&path).map(|_| Self(path))
    }
}

impl PlotFile {
    /// Fails early, before the work whose result would be lost.
    pub(super) fn check(&self) -> Result<(), Failure> {
        Ok(check_writable(&self.0)?)
    }

    /// Writes a figure.
    pub(super) fn write(&self, figure: Result<Figure, DrawError>) -> Result<(), Failure> {
        Ok(figure?.save(&self.0)?)
    }
}

/// Rows and columns: `28x28`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape(usize, usize);

/// What is no shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a shape is ROWSxCOLUMNS, such as 28x28")]
pub(super) struct ShapeError;

impl FromStr for Shape {
    type Err = ShapeError;

    fn from_str(text: &str) -> Result<Self, ShapeError> {
        let (rows, columns) = text.split_once('x').ok_or(ShapeError)?;
        let count = |text: &str| text.parse().ok().filter(|&count| count > 0).ok_or(ShapeError);
        Ok(Self(count(rows)?, count(columns)?))
    }
}

/// The suffixes of histories; all else is a model.
const HISTORIES: [&str; 2] = ["json", "csv"];

pub(super) fn run(command: &Plot, output: &Output) -> Result<(), Failure> {
    let is_history = command
        .input
        .extension()
        .is_some_and(|suffix| HISTORIES.iter().any(|known| suffix.eq_ignore_ascii_case(known)));
    let what = if is_history { history(command)? } else { weights(command)? };
    let path = command.output.0.display().to_string();
    output.result(|| format!("{path}: {what}\n"), || json!({"plot": path, "of": what}))
}

/// Plots a history file.
fn history(command: &Plot) -> Result<&'static str, Failure> {
    let given = [("--layer", command.layer.is_some()), ("--shape", command.shape.is_some())];
    if let Some((option, _)) = given.into_iter().find(|&(_, is_given)| is_given) {
        return Err(Failure::usage(format!("{option} is for models, {} is a history", command.input.display())));
    }
    let curves = TrainingCurves::load(&command.input)?;
    let figure = plot::history(&curves);
    command.output.write(figure).map_err(|failure| in_file(failure, &command.input))?;
    Ok("training history")
}

/// Plots the weights of a layer of a model.
fn weights(command: &Plot) -> Result<&'static str, Failure> {
    let model = Model::load(&command.input)?;
    let index = command.layer.unwrap_or_default();
    let kernel = match model.layers().get(index).map(ModelLayer::kind) {
        Some(LayerKind::Dense(dense)) => &dense.kernel,
        Some(_) => {
            return Err(Failure::usage(format!("--layer {index}: the layer has no weights")));
        }
        None => {
            let layers = model.layers().len();
            return Err(Failure::usage(format!("--layer {index}: the model has {layers} layers, counted from 0")));
        }
    };
    let shape = command.shape.map(|Shape(rows, columns)| (rows, columns));
    let options = TileOptions { shape, most: command.units.unwrap_or(TileOptions::default().most) };
    command.output.write(plot::weights(kernel, options)).map_err(|failure| in_file(failure, &command.input))?;
    Ok("weights")
}

fn in_file(failure: Failure, path: &Path) -> Failure {
    failure.context(path.display().to_string())
}

/// The plots that an evaluation was asked for.
pub(super) fn evaluation(
    command: &Evaluate,
    model: &Model,
    data: &Dataset,
    evaluation: &Evaluation,
) -> Result<(), Failure> {
    if let Some(Some(file)) = &command.confusion_matrix {
        let without = || Failure::usage("--confusion-matrix needs data with classes".to_owned());
        let matrix = evaluation.matrix.as_ref().ok_or_else(without)?;
        file.write(plot::confusion_matrix(matrix, model.labels()))?;
    }
    let (rows, a) = (evaluation.outputs.nrows(), evaluation.outputs.as_slice());
    if let Some(file) = &command.roc {
        let y = truths("--roc", data, rows)?;
        let batch = Batch::new(rows, a, y.as_slice());
        let curve = |name, class| Some(RankingCurve::roc(name, &RocCurve::of(batch, class)?));
        file.write(plot::roc(&rankings(model, curve)))?;
    }
    if let Some(file) = &command.precision_recall {
        let y = truths("--precision-recall", data, rows)?;
        let batch = Batch::new(rows, a, y.as_slice());
        let curve = |name, class| Some(RankingCurve::precision_recall(name, &PrecisionRecallCurve::of(batch, class)?));
        file.write(plot::precision_recall(&rankings(model, curve)))?;
    }
    if let Some(file) = &command.reliability {
        let y = truths("--reliability", data, rows)?;
        file.write(plot::reliability(&Reliability::of(Batch::new(rows, a, y.as_slice()), Reliability::BINS)))?;
    }
    Ok(())
}

fn without_classes(option: &str) -> Failure {
    Failure::usage(format!("{option} needs data with classes, or with values that are all 0 or 1"))
}

/// What is true of each sample, 0 or 1, a column a sample; classes one-hot.
fn truths(option: &str, data: &Dataset, rows: usize) -> Result<DMatrix<f32>, Failure> {
    let mut y = DMatrix::zeros(rows, data.len());
    data.gather_targets(&(0..data.len()).collect::<Vec<_>>(), &mut y);
    let is_truth = |y: &f32| *y == 0.0 || y.to_bits() == 1_f32.to_bits();
    if y.iter().all(is_truth) { Ok(y) } else { Err(without_classes(option)) }
}

/// A curve a class against the others; of two classes the second alone, because the first is its mirror image. Classes
/// without samples have none.
fn rankings(model: &Model, curve: impl Fn(String, usize) -> Option<RankingCurve>) -> Vec<RankingCurve> {
    let first = usize::from(model.outputs() == 2);
    let name = |class: usize| model.labels().get(class).cloned().unwrap_or_else(|| class.to_string());
    (first..model.outputs()).filter_map(|class| curve(name(class), class)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use nn_host::prelude::{MeanSquaredError, Relu, Sequential, Sgd};

    use super::{Plot, PlotFile, Shape, ShapeError, history, weights};

    /// `nn plot INPUT -o a.svg` in this folder.
    fn command(folder: &Path, input: &str) -> Plot {
        let output = PlotFile(folder.join("a.svg"));
        Plot { input: folder.join(input), output, layer: None, shape: None, units: None }
    }

    #[test]
    fn a_history_is_drawn_and_takes_no_option_of_models() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("h.json"), "{\"epochs\": [{\"epoch\": 1, \"loss\": 0.5}]}").unwrap();
        assert!(history(&Plot { layer: Some(0), ..command(folder.path(), "h.json") }).is_err());
        assert!(!folder.path().join("a.svg").exists());
        history(&command(folder.path(), "h.json")).unwrap();
        assert!(fs::read_to_string(folder.path().join("a.svg")).unwrap().contains("loss"));
    }

    #[test]
    fn weights_of_a_layer_that_has_some_are_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let layers = Sequential::new(6).dense(4, Relu).dropout(0.5).dense(2, Relu);
        let model = layers.compile(MeanSquaredError, Sgd::default(), []).unwrap();
        model.save(folder.path().join("m.nn")).unwrap();
        let command = |layer, shape| Plot { layer: Some(layer), shape, ..command(folder.path(), "m.nn") };
        for refused in [command(1, None), command(3, None), command(0, Some(Shape(5, 5)))] {
            assert!(weights(&refused).is_err(), "{refused:?}");
            assert!(!folder.path().join("a.svg").exists());
        }
        weights(&Plot { units: Some(3), ..command(0, Some(Shape(2, 3))) }).unwrap();
        assert!(fs::read_to_string(folder.path().join("a.svg")).unwrap().contains("weights of 3 of 4 units"));
    }

    #[test]
    fn shapes_are_read() {
        assert_eq!("28x14".parse(), Ok(Shape(28, 14)));
        for text in ["28", "x", "28x", "0x3", "-1x3", "3x3x3", "3X3"] {
            assert_eq!(text.parse::<Shape>(), Err(ShapeError), "{text}");
        }
    }

    #[test]
    fn only_files_of_figures_are_taken() {
        assert!("a.svg".parse::<PlotFile>().is_ok() && "b/c.PNG".parse::<PlotFile>().is_ok());
        let error = "model.nn".parse::<PlotFile>().unwrap_err();
        assert_eq!(error.to_string(), "model.nn: a plot is written as .svg or .png");
    }
}
