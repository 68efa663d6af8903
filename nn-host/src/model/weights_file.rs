//! Weights as files of other programs: `.npz` and `.safetensors`, each tensor by its name in Keras.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use safetensors::tensor::TensorView;
use safetensors::{SafeTensorError, SafeTensors};

use super::{FileError, Model, WeightsError, safetensor, write_whole};
use crate::data::npy::{self, Array, NpyError, Values};
use crate::layer::Tensor;

/// Why weights cannot be read from a file or written to one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsFileError {
    /// A name whose suffix says nothing.
    #[error("{}: weights are in files that end in .npz or .safetensors", path.display())]
    Suffix {
        /// Which file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not what its suffix says, or has tensors of other than 32-bit floats.
    #[error("{}: {reason}", path.display())]
    Content {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The file is no archive of arrays.
    #[error(transparent)]
    Npz(#[from] NpyError),
    /// The weights do not fit the model.
    #[error("{}: {source}", path.display())]
    Weights {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: WeightsError,
    },
    /// The file cannot be written.
    #[error(transparent)]
    Write(#[from] FileError),
}

/// A kind of file.
enum Kind {
    Npz,
    Safetensors,
}

impl Kind {
    fn of(path: &Path) -> Result<Self, WeightsFileError> {
        match path.extension().and_then(|suffix| suffix.to_str()) {
            Some("npz") => Ok(Self::Npz),
            Some("safetensors") => Ok(Self::Safetensors),
            _ => Err(WeightsFileError::Suffix { path: path.to_owned() }),
        }
    }
}

/// A tensor of a file.
struct Stored {
    name: String,
    shape: Vec<usize>,
    values: Vec<f32>,
}

impl Model {
    /// Writes all weights and statistics as `.npz` or `.safetensors`, by their names in Keras: `dense/kernel` …
    ///
    /// ```
    /// use nn_host::prelude::*;
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("weights.safetensors");
    /// let model = || Sequential::new(3).dense(2, Softmax).compile(CategoricalCrossentropy, Adam::default(), []);
    /// model()?.save_weights(&path)?;
    /// let mut other = model()?;
    /// other.load_weights(&path)?;
    /// assert_eq!(other.weights_sha256(), model()?.weights_sha256());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WeightsFileError`] if the suffix is another, or the file cannot be written.
    pub fn save_weights(&self, path: impl AsRef<Path>) -> Result<(), WeightsFileError> {
        let path = path.as_ref();
        let bytes = match Kind::of(path)? {
            Kind::Npz => npz(path, &self.weights())?,
            Kind::Safetensors => safetensors(path, &self.weights())?,
        };
        Ok(write_whole(path, &bytes)?)
    }

    /// Takes over weights and statistics from a `.npz` or `.safetensors` file, by their names and shapes.
    ///
    /// # Errors
    /// [`WeightsFileError`] if the file cannot be read or its weights do not fit; the model stays as it is then.
    pub fn load_weights(&mut self, path: impl AsRef<Path>) -> Result<(), WeightsFileError> {
        let path = path.as_ref();
        let stored = match Kind::of(path)? {
            Kind::Npz => from_npz(path)?,
            Kind::Safetensors => from_safetensors(path)?,
        };
        let tensors: Vec<_> =
            stored.iter().map(|of| Tensor::new(of.name.as_str(), of.shape.as_slice(), &of.values)).collect();
        self.set_weights(&tensors).map_err(|source| WeightsFileError::Weights { path: path.to_owned(), source })
    }
}

fn content(path: &Path, reason: impl core::fmt::Display) -> WeightsFileError {
    WeightsFileError::Content { path: path.to_owned(), reason: reason.to_string() }
}

fn npz(path: &Path, tensors: &[Tensor<'_>]) -> Result<Vec<u8>, WeightsFileError> {
    let array = |tensor: &Tensor<'_>| Array::new(tensor.shape.clone(), Values::F32(tensor.values.to_vec()));
    let arrays: Result<Vec<_>, _> = tensors.iter().map(array).collect();
    let arrays = arrays.map_err(|error| content(path, error))?;
    let named = tensors.iter().map(|tensor| tensor.name.as_str()).zip(&arrays);
    npy::npz_bytes(named).map_err(|error| content(path, error))
}

fn from_npz(path: &Path) -> Result<Vec<Stored>, WeightsFileError> {
    let stored = |(name, array): (String, Array)| Stored {
        name,
        shape: array.shape().to_vec(),
        values: array.values().to_f32(),
    };
    Ok(npy::read_npz(path)?.into_iter().map(stored).collect())
}

fn safetensors(path: &Path, tensors: &[Tensor<'_>]) -> Result<Vec<u8>, WeightsFileError> {
    let views = tensors
        .iter()
        .map(|Tensor { name, shape, values, .. }| Ok((name.clone(), safetensor::of_floats(shape.clone(), values)?)));
    let views: Result<Vec<_>, SafeTensorError> = views.collect();
    views.and_then(|views| safetensors::serialize(views, None)).map_err(|error| content(path, error))
}

fn from_safetensors(path: &Path) -> Result<Vec<Stored>, WeightsFileError> {
    let bytes = fs::read(path).map_err(|source| WeightsFileError::Read { path: path.to_owned(), source })?;
    let file = SafeTensors::deserialize(&bytes).map_err(|error| content(path, error))?;
    let stored = |(name, view): (&str, TensorView<'_>)| match safetensor::floats(&view) {
        Some(values) => Ok(Stored { name: name.to_owned(), shape: view.shape().to_vec(), values }),
        None => Err(content(path, format!("{name} is of type {:?}, it must be F32", view.dtype()))),
    };
    file.iter().map(stored).collect()
}
