//! Models: layers with their weights, what they are trained for, and their file.

mod aligned;
mod describe;
mod file;
mod layer;
mod network;
mod sequential;
mod summary;

pub use aligned::AlignedBytes;
pub use describe::configuration;
pub use file::{BytesError, FileError, UnsupportedLayer, check_writable, checksum, write_whole};
pub use layer::{DenseLayer, ModelLayer};
pub use network::{Model, PredictError};
pub use sequential::{BuildError, Sequential};
pub use summary::{Summary, SummaryRow};
