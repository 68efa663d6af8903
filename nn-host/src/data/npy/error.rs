//! Why a file of NumPy's cannot be used.

use std::io;
use std::path::PathBuf;

use crate::data::DatasetError;

/// Why a file of NumPy's cannot be used, and which.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {fault}", file.display(), member.as_ref().map(|name| format!(", array {name}")).unwrap_or_default())]
pub struct NpyError {
    file: PathBuf,
    /// The array of an archive.
    member: Option<String>,
    fault: Box<NpyFault>,
}

impl NpyError {
    pub(super) fn new(file: impl Into<PathBuf>, member: Option<&str>, fault: impl Into<NpyFault>) -> Self {
        Self { file: file.into(), member: member.map(str::to_owned), fault: Box::new(fault.into()) }
    }

    /// What is wrong.
    #[must_use]
    pub fn fault(&self) -> &NpyFault {
        &self.fault
    }
}

/// What is wrong with a file of NumPy's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NpyFault {
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is no zip archive.
    #[error("the archive cannot be read: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// It starts with something else.
    #[error("an array starts with \\x93NUMPY, this does not")]
    Magic,
    /// A version that NumPy did not have when this was written.
    #[error("version {0} of the format is not known, there are 1 to 3")]
    Version(u8),
    /// A header that is no Python dictionary of the right keys, or is far too long.
    #[error("the header is malformed")]
    Header,
    /// Values of a type that is not read.
    #[error("values of type {0:?} are not read; there are bool, u1, i4, i8, f4 and f8 of either byte order")]
    Dtype(String),
    /// A shape whose size cannot be counted.
    #[error("an array of shape {0:?} is too large")]
    Size(Vec<usize>),
    /// More bytes than a compressed file may become.
    #[error("the array has {found} bytes, from an archive at most {most} are read")]
    TooLarge {
        /// The most.
        most: u64,
        /// Bytes of the array.
        found: u64,
    },
    /// More or fewer values than the header says.
    #[error("the header asks for {expected} bytes of values, the file has {found}")]
    Length {
        /// Bytes that the header asks for.
        expected: u64,
        /// Bytes that follow it.
        found: u64,
    },
    /// A boolean that is neither.
    #[error("value {index} is {found}, a boolean is 0 or 1")]
    Bool {
        /// Position in the file, from 0.
        index: usize,
        /// The byte.
        found: u8,
    },
    /// An array that is not in the archive.
    #[error("there is no array {name:?}{hint}")]
    NoArray {
        /// Its name.
        name: &'static str,
        /// What there is.
        hint: String,
    },
    /// An array that cannot be samples or targets.
    #[error("{what} must have {expected}, its shape is {found:?}")]
    Shape {
        /// Samples or targets.
        what: &'static str,
        /// What is needed.
        expected: &'static str,
        /// The shape.
        found: Vec<usize>,
    },
    /// A label that is no class.
    #[error("the label of sample {sample} is {found}, classes are whole numbers from 0 to {most}")]
    Label {
        /// Which sample, from 0.
        sample: usize,
        /// The label.
        found: String,
        /// The largest class.
        most: u32,
    },
    /// Samples and targets that do not go together.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}
