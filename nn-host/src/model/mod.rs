//! Models: layers with their weights, what they are trained for, and their file.

mod aligned;
mod describe;
mod error;
mod file;
mod fit_of_data;
mod hexadecimal;
mod network;
mod records;
pub(crate) mod safetensor;
mod sequential;
mod summary;
mod weights;
mod weights_file;

pub use aligned::AlignedBytes;
pub(crate) use describe::configuration;
pub use error::PredictError;
pub use file::{BytesError, FileError, check_writable, checksum, write_whole};
pub use hexadecimal::hexadecimal;
pub use network::Model;
pub use sequential::{BuildError, Sequential};
pub use summary::{Summary, SummaryRow};
pub use weights::WeightsError;
pub use weights_file::WeightsFileError;
