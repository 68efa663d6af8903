//! Models: layers with their weights, what they are trained for, and their file.

mod aligned;
mod describe;
mod file;
mod network;
mod records;
mod sequential;
mod summary;
mod weights;

pub use aligned::AlignedBytes;
pub(crate) use describe::configuration;
pub use file::{FileError, check_writable, checksum, write_whole};
pub use network::{Model, PredictError};
pub use sequential::{BuildError, Sequential};
pub use summary::{Summary, SummaryRow};
pub use weights::WeightsError;
