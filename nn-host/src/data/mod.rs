//! Data sets: raw features, one sample a column, with their targets.

mod dataset;
mod error;
mod idx;
mod mnist;

pub use dataset::{Dataset, Features, Split, Targets};
pub use error::DatasetError;
pub use idx::{IdxError, read_idx};
pub use mnist::mnist;
