//! Data sets: raw features, one sample a column, with their targets.

mod dataset;
mod idx;
mod mnist;

pub use dataset::{Dataset, DatasetError, Features, Split, Targets};
pub use idx::{IdxError, read_idx};
pub use mnist::mnist;
