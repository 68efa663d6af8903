//! Models as files: written whole or not at all, checked when read.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nn_core::format::{self, Encoding, FormatError, HEADER_SIZE, MAGIC, Receipt, Record, TestVector, Writer};
use nn_core::loss::{AnyLoss, MeanSquaredError};
use nn_core::optimizer::Adam;
use nn_core::random::{Purpose, Stream};

use tempfile::NamedTempFile;

use super::{AlignedBytes, Model, records};
use crate::data::{EntryError, Preprocessing};
use crate::metric::Accuracy;

/// The program that a receipt names.
const TOOL: &str = concat!("nn ", env!("CARGO_PKG_VERSION"));

/// Why a model cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not a model.
    #[error("{} is not a model file that can be used", path.display())]
    Format {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: FormatError,
    },
    /// What the file says of tables does not go together.
    #[error("{}: {source}", path.display())]
    Table {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: EntryError,
    },
    /// The weights cannot be written.
    #[error("the model cannot be written as a file")]
    Encode(#[from] FormatError),
}

/// Why bytes are not a model that can be used here.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BytesError {
    /// They are no model file.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// What they say of tables does not go together.
    #[error(transparent)]
    Table(#[from] EntryError),
}

impl Model {
    /// Reads a model file.
    ///
    /// # Errors
    /// [`FileError`] if the file cannot be read or is not a model.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let bytes = read(path)?;
        Self::from_bytes(bytes.as_bytes()).map_err(|error| match error {
            BytesError::Format(source) => FileError::Format { path: path.to_owned(), source },
            BytesError::Table(source) => FileError::Table { path: path.to_owned(), source },
        })
    }

    /// The model of a model file's bytes.
    ///
    /// # Errors
    /// [`BytesError`] if they are not a model file, or what they say does not go together.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        let file = format::Model::parse(bytes)?;
        let labels: Vec<String> = file.labels().map(str::to_owned).collect();
        let preprocessing = Preprocessing::from_entries(file.table(), &labels, file.outputs() as usize)?;
        let receipt = file.receipt();
        Ok(Self {
            layers: records::read(file.inputs() as usize, file.layers()),
            loss: file.loss().unwrap_or(AnyLoss::MeanSquaredError(MeanSquaredError)),
            optimizer: Adam::default().into(),
            metrics: if labels.is_empty() { Vec::new() } else { vec![Accuracy.into()] },
            seed: receipt.map_or(0, |receipt| receipt.seed),
            scaling: file.scaling(),
            labels,
            preprocessing: preprocessing.map(Arc::new),
            epochs: receipt.map_or(0, |receipt| receipt.epochs),
            data_sha256: receipt.map_or([0; 32], |receipt| receipt.data_sha256),
            configuration_sha256: receipt.map_or([0; 32], |receipt| receipt.configuration_sha256),
        })
    }

    /// Writes the model file: to a temporary sibling, which then takes the file's place.
    ///
    /// # Errors
    /// [`FileError`] if it cannot be written, or the weights are not finite.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        let bytes = self.to_bytes()?;
        write_whole(path.as_ref(), bytes.as_bytes())
    }

    /// The bytes of the model file.
    ///
    /// # Errors
    /// [`FormatError`] if the weights are not finite or the file would be too large.
    pub fn to_bytes(&self) -> Result<AlignedBytes, FormatError> {
        let tensors: usize = records::Layers::of(&self.layers)?.tensors.iter().map(|tensor| tensor.len() + 64).sum();
        let labels: usize = self.labels.iter().map(|label| label.len() + 16).sum();
        let vector = size_of::<f32>() * (self.inputs() + self.outputs());
        let table = self.preprocessing.as_ref().map_or(0, |preprocessing| preprocessing.entry_bytes());
        // Twice the records, because the writer makes each payload in the free half.
        let capacity = tensors + 2 * (labels + table + vector + 64 * usize::from(self.layers.count()) + 1024);
        let mut buffer = AlignedBytes::zeros(capacity);
        let length = self.write_records(buffer.as_mut_bytes())?;
        let file = AlignedBytes::copy_of(buffer.as_bytes().get(..length).unwrap_or_default());
        format::Model::parse(file.as_bytes())?;
        Ok(file)
    }

    /// Writes the file into a buffer and returns its length.
    fn write_records(&self, buffer: &mut [u8]) -> Result<usize, FormatError> {
        let layers = records::Layers::of(&self.layers)?;
        let mut writer = Writer::new(buffer);
        layers.records.iter().try_for_each(|record| writer.record(record))?;
        writer.record(&Record::Scaling(self.scaling))?;
        writer.record(&Record::Loss(self.loss))?;
        for label in &self.labels {
            writer.record(&Record::Label(label))?;
        }
        if let Some(preprocessing) = &self.preprocessing {
            preprocessing.try_each_entry(|entry| writer.record(&Record::Table(entry)))?;
        }
        writer.record(&Record::Receipt(Receipt {
            seed: self.seed,
            epochs: self.epochs,
            data_sha256: self.data_sha256,
            configuration_sha256: self.configuration_sha256,
            tool: TOOL,
        }))?;
        let (input, output) = self.test_vector();
        writer.record(&Record::TestVector(TestVector { input: &input, output: &output }))?;
        let mut tensors = writer.tensors()?;
        layers.tensors.iter().try_for_each(|tensor| tensors.bytes(tensor))?;
        Ok(tensors.finish()?.len())
    }

    /// A random input with the model's output, so that a chip can check itself. It is no sample of any data set.
    fn test_vector(&self) -> (Vec<u8>, Vec<u8>) {
        let mut stream = Stream::new(self.seed, Purpose::TestVector, 0, 0);
        let input: Vec<u8> = match self.scaling.encoding {
            Encoding::U8 => (0..self.inputs()).map(|_| stream.word().to_le_bytes()[0]).collect(),
            Encoding::F32 => (0..self.inputs()).flat_map(|_| stream.uniform().to_le_bytes()).collect(),
        };
        let output = self.predict_raw(&input).unwrap_or_default();
        (input, output.iter().flat_map(|a| a.to_le_bytes()).collect())
    }
}

/// The checksum in a model file's header, which tells files apart and which a device reports.
///
/// # Errors
/// [`FileError`] if the file cannot be read or is not a model.
pub fn checksum(path: &Path) -> Result<u32, FileError> {
    let bytes = read(path)?;
    let model = format::Model::parse(bytes.as_bytes());
    model.map(|model| model.checksum()).map_err(|source| FileError::Format { path: path.to_owned(), source })
}

/// Reads a file to where floats can be read in place.
fn read(path: &Path) -> Result<AlignedBytes, FileError> {
    let in_file = |source| FileError::Read { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(in_file)?;
    let mut start = Vec::with_capacity(HEADER_SIZE);
    (&mut file).take(HEADER_SIZE as u64).read_to_end(&mut start).map_err(in_file)?;
    // What does not start like a model is not read to its end, which may never come.
    if start.get(..MAGIC.len()) != Some(&MAGIC) {
        return Ok(AlignedBytes::copy_of(&start));
    }
    // One byte more than the header's length can say shows that the file is longer.
    file.take(u64::from(u32::MAX)).read_to_end(&mut start).map_err(in_file)?;
    Ok(AlignedBytes::copy_of(&start))
}

/// Writes a file whole or not at all: to a temporary sibling, synced, renamed, the folder synced. A symbolic link stays
/// one, its target is written.
///
/// # Errors
/// [`FileError::Write`] if it cannot be written; what was there before is then still there.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let to_file = |source| FileError::Write { path: path.to_owned(), source };
    let (mut sibling, target) = sibling_of(path).map_err(to_file)?;
    sibling.write_all(bytes).map_err(to_file)?;
    sibling.as_file().sync_all().map_err(to_file)?;
    sibling.persist(&target).map_err(|error| to_file(error.error))?;
    #[cfg(unix)]
    File::open(folder_of(&target)).and_then(|folder| folder.sync_all()).map_err(to_file)?;
    Ok(())
}

/// Checks that a file could be written there, before much work is put into what it is to hold.
///
/// # Errors
/// [`FileError::Write`] if it could not be written.
pub fn check_writable(path: &Path) -> Result<(), FileError> {
    sibling_of(path).map(drop).map_err(|source| FileError::Write { path: path.to_owned(), source })
}

/// A temporary file beside the one to be written, with its permissions, and what it is to replace.
fn sibling_of(path: &Path) -> io::Result<(NamedTempFile, PathBuf)> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let before = target.metadata().ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "there is something that is not a file"));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nn-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less the umask
    let sibling = builder.tempfile_in(folder_of(&target))?;
    if let Some(before) = before {
        sibling.as_file().set_permissions(before.permissions())?;
    }
    Ok((sibling, target))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
