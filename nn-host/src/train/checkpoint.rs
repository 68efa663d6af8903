//! Checkpoints: all that a training needs to go on with the same bits, in one file, which Python reads, too
//! (safetensors); beside it the last and the best model.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use crate::callback::{Monitor, State, StateError};
use crate::model::{FileError, Model, hexadecimal, safetensor, write_whole};

/// The name of the file with the state of a training.
const STATE: &str = "training.safetensors";

/// Where a training is saved after each epoch, and whether it goes on from there.
///
/// ```no_run
/// # use nn_host::prelude::*;
/// # let data = data::mnist()?.train;
/// # let mut model = Sequential::new(784).dense(10, Softmax).compile(CategoricalCrossentropy, Adam::default(), [Accuracy])?;
/// use nn_host::train::Checkpoint;
/// // Killed at any moment and run again, it ends with the same bits.
/// let checkpoint = Some(Checkpoint::new("run-1").resuming());
/// model.fit(&data, FitOptions { epochs: 100, checkpoint, ..Default::default() })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    folder: PathBuf,
    is_resumed: bool,
    monitor: Monitor,
}

/// Why a training cannot be saved or taken up again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The folder or file cannot be read or written.
    #[error("{}: {reason}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// There is a training already.
    #[error("{} has a training; take it up again, or remove it to start anew", folder.display())]
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// It is a checkpoint of another training.
    #[error("{} is of another training: the {what} differs", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// Data or configuration.
        what: &'static str,
    },
    /// It is no checkpoint of such a training.
    #[error("{}: {source}", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What is missing.
        source: StateError,
    },
}

/// What tells a training from others: its key in a checkpoint, and what it is in words.
const IDENTITY: [(&str, &str); 2] = [("configuration_sha256", "configuration"), ("data_sha256", "data")];

impl Checkpoint {
    /// Saves to this folder, which is made if it is not there; one with a training is refused.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), is_resumed: false, monitor: Monitor::default() }
    }

    /// Goes on from the training in the folder, if there is one.
    #[must_use]
    pub fn resuming(self) -> Self {
        Self { is_resumed: true, ..self }
    }

    /// Sets what the best model is the best in, instead of `val_loss`.
    #[must_use]
    pub fn monitor(self, monitor: Monitor) -> Self {
        Self { monitor, ..self }
    }

    /// What the best model is the best in.
    pub(super) const fn best(&self) -> &Monitor {
        &self.monitor
    }

    /// The state to go on from, if there is one.
    pub(super) fn open(&self, model: &Model) -> Result<Option<State>, CheckpointError> {
        let path = self.folder.join(STATE);
        fs::create_dir_all(&self.folder).map_err(|error| in_file(&self.folder, &error))?;
        match fs::read(&path) {
            Ok(_) if !self.is_resumed => Err(CheckpointError::Exists { folder: self.folder.clone() }),
            Ok(bytes) => read(&path, &bytes, &identity(model)).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(in_file(&path, &error)),
        }
    }

    /// Writes the state, whole or not at all, and then the models.
    pub(super) fn write(&self, state: &State, model: &Model, is_best: bool) -> Result<(), CheckpointError> {
        let path = self.folder.join(STATE);
        write_whole(&path, &bytes(&path, state, identity(model))?).map_err(|error| of_model(&path, &error))?;
        for (name, _) in [("last.nn", true), ("best.nn", is_best)].into_iter().filter(|(_, is_due)| *is_due) {
            let path = self.folder.join(name);
            model.save(&path).map_err(|error| of_model(&path, &error))?;
        }
        Ok(())
    }

    /// An error of a state that lacks something.
    pub(super) fn lacking(&self, source: StateError) -> CheckpointError {
        CheckpointError::State { path: self.folder.join(STATE), source }
    }
}

fn in_file(path: &Path, error: &dyn core::fmt::Display) -> CheckpointError {
    CheckpointError::File { path: path.to_owned(), reason: error.to_string() }
}

fn of_model(path: &Path, error: &FileError) -> CheckpointError {
    let reason = core::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    CheckpointError::File { path: path.to_owned(), reason }
}

/// What tells this training from others.
fn identity(model: &Model) -> HashMap<String, String> {
    let hashes = [model.configuration_sha256, model.data_sha256];
    IDENTITY.iter().zip(hashes).map(|((key, _), hash)| ((*key).to_owned(), hexadecimal(&hash))).collect()
}

/// The bytes of a state as a safetensors file.
fn bytes(path: &Path, state: &State, identity: HashMap<String, String>) -> Result<Vec<u8>, CheckpointError> {
    let wrong = |error| in_file(path, &error);
    let tensors = state.tensors.iter().map(|(name, values)| {
        let view = safetensor::of_floats(vec![values.len()], values);
        view.map(|view| (name.clone(), view)).map_err(wrong)
    });
    let counts = state.counts.iter().map(|(name, count)| {
        let view = TensorView::new(Dtype::U32, Vec::new(), bytemuck::bytes_of(count));
        view.map(|view| (name.clone(), view)).map_err(wrong)
    });
    let views = tensors.chain(counts).collect::<Result<Vec<_>, _>>()?;
    safetensors::serialize(views, Some(identity)).map_err(|error| in_file(path, &error))
}

/// The state in a safetensors file of this training.
fn read(path: &Path, bytes: &[u8], identity: &HashMap<String, String>) -> Result<State, CheckpointError> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| in_file(path, &error))?;
    let found = header.metadata().clone().unwrap_or_default();
    if let Some(&(_, what)) = IDENTITY.iter().find(|(key, _)| found.get(*key) != identity.get(*key)) {
        return Err(CheckpointError::Other { path: path.to_owned(), what });
    }
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| in_file(path, &error))?;
    let mut state = State::default();
    for (name, view) in tensors.iter() {
        match (view.dtype(), safetensor::floats(&view)) {
            (_, Some(values)) => drop(state.tensors.insert(name.to_owned(), values)),
            (Dtype::U32, _) => {
                let counts = view.data().as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes));
                state.counts.extend(counts.map(|count| (name.to_owned(), count)));
            }
            (other, None) => return Err(in_file(path, &format!("{name} is of type {other:?}, it must be F32 or U32"))),
        }
    }
    Ok(state)
}
