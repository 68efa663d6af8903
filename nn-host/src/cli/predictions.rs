//! Predictions as files: `.csv` with a header, or `.npy`.

use std::path::Path;

use nalgebra::DMatrix;
use nn_host::data::npy::{Array, Values, npy_bytes};
use nn_host::metric::argmax;
use nn_host::model::{Model, write_whole};

use super::failure::Failure;

/// What the file is to hold: the class of each sample, or all outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Classes,
    Outputs,
}

/// Refuses names whose suffix says nothing.
pub(super) fn check_suffix(path: &Path) -> Result<(), Failure> {
    match suffix(path) {
        "csv" | "npy" => Ok(()),
        _ => Err(Failure::usage(format!("-o {}: predictions are written as .csv or .npy", path.display()))),
    }
}

/// Writes predictions, one sample a row.
///
/// # Shapes
/// - `outputs`: one sample a column
pub(super) fn write(path: &Path, model: &Model, outputs: &DMatrix<f32>, content: Content) -> Result<(), Failure> {
    let bytes = match suffix(path) {
        "npy" => npy_bytes(&array(outputs, content)?),
        _ => csv(model, outputs, content).map_err(Failure::file)?,
    };
    Ok(write_whole(path, &bytes)?)
}

fn suffix(path: &Path) -> &str {
    path.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default()
}

/// Classes by their numbers, or outputs, `[samples][outputs]`.
fn array(outputs: &DMatrix<f32>, content: Content) -> Result<Array, Failure> {
    let samples = outputs.ncols();
    let (shape, values) = match content {
        Content::Outputs => (vec![samples, outputs.nrows()], Values::F32(outputs.as_slice().to_vec())),
        Content::Classes => {
            let class = |a: &[f32]| i64::try_from(argmax(a)).unwrap_or(i64::MAX);
            let classes = outputs.as_slice().chunks_exact(outputs.nrows().max(1)).map(class);
            (vec![samples], Values::I64(classes.collect()))
        }
    };
    Array::new(shape, values).map_err(Failure::file)
}

/// A header and a row a sample: the class's name, or each output.
fn csv(model: &Model, outputs: &DMatrix<f32>, content: Content) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let columns = model.preprocessing().map_or(&[][..], |table| table.target().columns());
    let named = |names: &[String], output: usize| {
        names.get(output).cloned().unwrap_or_else(|| format!("output {}", output + 1))
    };
    let samples = outputs.as_slice().chunks_exact(outputs.nrows().max(1));
    match content {
        Content::Classes => {
            writer.write_record([columns.first().map_or("class", String::as_str)])?;
            for a in samples {
                let class = argmax(a);
                writer.write_record([model.labels().get(class).cloned().unwrap_or_else(|| class.to_string())])?;
            }
        }
        Content::Outputs => {
            let names = if model.labels().is_empty() { columns } else { model.labels() };
            writer.write_record((0..outputs.nrows()).map(|output| named(names, output)))?;
            for a in samples {
                writer.write_record(a.iter().map(f32::to_string))?;
            }
        }
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}
