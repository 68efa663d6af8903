//! Data sets of NumPy's arrays: `x` has one sample an index of its first dimension, `y` its class or values.

use std::path::Path;

use nalgebra::DMatrix;

use super::{Array, NpyError, NpyFault, Values, read_npy, read_npz};
use crate::data::nearest::hint;
use crate::data::tabular::whole;
use crate::data::{Dataset, Features, Targets, Task};

/// The largest class: a network has an output for each.
const MOST: u32 = 65_535;

/// The data set of a pair of `.npy` files, or of samples without targets.
///
/// Samples of bytes are bytes, which a network sees as 0 to 1; all others become f32. Targets of whole numbers in one
/// dimension are classes 0 to the largest, as in Keras; other targets are values, if the task does not say otherwise.
///
/// # Errors
/// [`NpyError`] if a file is no array, or the arrays do not go together.
pub fn read_npy_samples(x: &Path, y: Option<&Path>, task: Task) -> Result<Dataset, NpyError> {
    let targets = y.map(|y| Ok((y, read_npy(y)?))).transpose()?;
    let samples = Samples::new(&read_npy(x)?).map_err(|fault| NpyError::new(x, None, fault))?;
    let targets = match targets {
        Some((y, array)) => Some(self::targets(&array, task).map_err(|fault| NpyError::new(y, None, fault))?),
        None => None,
    };
    samples.with(targets).map_err(|fault| NpyError::new(x, None, fault))
}

/// The data set of the arrays `x` and `y` of a `.npz` file; without `y` the targets are values of no rows.
///
/// # Errors
/// [`NpyError`] if the file has no array `x`, or the arrays do not go together.
pub fn read_npz_samples(path: &Path, task: Task) -> Result<Dataset, NpyError> {
    let arrays = read_npz(path)?;
    let find = |name: &str| arrays.iter().find(|(known, _)| known == name).map(|(_, array)| array);
    let x = find("x").ok_or_else(|| {
        let hint = hint("x", arrays.iter().map(|(name, _)| name.as_str()));
        NpyError::new(path, None, NpyFault::NoArray { name: "x", hint })
    })?;
    let samples = Samples::new(x).map_err(|fault| NpyError::new(path, Some("x"), fault))?;
    let targets = find("y").map(|y| targets(y, task)).transpose();
    let targets = targets.map_err(|fault| NpyError::new(path, Some("y"), fault))?;
    samples.with(targets).map_err(|fault| NpyError::new(path, None, fault))
}

/// Features of so many samples.
struct Samples {
    count: usize,
    features: Features,
}

impl Samples {
    fn new(x: &Array) -> Result<Self, NpyFault> {
        let expected = "one dimension of samples, and maybe others of their values";
        let shape = || NpyFault::Shape { what: "samples", expected, found: x.shape().to_vec() };
        let &count = x.shape().first().ok_or_else(shape)?;
        let inputs = x.values().len().checked_div(count).ok_or_else(shape)?;
        let features = match x.values() {
            Values::U8(values) => Features::Bytes(DMatrix::from_column_slice(inputs, count, values)),
            values => Features::Floats(DMatrix::from_vec(inputs, count, values.to_f32())),
        };
        Ok(Self { count, features })
    }

    fn with(self, targets: Option<Targets>) -> Result<Dataset, NpyFault> {
        let targets = targets.unwrap_or_else(|| Targets::Values(DMatrix::zeros(0, self.count)));
        Ok(Dataset::new(self.features, targets)?)
    }
}

fn targets(y: &Array, task: Task) -> Result<Targets, NpyFault> {
    let is_whole = !matches!(y.values(), Values::F32(_) | Values::F64(_));
    let (count, outputs) = match *y.shape() {
        [count] => (count, 1),
        [count, outputs] => (count, outputs),
        _ => {
            let expected = "one dimension, or two for several values a sample";
            return Err(NpyFault::Shape { what: "targets", expected, found: y.shape().to_vec() });
        }
    };
    let is_classes = match task {
        Task::Automatic => is_whole && y.shape().len() == 1,
        Task::Classification => true,
        Task::Regression => false,
    };
    match is_classes {
        true if outputs == 1 => classes(y.values()),
        true => {
            let expected = "one dimension to be classes";
            Err(NpyFault::Shape { what: "targets", expected, found: y.shape().to_vec() })
        }
        false => Ok(Targets::Values(DMatrix::from_vec(outputs, count, y.values().to_f32()))),
    }
}

/// Classes 0 to the largest.
fn classes(labels: &Values) -> Result<Targets, NpyFault> {
    let class = |(sample, text): (usize, String)| {
        let class = whole(&text).and_then(|label| u32::try_from(label).ok()).filter(|&class| class <= MOST);
        class.ok_or(NpyFault::Label { sample, found: text, most: MOST })
    };
    let classes: Vec<u32> = labels.to_texts().into_iter().enumerate().map(class).collect::<Result<_, _>>()?;
    let names = (0..classes.iter().max().map_or(0, |&most| most + 1)).map(|class| class.to_string()).collect();
    Ok(Targets::Classes { classes, names })
}
